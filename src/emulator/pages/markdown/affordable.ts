// Whether a text may be given to the Markdown parser, which runs in the emulator's only thread. Its
// time grows with lines times container markers: 64 KiB of `- - a` take 19 s, of ordinary text 50 ms.

/** Lines times marks; about half a second. */
const MOST_WORK = 4_000_000
/** A table's row is split in time that grows with the square of its cells. */
const MOST_CELLS = 200
/** Within one paragraph each of these may be weighed against all others. */
const MOST_SPECIALS = 4_000
/** Deeper nesting overflows the parser's stack. */
const DEEPEST = 30
const MOST_CHARACTERS = 300_000

/** Quotes, list items, footnotes and underlines at the start of a line. */
const CONTAINERS = /^(?:[ \t]*(?:>|[-*+=]|\d{1,9}[.)]|\[\^[^\]]*\]:))*/

const SPECIALS = /[<`\\&[\]*_~]/g
/** Bare addresses are looked for at each of their possible beginnings. */
const LINKS = /:\/\/|www\.|@/gi
const LINK_COST = 3

export function isAffordable(text: string): boolean {
  if (text.length > MOST_CHARACTERS) return false
  const lines = text.split('\n')
  let marks = lines.length / 4
  let specials = 0
  let lazy = false
  for (const line of lines) {
    const cells = line.split('|', MOST_CELLS + 1).length
    const containers = CONTAINERS.exec(line)?.[0] ?? ''
    const depth = containers.match(/[>*+=-]|[.)]|\]:/g)?.length ?? 0
    const blank = line.trim() === ''
    specials = blank
      ? 0
      : specials +
        (line.match(SPECIALS)?.length ?? 0) +
        LINK_COST * (line.match(LINKS)?.length ?? 0)
    if (cells > MOST_CELLS || specials > MOST_SPECIALS) return false
    if (depth > DEEPEST && !/^[ \t]*([-=*])\1*[ \t]*$/.test(line)) return false
    // What follows a marker without a blank line may continue what it began.
    lazy = !blank && (lazy || depth > 0)
    marks += cells - 1 + (lazy ? Math.max(1, Math.min(depth, DEEPEST)) : 0)
  }
  return lines.length * marks <= MOST_WORK
}
