/**
 * Lines on a program's standard streams ⇄ protocol messages, every quantity bounded. Session updates are taken out
 * here, in their order, and never reach the SDK: its own router checks them against one version's schema and prints
 * each that is newer to our stderr, and it gives no promise that the last update is seen before the turn's result.
 */
import type { AnyMessage, Stream } from '@agentclientprotocol/sdk'
import type { Readable, Writable } from 'node:stream'
import { BOUNDS } from '../bounds.ts'
import type { OutputMeter } from './output-meter.ts'

const UPDATE = 'session/update'
const CANCEL_REQUEST = '$/cancel_request'

export interface Ends {
  readonly stdin: Writable
  readonly stdout: Readable
}

export interface Taps {
  readonly meter: OutputMeter
  /** Raw parameters of `session/update`. */
  readonly onUpdate: (params: unknown) => void
}

export function openMessages(ends: Ends, taps: Taps): Stream {
  /** Ids of our requests that are not answered: an answer to anything else is noise that the SDK would print. */
  const asked = new Set<unknown>()
  // A dying program's pipe; the end of stdout and the exit tell the story.
  ends.stdin.on('error', () => {})

  return {
    readable: ReadableStream.from(read()),
    writable: new WritableStream<AnyMessage>({
      write: (message) => {
        if (!('method' in message)) taps.meter.request(-1)
        else if ('id' in message) asked.add(message.id)
        return writeLine(ends.stdin, message)
      },
    }),
  }

  async function* read(): AsyncGenerator<AnyMessage> {
    for await (const line of readLines(ends.stdout, taps.meter)) {
      const message = sift(line)
      if (message !== null) yield message
    }
  }

  function sift(line: string): AnyMessage | null {
    const message = parse(line)
    taps.meter.message()
    if (message === null) {
      taps.meter.strange(line)
      return null
    }
    if (typeof message['method'] === 'string') {
      if ('id' in message) {
        taps.meter.request(1)
        return message as AnyMessage
      }
      if (message['method'] === UPDATE) taps.onUpdate(message['params'])
      return message['method'] === CANCEL_REQUEST ? (message as AnyMessage) : null
    }
    if (asked.delete(message['id'])) return message as AnyMessage
    taps.meter.strange(line)
    return null
  }
}

function parse(line: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(line)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null
  } catch {
    return null
  }
}

async function* readLines(stdout: Readable, meter: OutputMeter): AsyncGenerator<string> {
  let parts: Buffer[] = []
  let length = 0
  for await (const chunk of readChunks(stdout)) {
    meter.bytes(chunk.length)
    let start = 0
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, start)) {
      parts.push(chunk.subarray(start, end))
      const line = Buffer.concat(parts).toString('utf8').trim()
      parts = []
      length = 0
      start = end + 1
      if (line !== '') yield line
    }
    const rest = chunk.subarray(start)
    length += rest.length
    parts.push(rest)
    if (length > BOUNDS.lineBytes) {
      meter.oversize()
      parts = []
      length = 0
    }
  }
  const last = Buffer.concat(parts).toString('utf8').trim()
  if (last !== '') yield last
}

async function* readChunks(stdout: Readable): AsyncGenerator<Buffer> {
  try {
    yield* stdout as AsyncIterable<Buffer>
  } catch {
    // Reading the pipe of a killed program fails with whatever the kernel found; it means the end.
  }
}

function writeLine(stdin: Writable, message: AnyMessage): Promise<void> {
  return new Promise((resolve, reject) => {
    stdin.write(`${JSON.stringify(message)}\n`, (error) => {
      if (error) reject(error)
      else resolve()
    })
  })
}
