/** Plays many histories, on as many threads as there are processors, until all are played or enough have failed. */
import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import type { News, Share } from './worker.ts'

export interface Run {
  readonly seed: number
  readonly runs: number
  /** Failures after which nothing more is played. */
  readonly enough: number
  readonly workers?: number
  readonly onProgress?: (played: number, failed: number) => void
}

export interface Ran {
  readonly played: number
  readonly events: number
  readonly seconds: number
  readonly failed: News['failed']
}

/** The violation of a history in which simulated time stands still while something goes round and round. */
export const HANGS = 'it hangs'
/** A history takes some milliseconds. Milliseconds. */
const HANGS_AFTER = 60_000
const NOT_BEGUN = -1

export async function runHistories(run: Run): Promise<Ran> {
  const every = run.workers ?? availableParallelism()
  const began = performance.now()
  const failed: News['failed'][number][] = []
  let played = 0
  let events = 0
  const over = new AbortController()
  const onNews = (news: News): void => {
    played += news.played
    events += news.events
    failed.push(...news.failed)
    run.onProgress?.(played, failed.length)
    if (failed.length >= run.enough) over.abort()
  }

  async function playShare(share: Share): Promise<void> {
    for (let { from } = share; from < share.to && !over.signal.aborted;) {
      const hung = await playUntilHung({ ...share, from }, onNews, over.signal)
      if (hung === null) return
      onNews({ played: 1, events: 0, failed: [{ n: hung, violations: [HANGS] }] })
      from = hung + every
    }
  }

  await Promise.all(
    Array.from({ length: every }, (_, from) =>
      playShare({ run: run.seed, from, to: run.runs, every, at: new SharedArrayBuffer(4) }),
    ),
  )
  const seconds = (performance.now() - began) / 1000
  return { played, events, seconds, failed: failed.toSorted((a, b) => a.n - b.n) }
}

/** The history at which the thread hung; null: it has ended. */
async function playUntilHung(
  share: Share,
  onNews: (news: News) => void,
  signal: AbortSignal,
): Promise<number | null> {
  const at = new Int32Array(share.at)
  Atomics.store(at, 0, NOT_BEGUN)
  const worker = new Worker(new URL('./worker.ts', import.meta.url), { workerData: share })
  let [hung, seen, since]: [number | null, number, number] = [null, NOT_BEGUN, 0]
  const watch = setInterval(() => {
    const n = Atomics.load(at, 0)
    if (n !== seen) [seen, since] = [n, performance.now()]
    if (n === NOT_BEGUN || performance.now() - since < HANGS_AFTER) return
    hung = n
    void worker.terminate()
  }, 1_000)
  const terminate = (): void => void worker.terminate()
  signal.addEventListener('abort', terminate)
  try {
    await new Promise<void>((resolve, reject) => {
      worker.on('message', onNews)
      worker.on('error', reject)
      worker.on('exit', () => resolve())
    })
    return hung
  } finally {
    clearInterval(watch)
    signal.removeEventListener('abort', terminate)
  }
}
