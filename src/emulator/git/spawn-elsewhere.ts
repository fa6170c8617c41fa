// Starts programs from a small process: starting one copies the page tables of whoever starts it, 15 ms of a processor
// for a process of 400 MB (measured) and 1 ms for a small one, and a story of the emulator calls git some twenty times.
import { fork, type ChildProcess } from 'node:child_process'
import { fileURLToPath } from 'node:url'

export type Wanted = {
  readonly dir: string
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string>>
  readonly input: string | Buffer | undefined
}

export type Ran = { readonly code: number; readonly stdout: Buffer; readonly stderr: Buffer }

export type Request = { readonly id: number; readonly wanted: Wanted }
export type Answer = { readonly id: number } & ({ readonly ran: Ran } | { readonly error: string })

type Waiting = { resolve(ran: Ran): void; reject(error: Error): void }

const ENTRY = fileURLToPath(new URL('./git-process.ts', import.meta.url))
const waiting = new Map<number, Waiting>()
let child: ChildProcess | null = null
let asked = 0

export async function spawnElsewhere(wanted: Wanted): Promise<Ran> {
  const running = (child ??= start())
  const id = ++asked
  return new Promise<Ran>((resolve, reject) => {
    waiting.set(id, { resolve, reject })
    hold(running)
    running.send({ id, wanted } satisfies Request, (error) => {
      if (error !== null) settle(running, id)?.reject(error)
    })
  })
}

function start(): ChildProcess {
  const started = fork(ENTRY, [], { env: {}, execArgv: [], serialization: 'advanced' })
  const gone = (why: string): void => {
    if (child !== started) return
    child = null
    for (const id of waiting.keys()) settle(started, id)?.reject(new Error(`git: ${why}`))
  }
  started.once('error', (error) => gone(error.message))
  started.once('exit', (code, signal) =>
    gone(`the process that runs it ended with ${code ?? signal}`),
  )
  started.on('message', (answer: Answer) => {
    const one = settle(started, answer.id)
    if ('error' in answer) one?.reject(new Error(answer.error))
    else one?.resolve(answer.ran)
  })
  started.unref()
  return started
}

function settle(running: ChildProcess, id: number): Waiting | undefined {
  const one = waiting.get(id)
  waiting.delete(id)
  hold(running)
  return one
}

/** It keeps us alive while something is asked of it, and no longer; it ends by itself when we do. */
function hold(running: ChildProcess): void {
  if (waiting.size > 0) running.channel?.ref()
  else running.channel?.unref()
}
