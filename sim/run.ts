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

export async function runHistories(run: Run): Promise<Ran> {
  const every = run.workers ?? availableParallelism()
  const began = performance.now()
  const failed: News['failed'][number][] = []
  let played = 0
  let events = 0
  const workers = Array.from({ length: every }, (_, from) => {
    const workerData: Share = { run: run.seed, from, to: run.runs, every }
    return new Worker(new URL('./worker.ts', import.meta.url), { workerData })
  })
  await Promise.all(
    workers.map(
      (worker) =>
        new Promise<void>((resolve, reject) => {
          worker.on('message', (news: News) => {
            played += news.played
            events += news.events
            failed.push(...news.failed)
            run.onProgress?.(played, failed.length)
            if (failed.length >= run.enough) for (const each of workers) void each.terminate()
          })
          worker.on('error', reject)
          worker.on('exit', () => resolve())
        }),
    ),
  )
  const seconds = (performance.now() - began) / 1000
  return { played, events, seconds, failed: failed.toSorted((a, b) => a.n - b.n) }
}
