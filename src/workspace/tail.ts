/** The end of a stream of any length in bounded memory, as text that is safe to show. */
import { plainText } from '../domain/plain-text.ts'

/** Kept raw: four times what is shown, because terminal sequences are taken out of it afterwards. */
const RAW = 64 * 1024
/** What a `CommandResult` may hold. */
export const SHOWN = 16 * 1024

export interface Tail {
  push(chunk: Buffer): void
  /** At most 16 KiB of plain text, beginning at a line's start where something was left out. */
  text(): string
}

export function tailOf(): Tail {
  // A ring: `at` is where the next byte goes, and once `full` also where the oldest one is.
  const ring = Buffer.alloc(RAW)
  let at = 0
  let full = false
  let dropped = false
  return {
    push: (chunk) => {
      const kept = chunk.subarray(Math.max(0, chunk.length - RAW))
      const first = kept.copy(ring, at)
      const rest = kept.copy(ring, 0, first)
      dropped ||= full || at + chunk.length > RAW
      full ||= at + chunk.length >= RAW
      at = rest > 0 || at + first === RAW ? rest : at + first
    },
    text: () => {
      const bytes = full
        ? Buffer.concat([ring.subarray(at), ring.subarray(0, at)])
        : ring.subarray(0, at)
      const text = plainText(bytes.toString('utf8'))
      const plain = Buffer.from(text)
      if (!dropped && plain.length <= SHOWN) return text
      return wholeLines(plain.subarray(Math.max(0, plain.length - SHOWN)))
    },
  }
}

/** Without the line, or at least the character, that the cut went through. */
function wholeLines(bytes: Buffer): string {
  const line = bytes.indexOf(0x0a)
  let from = line === -1 || line === bytes.length - 1 ? 0 : line + 1
  // Continuation bytes of UTF-8 are 10xxxxxx.
  while (from < bytes.length && ((bytes[from] ?? 0) & 0xc0) === 0x80) from += 1
  return bytes.subarray(from).toString('utf8')
}
