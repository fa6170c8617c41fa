/**
 * Whether a Markdown parser can be let loose on a text. micromark needs time in the order of lines × (lines + container
 * markers): 64 KiB of `- - a` took 19 s, of `a\n-` 42 s, while ordinary issues of that size take some 50 ms.
 */

/** At about 0.1 µs each: half a second for what only an attacker writes. */
const AFFORDABLE = 5_000_000
/** A line without any marker costs this part of one with a marker. */
const PLAIN_LINE = 1 / 4
/** A table's row is split in time that grows with the square of its cells. */
const WIDEST = 200
/** Within one paragraph each of these may be weighed against all others. */
const SPECIALS = 4_000
/** Deeper nesting is nobody's prose, and overflows the parser's stack. */
const DEEPEST = 30

/** Quotes, list items, footnotes and underlines at the start of a line. */
const MARKERS =
  /^(?:[ \t]*(?:>|\[\^[^\]]*\]:|[-*+](?=[ \t]|$)|\d{1,9}[.)](?=[ \t]|$)|=+[ \t]*$|-+[ \t]*$))+/

export function affordable(text: string): boolean {
  const lines = text.split('\n')
  let cost = 0
  let lazy = false
  let specials = 0
  for (const line of lines) {
    const cells = line.split('|', WIDEST + 1).length - 1
    const depth = depthOf(line)
    const blank = line.trim() === ''
    specials = blank ? 0 : specials + line.length - line.replace(/[<`\\&]/g, '').length
    if (cells >= WIDEST || depth > DEEPEST || specials > SPECIALS) return false
    // What follows a marker without a blank line may continue what it began.
    lazy = !blank && (lazy || depth > 0)
    cost += PLAIN_LINE + cells + Math.max(depth, lazy ? 1 : 0)
  }
  return lines.length * cost <= AFFORDABLE
}

function depthOf(line: string): number {
  if (/^[ \t]*(?:-+|=+)[ \t]*$/.test(line)) return 1
  return MARKERS.exec(line)?.[0].match(/>|\]:|[-*+.)]/g)?.length ?? 0
}
