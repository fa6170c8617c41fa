/**
 * What a reader of an issue sees: the text that labelling blesses. HTML comments and tags, link titles, image
 * descriptions, unused definitions and invisible characters are gone; code stays as it is, letter by letter, because
 * diffs are applied from it. In doubt more is hidden, never less.
 */
import type { Definition } from 'mdast'
import { fromMarkdown } from 'mdast-util-from-markdown'
import { gfmFromMarkdown } from 'mdast-util-gfm'
import { gfm } from 'micromark-extension-gfm'
import { SKIP, visit } from 'unist-util-visit'
import { stripInvisible } from '../domain/invisible.ts'
import { applyCuts } from './cuts.ts'
import type { Cut } from './cuts.ts'
import { hiddenInLinks } from './link-titles.ts'
import { affordable } from './markdown-cost.ts'
import { withoutMarkup } from './markup.ts'

/** GitHub shows a title letter by letter; only invisible characters and line breaks are not seen. */
export const visibleTitle = (title: string): string =>
  stripInvisible(title).replace(/\s+/g, ' ').trim()

export function visibleText(body: string): string {
  const text = stripInvisible(body)
  if (!/[<\]]|```|~~~/.test(text)) return text
  if (!affordable(text)) {
    // A structure that would cost seconds is an attack: then nothing counts as code, and all markup goes.
    return withoutMarkup(applyCuts(text, hiddenInLinks(text, []))).text
  }
  const { cuts, code } = read(text)
  return applyCuts(text, [...cuts, ...hiddenInLinks(text, code)])
}

/** Links and emphasis hide nothing that is looked for here, and are what makes parsing slow. */
const UNREAD = [
  'attention',
  'strikethrough',
  'labelStartLink',
  'labelStartImage',
  'labelEnd',
  'wwwAutolink',
  'protocolAutolink',
  'emailAutolink',
  'tasklistCheck',
  'gfmFootnoteCall',
  'gfmPotentialFootnoteCall',
]

interface Span {
  readonly start: number
  readonly end: number
}

function read(text: string): { readonly cuts: readonly Cut[]; readonly code: readonly Span[] } {
  const tree = fromMarkdown(text, {
    extensions: [gfm(), { disable: { null: UNREAD } }],
    mdastExtensions: [gfmFromMarkdown()],
  })
  const cuts: Cut[] = []
  const code: Span[] = []
  const used = usedLabels(text)
  let hiddenFrom = text.length
  visit(tree, (node) => {
    const start = node.position?.start.offset
    const end = node.position?.end.offset
    if (start === undefined || end === undefined) return
    if (node.type === 'code' || node.type === 'inlineCode') code.push({ start, end })
    if (node.type === 'code' && (node.meta ?? '') !== '') cuts.push(...afterLanguage(text, start))
    if (node.type === 'definition') cuts.push({ start, end, shown: asUsed(node, used) })
    else if (node.type === 'footnoteDefinition' && !used.has(`^${node.identifier}`)) {
      cuts.push({ start, end, shown: '' })
      return SKIP
    } else if (node.type === 'html') {
      const { text: shown, open } = withoutMarkup(text.slice(start, end))
      cuts.push({ start, end, shown })
      if (open) hiddenFrom = Math.min(hiddenFrom, end)
    }
    return
  })
  return { cuts: [...cuts, { start: hiddenFrom, end: text.length, shown: '' }], code }
}

/**
 * What follows the language of a fence is not shown. A file's path stays, because blocks that are to become files are
 * named so; sentences go.
 */
function afterLanguage(text: string, start: number): readonly Cut[] {
  const info = /^(?:`{3,}|~{3,})[ \t]*\S+/.exec(text.slice(start, start + 2_000))?.[0] ?? ''
  const from = start + info.length
  const lineEnd = text.indexOf('\n', from)
  const end = lineEnd === -1 ? text.length : lineEnd
  const rest = text.slice(from, end).trim()
  const path = /^(?:\S{1,200}|path=(?:"[^"]{1,200}"|'[^']{1,200}'))$/
  return path.test(rest) ? [] : [{ start: from, end, shown: '' }]
}

/** A definition is never shown itself; its address matters where something refers to it. */
function asUsed(node: Definition, used: ReadonlySet<string>): string {
  return used.has(node.identifier) ? `[${node.label ?? node.identifier}]: ${node.url}` : ''
}

/** Labels that stand in brackets more than once (where they are defined, and where they are used), as Markdown compares them. */
function usedLabels(text: string): ReadonlySet<string> {
  const seen = new Set<string>()
  const used = new Set<string>()
  for (const [, label = ''] of text.matchAll(/\[([^[\]]{1,999})\]/g)) {
    const identifier = label.replace(/\s+/g, ' ').trim().toLowerCase()
    if (seen.has(identifier)) used.add(identifier)
    seen.add(identifier)
  }
  return used
}
