/** Words that a link or an image carries without showing them: titles, and descriptions of pictures. */
import type { Cut } from './cuts.ts'

const QUOTED = String.raw`"(?:[^"\\]|\\[^])*"|'(?:[^'\\]|\\[^])*'|\((?:[^()\\]|\\[^])*\)`
const TITLE = new RegExp(
  String.raw`\]\([ \t\n]*(?:<[^<>\n]*>|[^\s()<>]*(?:\([^\s()<>]*\)[^\s()<>]*)?)([ \t\n]+(?:${QUOTED})[ \t\n]*)\)`,
  'g',
)

/** What to cut; nothing that begins inside code, where a bracket is only a bracket. */
export function hiddenInLinks(
  text: string,
  code: readonly { readonly start: number; readonly end: number }[],
): readonly Cut[] {
  const cuts: Cut[] = []
  for (const match of text.matchAll(TITLE)) {
    const end = match.index + match[0].length - 1
    cuts.push({ start: end - (match[1] ?? '').length, end, shown: '' })
  }
  cuts.push(...descriptions(text))
  let at = 0
  return cuts
    .toSorted((a, b) => a.start - b.start)
    .filter(({ start }) => {
      while (at < code.length && (code[at]?.end ?? 0) <= start) at += 1
      return !((code[at]?.start ?? Infinity) <= start)
    })
}

/** `![what nobody reads](picture)`, with brackets inside matched in one pass. */
function descriptions(text: string): readonly Cut[] {
  const cuts: Cut[] = []
  const open: { readonly at: number; readonly image: boolean }[] = []
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at]
    if (character === '\\') at += 1
    else if (character === '[') open.push({ at, image: text[at - 1] === '!' })
    else if (character === ']') {
      const begun = open.pop()
      if (begun?.image === true && at > begun.at + 1)
        cuts.push({ start: begun.at + 1, end: at, shown: 'image' })
    }
  }
  return cuts
}
