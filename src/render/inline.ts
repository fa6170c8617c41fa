/**
 * One line of a stranger's text as Markdown that shows it and does nothing: code, bold, links and addresses are kept,
 * all else is escaped. Linear in the length of the line; what it emits, it reads back as the same.
 */

import { stripInvisible } from '../domain/invisible.ts'
import { cut } from './plain.ts'

/** An address to follow: no spaces, brackets, quotes or backslashes, so that it cannot end its own link. */
const ADDRESS = String.raw`[^\s<>()[\]"'\x60\\|]`
const URL = String.raw`(?:https?:\/\/|www\.)${ADDRESS}{1,2000}`
/** In this order at each place of the line; the first that matches is taken. */
const TOKENS = new RegExp(
  [
    String.raw`(?<code>\x60+)`,
    // A backslash does not keep GitHub from reading a mention.
    String.raw`\\?@(?<mention>[A-Za-z0-9](?:[\w/-]|\.(?=\w)){0,200})`,
    String.raw`\\(?<escaped>[!-/:-@[-\x60{-~])`,
    String.raw`!?\[(?<label>(?:[^[\]\\]|\\.)*)\]\((?<target>${URL})\)`,
    `<(?<bracketed>${URL})>`,
    // GitHub makes a link of a bare address too, and a link swallows the backslash that follows it.
    String.raw`(?<bare>(?:https?:\/\/|www\.)${ADDRESS}{0,1999}(?![.,;:!?*_~])${ADDRESS})`,
    String.raw`(?<entity>&(?:lt|gt|amp);)`,
    '(?<comment><!--.*?-->)',
    String.raw`(?<mail>[\w.%+-]{1,100}@[\w-](?:[\w-]|\.(?=\w)){0,200})`,
    String.raw`\*\*(?<bold>(?=[^\s*])(?:[^*\\]|\\.)*)\*\*`,
    String.raw`(?<active>[\\*_[\]<>|~&$\x60])`,
  ].join('|'),
  'gi',
)

/** What must not touch: two runs of backticks would be one and end something else; a link would be an image. */
const JOINED: ReadonlySet<string> = new Set(['``', '!['])

/** Plain words become Markdown that a reader sees as those words. `links` false inside a link's own label. */
export function inline(line: string, links = true): string {
  let out = ''
  let from = 0
  TOKENS.lastIndex = 0
  for (let match = TOKENS.exec(line); match !== null; match = TOKENS.exec(line)) {
    const { groups = {}, index } = match
    let end = index + match[0].length
    let shown: string
    if (groups['code'] !== undefined) {
      const close = closing(line, end, groups['code'].length)
      shown = close === null ? escapeEach(groups['code']) : code(line.slice(end, close))
      if (close !== null) end = close + groups['code'].length
    } else shown = emit(groups, links)
    out += line.slice(from, index)
    if (JOINED.has(`${out.at(-1) ?? ''}${shown.charAt(0)}`)) out += ' '
    out += shown
    from = end
    // The recursion inside `emit` uses the same expression, so its place is set anew.
    TOKENS.lastIndex = end
  }
  return out + line.slice(from)
}

function emit(token: Readonly<Record<string, string | undefined>>, links: boolean): string {
  const { escaped, label, target, bracketed, bare, entity, comment, mail, mention, bold, active } =
    token
  if (escaped !== undefined) return escapeEach(escaped)
  if (target !== undefined) {
    const text = inline(label ?? '', false).trim()
    if (!links) return text
    // An image is a link to it: looking at a page must not tell anybody that it was looked at.
    return text === '' ? `<${whole(target)}>` : `[${text}](${whole(target)})`
  }
  const address = bracketed ?? bare
  if (address !== undefined) return links ? `<${whole(address)}>` : code(address)
  if (entity !== undefined) return entity.toLowerCase()
  // A space, so that what stood on either side of it does not become a word together.
  if (comment !== undefined) return ' '
  if (mail !== undefined) return code(mail)
  if (mention !== undefined) return code(`@${mention}`)
  if (bold !== undefined) {
    const text = inline(bold, links).trim()
    return text === '' ? '' : `**${text}**`
  }
  return escapeEach(active ?? '')
}

/** Where the run of exactly `length` backticks begins that ends the code; null when the line has none. */
function closing(line: string, from: number, length: number): number | null {
  const run = /`+/g
  run.lastIndex = from
  for (let match = run.exec(line); match !== null; match = run.exec(line)) {
    if (match[0].length === length) return match.index
  }
  return null
}

/** Inline code that its content cannot end. Blank content is shown as nothing. */
export function code(content: string): string {
  const text = content.replace(/\s+/g, ' ').trim()
  if (text === '') return ''
  const runs = text.match(/`+/g)?.map((run) => run.length) ?? []
  let length = 1
  while (runs.includes(length)) length += 1
  const fence = '`'.repeat(length)
  const room = text.startsWith('`') || text.endsWith('`') ? ' ' : ''
  return `${fence}${room}${text}${room}${fence}`
}

const whole = (address: string): string => (/^www\./i.test(address) ? `http://${address}` : address)

/** Angle brackets as entities: where a backslash fails, an entity still holds. */
const escapeEach = (text: string): string =>
  text.replace(/[!-/:-@[-`{-~]/g, (found) => ENTITIES[found] ?? `\\${found}`)

const ENTITIES: Readonly<Record<string, string>> = { '<': '&lt;', '>': '&gt;' }

/** Code inside a `<summary>`, where Markdown is not read. */
export const htmlCode = (text: string): string =>
  `<code>${cut(stripInvisible(text).replace(/\s+/g, ' '), 100).replace(/[&<>"@]/g, (found) => `&#${found.charCodeAt(0)};`)}</code>`
