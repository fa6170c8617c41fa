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
  let chunks: Buffer[] = []
  let held = 0
  let dropped = false
  const trim = (): void => {
    const all = Buffer.concat(chunks)
    dropped ||= all.length > RAW
    const kept = Buffer.from(all.subarray(Math.max(0, all.length - RAW)))
    chunks = [kept]
    held = kept.length
  }
  return {
    push: (chunk) => {
      chunks.push(chunk)
      held += chunk.length
      // Seldom, so that a flood of small chunks is not copied over and over.
      if (held > 4 * RAW) trim()
    },
    text: () => {
      trim()
      const text = plainText((chunks[0] ?? Buffer.alloc(0)).toString('utf8'))
      const bytes = Buffer.from(text)
      if (!dropped && bytes.length <= SHOWN) return text
      return wholeLines(bytes.subarray(Math.max(0, bytes.length - SHOWN)))
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
