/** Runs one program in the jail to its end: output kept in bounded memory, a limit kept, nothing of it left afterwards. */
import { finished } from 'node:stream/promises'
import { constants } from 'node:os'
import type { Readable } from 'node:stream'
import type { Jail, Jailed, JailSpec } from '../ports/jail.ts'
import { tailOf, type Tail } from './tail.ts'

export interface Ended {
  /** As a shell counts: 128 + n for a signal. Null: stopped, because `stop` came first. */
  readonly code: number | null
  readonly output: string
  /** Where it wanted to go and was not let. */
  readonly denied: readonly string[]
}

/** From asking a command to stop at its limit to killing it; enough for a test runner to remove its temporary files. */
const GRACE = 2000
/** After the tree is gone its pipes are closed; what is in them is read in no time. */
const DRAIN = 1000

export interface Course {
  readonly input: string
  /** Settles when the program must end, or milliseconds of real time after which it must. */
  readonly stop: Promise<unknown> | number
}

export async function runJailed(jail: Jail, spec: JailSpec, course: Course): Promise<Ended> {
  const limit = typeof course.stop === 'number' ? timer(course.stop) : { done: course.stop, clear }
  try {
    return await follow(await jail.start(spec), course.input, limit.done)
  } finally {
    limit.clear()
  }
}

async function follow(jailed: Jailed, input: string, stop: Promise<unknown>): Promise<Ended> {
  const tail = tailOf()
  jailed.stdin.end(input)
  const drained = Promise.all([drain(jailed.stdout, tail), drain(jailed.stderr, tail)])
  const first = await Promise.race([jailed.exited, stop.then(() => null)])
  await jailed.end(first === null ? GRACE : 0)
  const patience = timer(DRAIN)
  await Promise.race([drained, patience.done])
  patience.clear()
  for (const stream of [jailed.stdout, jailed.stderr]) stream.destroy()
  return {
    code: first === null ? null : codeOf(await jailed.exited),
    output: tail.text(),
    denied: jailed.denied(),
  }
}

async function drain(stream: Readable, tail: Tail): Promise<void> {
  stream.on('data', (chunk: Buffer) => {
    tail.push(chunk)
    free(chunk)
  })
  await finished(stream).catch(() => {})
}

/**
 * Gives a chunk's memory back at once instead of when the garbage collector comes by: a flood of 100 MB then costs
 * 8 MB instead of 57. Only a chunk that has its memory to itself; what a stream reads from a pipe has.
 */
function free(chunk: Buffer): void {
  const { buffer } = chunk
  if (buffer instanceof ArrayBuffer && buffer.byteLength === chunk.byteLength) buffer.transfer(0)
}

function codeOf({ code, signal }: Awaited<Jailed['exited']>): number {
  if (code !== null) return code
  const number = Object.entries(constants.signals).find(([name]) => name === signal)?.[1]
  return 128 + (number ?? 0)
}

interface Timer {
  readonly done: Promise<unknown>
  readonly clear: () => void
}

function timer(milliseconds: number): Timer {
  const { promise, resolve } = Promise.withResolvers<null>()
  const handle = setTimeout(resolve, milliseconds, null)
  return { done: promise, clear: () => clearTimeout(handle) }
}

const clear = (): void => {}
