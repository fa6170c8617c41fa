/** `node prove/outages.ts --changes=500 --seed=1`: down for an hour, three days, thirty days, while people go on. */
import { parseArgs } from 'node:util'
import { outage } from './outage/story.ts'

const { values } = parseArgs({
  options: { changes: { type: 'string', default: '500' }, seed: { type: 'string', default: '1' } },
})
const HOUR = 3_600_000
let wrong = 0
for (const [name, milliseconds] of [
  ['1 hour', HOUR],
  ['3 days', 72 * HOUR],
  ['30 days', 720 * HOUR],
] as const) {
  const given = { milliseconds, changes: Number(values.changes), seed: Number(values.seed) }
  const outcome = await outage(given)
  wrong += outcome.wrong.length
  console.log(
    `down for ${name}, ${given.changes} changes, seed ${given.seed}: ${outcome.wrong.length} missed or twice; ${outcome.failed} deliveries failed, ${outcome.redelivered} of them were delivered again, ${outcome.asked} requests for it`,
  )
  for (const sentence of outcome.wrong) console.log(`  ${sentence}`)
}
process.exit(wrong === 0 ? 0 : 1)
