/**
 * The words of strangers and agents as Markdown that is safe to post under our name: no mention, no command to a bot,
 * no image, no raw HTML, no closing keyword survives. A small dialect (paragraphs, lists, quotes, headings, tables,
 * fences) is read line by line and written anew, because a whole Markdown parser takes seconds for hostile text.
 * What it writes, it reads back as the same: `sanitise(sanitise(x)) === sanitise(x)`.
 */
import { withoutClosing } from './closing.ts'
import { code, inline } from './inline.ts'
import { stripInvisible } from '../domain/invisible.ts'

const FENCE = /^([ \t]*)(`{3,}(?=[^`]*$)|~{3,})[ \t]*([^\s`~]*)/
const HEADING = /^(#{1,6})[ \t]+(.*)$/
const LIST = /^([ \t]*)([-*+]|\d{1,9}[.)])[ \t]+(.*)$/
const QUOTE = /^[ \t]*((?:>[ \t]*)+)(.*)$/
const TABLE = /^\|.*(?<!\\)\|$/
/** Languages that GitHub does not show but runs: diagrams, maps, formulas, review suggestions. */
const ACTIVE = new Set(['mermaid', 'math', 'geojson', 'topojson', 'stl', 'suggestion'])

/** At most `limit` characters come out; what is cut off is marked by an ellipsis. */
export function sanitise(text: string, limit = 4_000): string {
  // Far more than can come out need not be read to be cut off.
  const clean = stripInvisible(text.slice(0, limit * 2).normalize('NFC')).trim()
  let out = rewrite(clean)
  for (let take = Math.min(clean.length, limit); out.length > limit && take > 0;) {
    out = rewrite(shortened(clean, take))
    take -= Math.max(1, Math.ceil((out.length - limit) / 2))
  }
  return out.length <= limit ? out : ''
}

/** One line of plain words for inside a sentence or a table: whitespace is folded, everything active is escaped. */
export function sanitiseLine(text: string, limit = 200): string {
  const line = stripInvisible(text.slice(0, limit * 4).normalize('NFC'))
    .replace(/\s+/g, ' ')
    .trim()
  const short = line.length > limit ? shortened(line, limit - 1) : line
  return withoutClosing(words(withoutClosing(short))).trim()
}

/** Stripped anew: a cut can leave half of what was written with a joiner. */
const shortened = (text: string, take: number): string =>
  `${stripInvisible(text.slice(0, take).toWellFormed()).trimEnd()}…`

function rewrite(text: string): string {
  const lines = withoutClosing(text).split('\n')
  const out: string[] = []
  const indents: number[] = []
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at] ?? ''
    const fence = FENCE.exec(line)
    if (fence !== null) {
      const end = endOfFence(lines, at, fence[2] ?? '')
      out.push(...fenced(lines.slice(at + 1, end), fence[3] ?? '', (fence[1] ?? '').length))
      at = end
      continue
    }
    const end = endOfComment(lines, at)
    const shown = block(end === at ? line : around(line, lines[end] ?? ''), indents)
    at = end
    if (shown !== '' || (out.at(-1) ?? '') !== '') out.push(shown)
  }
  return withoutClosing(out.join('\n')).trim()
}

function block(line: string, indents: number[]): string {
  const trimmed = line.trim()
  const list = LIST.exec(line)
  if (list !== null) return item(list, indents)
  // A line at the margin ends every list; one that is set in belongs to the item above it.
  if (trimmed !== '' && !/^[ \t]/.test(line)) indents.length = 0
  if (indents.length > 0 && trimmed !== '') {
    const text = words(trimmed)
    return text === '' ? '' : `${' '.repeat(4 * depthOf(indents) + 2)}${text}`
  }
  const quote = QUOTE.exec(line)
  if (quote !== null) {
    const depth = Math.min(3, (quote[1] ?? '').replaceAll(/[^>]/g, '').length)
    return `${'> '.repeat(depth)}${words(quote[2] ?? '')}`.trimEnd()
  }
  const heading = HEADING.exec(trimmed)
  if (heading !== null) {
    const text = words(heading[2] ?? '').replace(/(?:^|[ \t]+)#+$/, '')
    // Our own headings are larger: a stranger's cannot pass for one.
    return text === '' ? '' : `${'#'.repeat(Math.max(4, (heading[1] ?? '').length))} ${text}`
  }
  if (TABLE.test(trimmed)) return row(trimmed)
  // A rule, or the underline that would make a heading of the line before.
  if (/^(?:[-*_=][ \t]*){3,}$/.test(trimmed)) return ''
  return words(trimmed)
}

function item(
  [, space = '', marker = '', rest = '']: readonly string[],
  indents: number[],
): string {
  const text = words(rest)
  if (text === '') return ''
  const indent = space.replaceAll('\t', '    ').length
  while (indents.length > 0 && (indents.at(-1) ?? 0) > indent) indents.pop()
  if (indents.at(-1) !== indent) indents.push(indent)
  const sign = /\d/.test(marker) ? `${Number.parseInt(marker, 10)}.` : '-'
  return `${' '.repeat(4 * depthOf(indents))}${sign} ${text}`
}

const depthOf = (indents: readonly number[]): number => Math.min(indents.length - 1, 5)

function row(line: string): string {
  const cells = line.slice(1, -1).match(/(?:\\.|[^|\\])*(?:\||$)/g) ?? []
  const contents = cells.slice(0, -1).map((cell) => cell.replace(/\|$/, '').trim())
  const shown = contents.map((cell) => (/^:?-+:?$/.test(cell) ? cell : inline(cell).trim()))
  return `| ${shown.join(' | ')} |`
}

/** Words where a block may begin: what would make more of them than words is escaped. */
function words(text: string): string {
  const shown = inline(text.trim()).trim()
  const command = /^\\?(\/[^\s\\`*<[]*)/.exec(shown)
  if (command !== null) return `${code(command[1] ?? '')}${shown.slice(command[0].length)}`
  return shown.replace(/^(\d{1,9})([.)])(?=\s|$)/, '$1\\$2').replace(/^[-+=#>:]/, '\\$&')
}

function endOfFence(lines: readonly string[], start: number, fence: string): number {
  const mark = fence.charAt(0)
  for (let at = start + 1; at < lines.length; at += 1) {
    const line = (lines[at] ?? '').trim()
    if (line.length >= fence.length && line === mark.repeat(line.length)) return at
  }
  return lines.length
}

function fenced(content: readonly string[], language: string, indent: number): readonly string[] {
  const lines = content.map((line) => shell(line, indent))
  while (lines.at(-1)?.trim() === '') lines.pop()
  while (lines[0]?.trim() === '') lines.shift()
  if (lines.length === 0) return []
  const longest = Math.max(2, ...(lines.join('\n').match(/`+/g) ?? []).map((run) => run.length))
  const known = /^[\w+#.-]{1,20}$/.test(language) && !ACTIVE.has(language.toLowerCase())
  const fence = '`'.repeat(longest + 1)
  return [`${fence}${known ? language : ''}`, ...lines, fence]
}

/** Bots read the raw text, where a fence protects nothing: no line may begin with a slash. */
function shell(line: string, indent: number): string {
  const margin = new RegExp(`^[ \\t]{0,${indent}}`)
  return line.replace(margin, '').replace(/^\//, ' /')
}

/** The line on which a comment ends that begins on this one; this one, when none does. */
function endOfComment(lines: readonly string[], at: number): number {
  const line = lines[at] ?? ''
  const begin = line.lastIndexOf('<!--')
  if (begin === -1 || line.includes('-->', begin)) return at
  // Within code it is only shown.
  if ((line.slice(0, begin).match(/`/g)?.length ?? 0) % 2 === 1) return at
  const end = lines.findIndex((later, index) => index > at && later.includes('-->'))
  return end === -1 ? at : end
}

/** What stands before and after a comment of several lines. */
const around = (first: string, last: string): string =>
  `${first.slice(0, first.lastIndexOf('<!--'))} ${last.slice(last.indexOf('-->') + 3)}`
