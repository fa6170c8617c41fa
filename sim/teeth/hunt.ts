/**
 * Plays histories, one process, until the first that fails: the ones that are told by their seeds, then those of a run.
 * Prints which, or null.
 */
import { makeHistory } from '../history.ts'
import { play } from '../play.ts'
import { seedOf } from '../random.ts'

const [run, runs, ...first] = process.argv.slice(2).map(Number)

function* histories(): Generator<number> {
  yield* first
  for (let n = 0; n < (runs ?? 0); n += 1) yield seedOf(run ?? 1, n)
}

async function hunt(): Promise<{ n: number; history: number; violation: string } | null> {
  let n = 0
  for (const history of histories()) {
    n += 1
    const { violations } = await play(makeHistory(history)).catch((error: unknown) => ({
      violations: [`it threw: ${error instanceof Error ? error.message : String(error)}`],
    }))
    const [violation] = violations
    if (violation !== undefined) return { n, history, violation: violation.split('\n')[0] ?? '' }
  }
  return null
}

console.log(JSON.stringify(await hunt()))
