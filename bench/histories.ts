/** How many simulated histories a second are played on all processors: it decides how many a change can afford. */
import { availableParallelism } from 'node:os'
import { runHistories } from '../sim/run.ts'
import type { Figure } from './figures.ts'

const SEED = 500
/** Enough that the start of the threads, and the first, slow ones, weigh little. */
const HISTORIES = 4_000

export async function measureHistories(): Promise<readonly Figure[]> {
  const { played, events, seconds, failed } = await runHistories({
    seed: SEED,
    runs: HISTORIES,
    enough: 1,
  })
  return [
    {
      name: 'simulated histories',
      value: played / seconds,
      unit: '/s',
      target: { atLeast: 500 },
      how: `${played} on ${availableParallelism()} threads, ${Math.round(events / played)} events each, ${failed.length} failed`,
    },
  ]
}
