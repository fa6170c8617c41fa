/** The pages that people read, and what of them can be held to the code: links, code, headings. */
import { readFileSync, readdirSync } from 'node:fs'
import { fromMarkdown } from 'mdast-util-from-markdown'
import { gfmFromMarkdown } from 'mdast-util-gfm'
import { gfm } from 'micromark-extension-gfm'
import type { Code, Link, Image, Nodes } from 'mdast'
import { visit } from 'unist-util-visit'

export const ROOT = new URL('../../', import.meta.url)

export interface Page {
  /** From the root of the repository, such as `docs/guide.md`. */
  readonly path: string
  readonly text: string
  readonly links: readonly string[]
  /** Fenced blocks, with their language. */
  readonly blocks: readonly { readonly lang: string; readonly text: string }[]
  /** Code within sentences. */
  readonly words: readonly string[]
  /** As GitHub makes them of the headings. */
  readonly anchors: ReadonlySet<string>
}

export function readPages(): readonly Page[] {
  const inside = (folder: string): readonly string[] =>
    readdirSync(new URL(folder, ROOT))
      .filter((name) => name.endsWith('.md'))
      .map((name) => `${folder}${name}`)
  return ['README.md', 'CHANGELOG.md', ...inside('docs/'), ...inside('docs/adr/')].map(readPage)
}

export function readPage(path: string): Page {
  const text = readFileSync(new URL(path, ROOT), 'utf8')
  const tree = parse(text)
  const links: string[] = []
  const blocks: { lang: string; text: string }[] = []
  const words: string[] = []
  const anchors = new Set<string>()
  visit(tree, (node: Nodes) => {
    if (node.type === 'link' || node.type === 'image') links.push((node satisfies Link | Image).url)
    if (node.type === 'code') blocks.push({ lang: languageOf(node), text: node.value })
    if (node.type === 'inlineCode') words.push(node.value)
    if (node.type === 'heading') anchors.add(anchorOf(plainText(node)))
  })
  return { path, text, links, blocks, words, anchors }
}

const parse = (text: string) =>
  fromMarkdown(text, { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] })

const languageOf = ({ lang }: Code): string => lang ?? ''

function plainText(node: Nodes): string {
  if ('value' in node) return node.value
  return 'children' in node ? node.children.map((child) => plainText(child)).join('') : ''
}

/** GitHub's rule: lower case, no punctuation but hyphens and underscores, hyphens for blanks. */
const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
    .replaceAll(' ', '-')
