/**
 * Group commit: while one write is under way, further items wait and go into the next one together.
 * A lone caller waits for nothing but the other requests that have arrived already.
 */
import { setImmediate as otherArrivals } from 'node:timers/promises'

/** Rows in one statement at most, so that one commit stays short. */
const MOST = 500

interface Waiting<T> {
  readonly items: readonly T[]
  resolve(): void
  reject(error: unknown): void
}

/**
 * `write` makes its items durable. When it rejects, each caller's items are written alone, so that
 * only the caller whose items are at fault hears of it; `alone` says which errors are worth that.
 */
export function groupCommit<T>(
  write: (items: readonly T[]) => Promise<void>,
  alone: (error: unknown) => boolean,
) {
  let waiting: Waiting<T>[] = []
  let running: Promise<void> | null = null

  async function run(): Promise<void> {
    while (waiting.length > 0) {
      // The embedded store works on this very thread: without this turn of the event loop the requests that came
      // while it wrote would be read one by one, each into a commit of its own. Measured with 16 connections.
      await otherArrivals()
      const batch = takeBatch()
      try {
        await write(batch.flatMap((entry) => entry.items))
        for (const entry of batch) entry.resolve()
      } catch (error) {
        if (batch.length > 1 && alone(error)) await writeAlone(batch)
        else for (const entry of batch) entry.reject(error)
      }
    }
    running = null
  }

  function takeBatch(): readonly Waiting<T>[] {
    let rows = 0
    const more = waiting.findIndex((entry, index) => {
      rows += entry.items.length
      return index > 0 && rows > MOST
    })
    const batch = more === -1 ? waiting : waiting.slice(0, more)
    waiting = more === -1 ? [] : waiting.slice(more)
    return batch
  }

  async function writeAlone(batch: readonly Waiting<T>[]): Promise<void> {
    for (const entry of batch) {
      try {
        await write(entry.items)
        entry.resolve()
      } catch (error) {
        entry.reject(error)
      }
    }
  }

  return {
    add: (items: readonly T[]): Promise<void> =>
      new Promise((resolve, reject) => {
        waiting.push({ items, resolve, reject })
        running ??= run()
      }),
    /** Resolves when nothing waits or is under way. */
    settled: async (): Promise<void> => {
      while (running !== null) await running
    },
  }
}
