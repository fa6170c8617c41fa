/** What a reader, GitHub or another bot could make of a Markdown text, found with a real Markdown parser. Empty: it is harmless. */
import type { Nodes } from 'mdast'
import { fromMarkdown } from 'mdast-util-from-markdown'
import { gfmFromMarkdown } from 'mdast-util-gfm'
import { gfm } from 'micromark-extension-gfm'
import { visit } from 'unist-util-visit'

const GFM = { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] }

export const parse = (text: string): Nodes => fromMarkdown(text, GFM)

const CLOSES =
  /\b(close[sd]?|fix(e[sd])?|resolve[sd]?)\b[:\s]*(#\d|GH-\d|[\w.-]+\/[\w.-]+#\d|https?:\/\/\S+\/(issues|pull)\/\d)/i

/** Harms that need no parser, because bots and squash merges read the raw text. */
export function rawHarms(text: string): readonly string[] {
  const found: string[] = []
  if (CLOSES.test(text)) found.push('a closing keyword')
  if (/^\//m.test(text)) found.push('a line that begins with a slash')
  return found
}

export function harms(text: string): readonly string[] {
  const found = [...rawHarms(text)]
  let shown = ''
  visit(parse(text), (node, _index, parent) => {
    if (node.type === 'image' || node.type === 'imageReference') found.push('an image')
    if (node.type === 'html') found.push(`raw HTML: ${node.value}`)
    if (node.type === 'definition' || node.type === 'footnoteDefinition') found.push('a definition')
    if (node.type === 'text') {
      shown += node.value
      // GitHub reads no mention inside a link.
      if (parent?.type !== 'link' && /(^|[^\w])@[A-Za-z0-9]/.test(node.value))
        found.push(`a mention: ${node.value}`)
      if (parent?.type === 'paragraph' && parent.children[0] === node && /^\s*\//.test(node.value))
        found.push(`a command: ${node.value}`)
    } else if (node.type !== 'emphasis' && node.type !== 'strong')
      shown += node.type === 'break' ? '\n' : '\u0001'
  })
  if (CLOSES.test(shown)) found.push('a closing keyword, as shown')
  return found
}
