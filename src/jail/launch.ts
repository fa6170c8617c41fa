/** Starts one program with nothing inherited but what is given, and never lets its streams throw into our process. */
import { spawn, type ChildProcess } from 'node:child_process'
import { PassThrough, pipeline, Readable, type Writable } from 'node:stream'
import { WorldFault } from '../ports/fault.ts'
import type { JailExit } from '../ports/jail.ts'

export interface Launch {
  readonly program: string
  readonly args: readonly string[]
  readonly cwd: string
  readonly env: Readonly<Record<string, string>>
  /** Opens file descriptor 3 for the program to write to. */
  readonly report: boolean
}

export interface Launched {
  readonly pid: number
  readonly stdin: Writable
  readonly stdout: Readable
  readonly stderr: Readable
  readonly report: Readable | null
  readonly exited: Promise<JailExit>
}

/** Throws a `WorldFault` of kind `local` when the machine cannot start another process. */
export type Launcher = (wanted: Launch) => Promise<Launched>

/** From this very process. */
export async function launchHere({ program, args, cwd, env, report }: Launch): Promise<Launched> {
  const child = spawn(program, args, {
    cwd,
    env,
    // A group of its own: a Ctrl-C in our terminal reaches us, and we end the jails in order.
    detached: true,
    stdio: report ? ['pipe', 'pipe', 'pipe', 'pipe'] : ['pipe', 'pipe', 'pipe'],
  })
  const exited = new Promise<JailExit>((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal }))
  })
  for (const stream of child.stdio) stream?.on('error', ignore)
  const { stdin, stdout, stderr } = child
  if (stdin === null || stdout === null || stderr === null) throw new Error('all three are pipes')
  const extra = child.stdio[3]
  const kept = {
    stdout: keep(stdout),
    stderr: keep(stderr),
    report: extra instanceof Readable ? keep(extra) : null,
  }
  const pid = await started(child)
  return { pid, stdin, ...kept, exited }
}

/** A program that ends without reading its input raises EPIPE here, which without a listener ends our process. */
export const ignore = (): void => {}

/**
 * Node throws away what nobody has begun to read by the time a child exits, and our caller begins only after it has
 * been written down: without this a program that ends at once (127, "not found") ends without a word.
 */
export function keep(stream: Readable): Readable {
  const kept = new PassThrough()
  // Ends both ways: a pipe that breaks ends what is read, and what is destroyed closes the pipe.
  pipeline(stream, kept, ignore)
  return kept.on('error', ignore)
}

async function started(child: ChildProcess): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve)
    child.on('error', (cause) => reject(notStarted(cause)))
  })
  if (child.pid === undefined) throw new Error('a process that has started has a pid')
  return child.pid
}

export function notStarted(cause: unknown): WorldFault {
  const words = cause instanceof Error ? cause.message : String(cause)
  return new WorldFault(`a process could not be started: ${words}`, {
    kind: 'local',
    applied: 'no',
    operation: 'start a process',
    cause,
  })
}
