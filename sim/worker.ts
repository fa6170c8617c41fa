/** Plays a share of a run's histories and tells of each that fails. */
import { parentPort, workerData } from 'node:worker_threads'
import { makeHistory } from './history.ts'
import { play } from './play.ts'
import { seedOf } from './random.ts'

/** What a worker is asked: the histories `from`, `from + every`, … below `to` of the run with that seed. */
export interface Share {
  readonly run: number
  readonly from: number
  readonly to: number
  readonly every: number
  /** The number of the one that is played, told without words: whoever goes round and round says nothing. */
  readonly at: SharedArrayBuffer
}

export interface News {
  readonly played: number
  readonly events: number
  readonly failed: readonly { readonly n: number; readonly violations: readonly string[] }[]
}

/** Histories between two tellings. */
const BATCH = 50

const { run, from, to, every, at } = workerData as Share
const current = new Int32Array(at)
let played = 0
let events = 0
let failed: { n: number; violations: readonly string[] }[] = []

function tell(): void {
  parentPort?.postMessage({ played, events, failed } satisfies News)
  played = 0
  events = 0
  failed = []
}

for (let n = from; n < to; n += every) {
  Atomics.store(current, 0, n)
  const outcome = await play(makeHistory(seedOf(run, n))).catch((error: unknown) => ({
    violations: [
      `it threw: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
    ],
    events: 0,
  }))
  played += 1
  events += outcome.events
  if (outcome.violations.length > 0) failed.push({ n, violations: outcome.violations })
  if (played >= BATCH || failed.length > 0) tell()
}
tell()
