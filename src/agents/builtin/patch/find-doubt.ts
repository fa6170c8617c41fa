/** A hunk whose lines stand at several places of a file, and not where it says: only a person knows which is meant. */
import type { StructuredPatchHunk } from 'diff'

export interface Doubt {
  /** Which hunk, from 0. */
  readonly hunk: number
  /** Lines at which it fits, counted from 1, at most `PLACES`, those nearest to the line that it names. */
  readonly lines: readonly number[]
}

const PLACES = 9
/** Comparisons of lines for one file; as for fitting. Beyond it the nearest place is taken. */
const COMPARISONS = 20_000_000

/** Null: each hunk fits where it says (after those before it), or at one place, or at none. */
export function findDoubt(text: string, hunks: readonly StructuredPatchHunk[]): Doubt | null {
  const file = text.split('\n').map(bare)
  let left = COMPARISONS
  let shift = 0
  for (const [index, { oldStart, lines }] of hunks.entries()) {
    const wanted = lines.filter((line) => /^[ -]/.test(line)).map((line) => bare(line.slice(1)))
    if (wanted.length === 0) continue
    const fits = (line: number): boolean =>
      line >= 1 &&
      wanted.every((one, at) => {
        left -= 1
        return file[line - 1 + at] === one
      })
    const named = oldStart + shift
    if (fits(named)) continue
    const found: number[] = []
    for (let line = 1; line <= file.length - wanted.length + 1 && left > 0; line++)
      if (fits(line)) found.push(line)
    const [only] = found
    if (only === undefined || left <= 0) return null
    if (found.length > 1) {
      const near = found.toSorted((a, b) => Math.abs(a - named) - Math.abs(b - named))
      return { hunk: index, lines: near.slice(0, PLACES).toSorted((a, b) => a - b) }
    }
    shift = only - oldStart
  }
  return null
}

const bare = (line: string): string => line.replace(/\r$/, '')
