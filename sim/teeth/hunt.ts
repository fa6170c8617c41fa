/** Plays histories, one process, until the first that fails. Prints how many it took, or that none did. */
import { makeHistory } from '../history.ts'
import { play } from '../play.ts'
import { seedOf } from '../random.ts'

const [seed, runs] = process.argv.slice(2).map(Number)
let found: { n: number; violation: string } | null = null
for (let n = 0; n < (runs ?? 0) && found === null; n += 1) {
  const { violations } = await play(makeHistory(seedOf(seed ?? 1, n))).catch((error: unknown) => ({
    violations: [`it threw: ${error instanceof Error ? error.message : String(error)}`],
  }))
  const [violation] = violations
  if (violation !== undefined) found = { n: n + 1, violation: violation.split('\n')[0] ?? '' }
}
console.log(JSON.stringify(found))
