/** HTML as a reader sees it: comments and tags are gone, the words between them stay. Linear, and never fooled into showing more. */

export interface Unmarked {
  readonly text: string
  /** A comment or tag was left open: what follows it on the page is hidden as well. */
  readonly open: boolean
}

/** How a piece of markup begins, and what ends it. */
const ENDS: readonly (readonly [begin: string, end: string, from: number])[] = [
  // `<!-->` is a whole comment to some readers and the beginning of one to others: it hides.
  ['<!--', '-->', 4],
  ['<![CDATA[', ']]>', 9],
  ['<?', '?>', 2],
  ['<!', '>', 2],
]

export function withoutMarkup(html: string): Unmarked {
  let text = ''
  let from = 0
  for (let at = html.indexOf('<'); at !== -1; at = html.indexOf('<', from)) {
    text += html.slice(from, at)
    const end = endOf(html, at)
    if (end === null) {
      text += '<'
      from = at + 1
      continue
    }
    if (end === -1) return { text, open: true }
    from = end
  }
  return { text: text + html.slice(from), open: false }
}

/** Where the markup that begins here ends; -1: nowhere; null: this is no markup. */
function endOf(html: string, at: number): number | null {
  for (const [begin, end, skip] of ENDS) {
    if (!html.startsWith(begin, at)) continue
    const found = html.indexOf(end, at + skip)
    return found === -1 ? -1 : found + end.length
  }
  return /^<\/?[A-Za-z]/.test(html.slice(at, at + 3)) ? endOfTag(html, at) : null
}

function endOfTag(html: string, at: number): number {
  const stop = /[>"']/g
  stop.lastIndex = at
  for (let match = stop.exec(html); match !== null; match = stop.exec(html)) {
    if (match[0] === '>') return match.index + 1
    const close = html.indexOf(match[0], match.index + 1)
    if (close === -1) return -1
    stop.lastIndex = close + 1
  }
  return -1
}
