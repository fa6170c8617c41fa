/** Keeps the end of a program's stderr, bounded, so that a crash can be explained without keeping a flood. */
import type { Readable } from 'node:stream'
import { BOUNDS } from './bounds.ts'
import { plain } from './plain.ts'

export interface StderrTail {
  /** The last lines, as plain text; empty when there were none. */
  lines(): string
}

export function keepTail(stderr: Readable, onBytes: (bytes: number) => void): StderrTail {
  let tail = Buffer.alloc(0)
  stderr.on('data', (chunk: Buffer) => {
    onBytes(chunk.length)
    tail = Buffer.concat([tail, chunk.subarray(-BOUNDS.stderrBytes)]).subarray(-BOUNDS.stderrBytes)
  })
  // A broken pipe of a dying program says nothing that its exit does not.
  stderr.on('error', () => {})
  return {
    lines() {
      const text = plain(tail.toString('utf8'), BOUNDS.stderrBytes)
      const lines = text.split('\n').map((line) => line.trimEnd())
      return lines
        .filter((line) => line !== '')
        .slice(-BOUNDS.stderrLines)
        .join('\n')
    },
  }
}
