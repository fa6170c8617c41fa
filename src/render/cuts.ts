/** Pieces taken out of a text by their place in it. */

/** A stretch of the source, and what stands there instead. */
export interface Cut {
  readonly start: number
  readonly end: number
  readonly shown: string
}

/** Overlapping cuts hide all that either of them covers. */
export function applyCuts(text: string, cuts: readonly Cut[]): string {
  let out = ''
  let at = 0
  for (const { start, end, shown } of cuts.toSorted((a, b) => a.start - b.start)) {
    if (start >= at) out += text.slice(at, start) + shown
    at = Math.max(at, end)
  }
  return out + text.slice(at)
}
