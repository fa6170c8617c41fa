/**
 * How a prompt marks the issue's own words: from a line `<issue>` (attributes allowed) to the last line `</issue>`.
 * The last one, because a body may hold such a line itself. Whoever builds a prompt puts nothing of a stranger's words
 * after it, and may guard an end that the words only claim by one backslash more after its `<`.
 */
const OPEN = /^<issue(?:[ \t][^>\n]*)?>[ \t]*$/m
const CLOSE = /^<\/issue>[ \t]*$/gm
const GUARDED = /<\\(\\*\s*\/\s*issue\b)/gi

/** The issue's words as they were; the whole prompt where it has no such section. */
export function issueSection(prompt: string): string {
  const text = prompt.replace(/\r\n?/g, '\n')
  const open = OPEN.exec(text)
  if (!open) return text
  const start = open.index + open[0].length + 1
  const close = [...text.matchAll(CLOSE)].at(-1)
  const words = close && close.index >= start ? text.slice(start, close.index) : text.slice(start)
  return words.replace(GUARDED, '<$1')
}
