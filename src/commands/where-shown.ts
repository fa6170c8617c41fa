/**
 * Where the lines of a comment stand on the page: a command counts only as a line of a paragraph at the top level,
 * in plain letters. Everything else (quotes, lists, code, tables, titles, footnotes, definitions) is no command.
 */
import type { Nodes, Paragraph, Root } from 'mdast'
import { fromMarkdown } from 'mdast-util-from-markdown'
import type { Extension } from 'mdast-util-from-markdown'
import { gfmFromMarkdown } from 'mdast-util-gfm'
import { gfm } from 'micromark-extension-gfm'
import { visit } from 'unist-util-visit'

export type Shown =
  /** In plain letters from its beginning on; `text` is what the page shows of it as far as they reach. */
  | { readonly kind: 'plain'; readonly text: string }
  /** In a paragraph, but as part of a link, of emphasis or of a formula. */
  | { readonly kind: 'markup' }
  | { readonly kind: 'html' }
  /** Visibly something else than a line of its own. */
  | { readonly kind: 'elsewhere' }

export interface Page {
  readonly hasHtml: boolean
  /** `at` counts from 0. */
  readonly shown: (at: number) => Shown
}

/** The transforms find mail addresses in text once more, and lose the place of all text around them. */
const MDAST: readonly Extension[] = gfmFromMarkdown().map((one) => ({ ...one, transforms: [] }))

/** `body` has `\n` for line ends. Takes up to 0.2 s for 2 KiB written to be slow: not for the thread that serves. */
export function readPage(body: string): Page {
  const tree = fromMarkdown(body, { extensions: [gfm()], mdastExtensions: [...MDAST] })
  const html: Nodes[] = []
  visit(tree, 'html', (node) => void html.push(node))
  const starts = lineStarts(body)
  return {
    hasHtml: html.length > 0,
    shown(at) {
      if (html.some((node) => covers(node, at))) return { kind: 'html' }
      const block = tree.children.find((node) => covers(node, at))
      if (block?.type !== 'paragraph') return { kind: 'elsewhere' }
      return inParagraph(body, block, { at, start: starts[at] ?? 0 })
    },
  }
}

function inParagraph(
  body: string,
  paragraph: Paragraph,
  line: { readonly at: number; readonly start: number },
): Shown {
  if (inFormula(body, paragraph, line.start)) return { kind: 'markup' }
  const node = paragraph.children.find(
    ({ position }) =>
      (position?.start.offset ?? Infinity) <= line.start &&
      line.start < (position?.end.offset ?? 0),
  )
  if (node?.type !== 'text' || node.position === undefined) return { kind: 'markup' }
  const { start, end } = node.position
  const lines = node.value.split('\n')
  // An entity can stand for a line end: then it cannot be told which line is which.
  const written = body.slice(start.offset, end.offset).split('\n')
  if (written.length !== lines.length) return { kind: 'markup' }
  return { kind: 'plain', text: lines[line.at + 1 - start.line] ?? '' }
}

/** GitHub draws what stands between dollar signs as a formula, over several lines of a paragraph too. */
function inFormula(body: string, { position }: Paragraph, start: number): boolean {
  const before = body.slice(position?.start.offset, start)
  const after = body.slice(start, position?.end.offset)
  return /\$\$|\$(?=\S)/.test(before) && /\$\$|\S\$/.test(after)
}

const covers = ({ position }: Root['children'][number] | Nodes, at: number): boolean =>
  position !== undefined && position.start.line <= at + 1 && at + 1 <= position.end.line

function lineStarts(body: string): readonly number[] {
  const starts = [0]
  for (let at = body.indexOf('\n'); at !== -1; at = body.indexOf('\n', at + 1)) starts.push(at + 1)
  return starts
}
