/** Reads the blocks in a thread that is ended at a deadline, because Markdown can be written so that parsing takes minutes. */
import { Worker } from 'node:worker_threads'
import type { Reading } from './blocks.ts'

/** An honest body of 65,536 characters takes under 0.5 s on a slow core. */
const DEADLINE_MILLISECONDS = 8_000

/** Null: it could not be read in time. Rejects when `signal` aborts. */
export async function readBlocksInTime(
  text: string,
  signal: AbortSignal,
  milliseconds = DEADLINE_MILLISECONDS,
): Promise<Reading | null> {
  signal.throwIfAborted()
  const worker = new Worker(new URL('./blocks-worker.ts', import.meta.url), { workerData: text })
  const { promise, resolve, reject } = Promise.withResolvers<Reading | null>()
  const timer = setTimeout(() => resolve(null), milliseconds)
  const cancel = (): void => reject(new Error('cancelled'))
  signal.addEventListener('abort', cancel, { once: true })
  worker.once('message', (reading: Reading) => resolve(reading))
  // Out of memory or of stack: as unreadable as too slow.
  worker.once('error', () => resolve(null))
  try {
    return await promise
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', cancel)
    await worker.terminate()
  }
}
