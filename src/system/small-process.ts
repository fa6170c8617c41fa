/**
 * The small process. Starting a program copies the page tables of the process that starts it: 19 ms of a standstill
 * for one of 300 MB (measured; several times that on a busy machine), 1 ms for a small one. So trusted git is called
 * and jails are started from there.
 */
import { fork, type ChildProcess } from 'node:child_process'
import type { Ears, SmallProcess } from '../ports/small-process.ts'

export interface OpenSmallProcess {
  readonly process: SmallProcess
  /** Ends it once nothing is under way. */
  readonly close: () => Promise<void>
}

/** What goes over the line: which room is meant, and its message. */
export interface Envelope {
  readonly room: string
  readonly message: unknown
}

/** `entry`: the program of the process. It is started at once, while this process is still small; anew when it has died. */
export function openSmallProcess(entry: string): OpenSmallProcess {
  const rooms = new Map<string, Ears<unknown, unknown>>()
  let child: ChildProcess | null = null

  function start(): ChildProcess {
    // No environment, no arguments, no debugging flags of ours: what it needs comes in messages.
    const started = fork(entry, [], { env: {}, execArgv: [], serialization: 'advanced' })
    const gone = (why: string): void => {
      if (child === started) child = null
      for (const ears of rooms.values()) ears.gone(why)
    }
    started.once('error', (error) => gone(error.message))
    started.once('exit', (code, signal) => gone(`it ended with ${code ?? signal}`))
    started.on('message', ({ room, message }: Envelope) => rooms.get(room)?.hear(message))
    for (const [room, { greeting }] of rooms)
      if (greeting !== null) send(started, { room, message: greeting })
    return started
  }

  child = start()
  return {
    process: {
      room<To, From>(name: string, ears: Ears<To, From>) {
        rooms.set(name, ears as Ears<unknown, unknown>)
        if (child !== null && ears.greeting !== null)
          send(child, { room: name, message: ears.greeting })
        return {
          tell: (message: To) => {
            child ??= start()
            send(child, { room: name, message })
          },
        }
      },
    },
    async close() {
      const ending = child
      child = null
      if (ending === null) return
      const exited = new Promise<void>((resolve) => ending.once('exit', () => resolve()))
      ending.disconnect()
      await exited
    },
  }
}

/** A process that has just gone cannot be told anything; its end answers for it. */
function send(to: ChildProcess, envelope: Envelope): void {
  to.send(envelope, () => {})
}
