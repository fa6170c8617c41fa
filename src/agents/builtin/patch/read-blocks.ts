/** Reads the blocks within a deadline, because Markdown can be written so that parsing takes minutes: a long text in a thread that is ended then. */
import { Worker } from 'node:worker_threads'
import { readBlocks, type Reading } from './blocks.ts'

/** An honest body of 65,536 characters takes under 0.5 s on a slow core. */
const DEADLINE_MILLISECONDS = 8_000

/** In characters. The worst text of this length that we know takes 0.15 s; a thread takes 0.1 s to start. */
const SHORT = 2_048

/** Null: it could not be read in time. Rejects when `signal` aborts. */
export async function readBlocksInTime(
  text: string,
  signal: AbortSignal,
  milliseconds = DEADLINE_MILLISECONDS,
): Promise<Reading | null> {
  signal.throwIfAborted()
  if (text.length <= SHORT) return readBlocks(text)
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
