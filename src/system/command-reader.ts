/**
 * A thread that reads commands, within a deadline; what misses it twice is refused. The thread stays between comments,
 * because one takes 0.1 s to start, and keeps no process alive.
 */
import { Worker } from 'node:worker_threads'
import { refusal, screen } from '../commands/screen.ts'
import type { CommandReading } from '../domain/command.ts'
import type { CommandReader } from '../ports/command-reader.ts'
import type { Comment, Said } from './command-thread.ts'

/** Honest comments take 1 ms, the slowest of 2 KiB that we know 200 ms. */
const DEADLINE_MILLISECONDS = 250
/** A thread that is not there by then never will be. */
const START_MILLISECONDS = 30_000
/** The second time in a thread of its own, because a busy machine misses a deadline, too. */
const TRIES = 2

const UNREADABLE = refusal({ kind: 'unreadable', line: 1 })

export function openCommandReader(milliseconds = DEADLINE_MILLISECONDS): CommandReader {
  let thread: Promise<Worker> | null = null
  let turn: Promise<unknown> = Promise.resolve()

  async function inThread(comment: Comment): Promise<CommandReading | null> {
    for (let left = TRIES; left > 0; left -= 1) {
      thread ??= start()
      const worker = await thread
      const said = await ask(worker, comment, milliseconds)
      if (said !== null) return said.reading
      thread = null
      await worker.terminate()
    }
    return UNREADABLE
  }

  return {
    read(body, listening) {
      const screened = screen(body, listening)
      if (screened.kind === 'nothing') return Promise.resolve(null)
      if (screened.kind === 'refused') return Promise.resolve(screened.reading)
      const reading = turn.then(() => inThread({ body, listening }))
      turn = reading.catch(() => {
        thread = null
      })
      return reading
    },
    async close() {
      await turn
      await (await thread)?.terminate()
      thread = null
    },
  }
}

function start(): Promise<Worker> {
  const worker = new Worker(new URL('./command-thread.ts', import.meta.url), {
    env: {},
    resourceLimits: { maxOldGenerationSizeMb: 128 },
  })
  worker.unref()
  const { promise, resolve, reject } = Promise.withResolvers<Worker>()
  const timer = setTimeout(
    () => reject(new Error('the thread that reads commands did not start')),
    START_MILLISECONDS,
  )
  worker.once('message', () => resolve(worker))
  worker.once('error', reject)
  return promise.finally(() => {
    clearTimeout(timer)
    worker.off('error', reject)
  })
}

/** Null: no answer in time. Rejects with what the parser threw, which is our own fault. */
async function ask(
  worker: Worker,
  comment: Comment,
  milliseconds: number,
): Promise<Exclude<Said, 'ready'> | null> {
  const { promise, resolve, reject } = Promise.withResolvers<Exclude<Said, 'ready'> | null>()
  const answered = (said: Exclude<Said, 'ready'>): void => resolve(said)
  // Out of stack or of memory: as unreadable as too slow.
  const died = (error: Error): void =>
    error instanceof RangeError || 'code' in error ? resolve(null) : reject(error)
  const timer = setTimeout(() => resolve(null), milliseconds)
  worker.once('message', answered).once('error', died)
  worker.postMessage(comment)
  try {
    return await promise
  } finally {
    clearTimeout(timer)
    worker.off('message', answered).off('error', died)
  }
}
