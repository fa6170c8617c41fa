/** Meets every failpoint once, or those whose name holds one of the arguments: `node prove/failpoints.ts [part of a name …]`. */
import { meet } from './crash/meet.ts'
import { POINTS } from './crash/points.ts'
import { openWorld } from './crash/world.ts'

const parts = process.argv.slice(2)
const world = await openWorld()
const lane = await world.lane()
let met = 0
let wrong = 0
for (const point of Object.values(POINTS).flat()) {
  if (parts.length > 0 && !parts.some((part) => point.point.includes(part))) continue
  const began = performance.now()
  const found = await meet(point, { world, lane }).catch((error: unknown) => [String(error)])
  met += 1
  if (found.length > 0) wrong += 1
  process.stdout.write(
    `${found.length === 0 ? 'ok' : 'WRONG'} ${point.point} ${Math.round(performance.now() - began)} ms\n${found.map((line) => `  ${line}\n`).join('')}`,
  )
}
process.stdout.write(`${met} points, ${wrong} wrong\n`)
await world.close()
process.exitCode = wrong === 0 ? 0 : 1
