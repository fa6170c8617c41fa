/**
 * The changes written in an issue: fenced blocks, as GitHub shows them. Two forms count:
 *
 * - a unified diff, in a fence marked `diff` or `patch` (with `path=…` where the diff names no file);
 * - a whole file, in a fence that names its path: `js path=src/a.js`, `path="src/my file.js"`, or a first word with a
 *   slash such as `src/a.js` or `./README.md`.
 *
 * Everything else (plain code, quotes, hidden comments) is talk and changes nothing.
 */
import type { Code, Nodes } from 'mdast'
import { fromMarkdown } from 'mdast-util-from-markdown'
import { gfmFromMarkdown } from 'mdast-util-gfm'
import { gfm } from 'micromark-extension-gfm'

export type Block = {
  /** Counted from 1 among the blocks that count. */
  readonly number: number
  /** Of its opening fence, in the text that was read. */
  readonly line: number
} & (
  | { readonly kind: 'diff'; readonly text: string; readonly path: string | null }
  | { readonly kind: 'file'; readonly content: string; readonly path: string }
)

export interface Reading {
  readonly blocks: readonly Block[]
  /** Lines of fences that look like a diff and are not marked as one. */
  readonly unmarked: readonly number[]
}

/** Inline markup is of no interest and, on hostile text, takes most of the time. */
const NO_INLINE = [
  'attention',
  'autolink',
  'characterEscape',
  'characterReference',
  'codeText',
  'hardBreakEscape',
  'htmlText',
  'labelEnd',
  'labelStartImage',
  'labelStartLink',
]

/** May take minutes on hostile text (some container nestings are quadratic): call it where it can be ended. */
export function readBlocks(text: string): Reading {
  const tree = fromMarkdown(text, {
    extensions: [gfm(), { disable: { null: NO_INLINE } }],
    mdastExtensions: [gfmFromMarkdown()],
  })
  const blocks: Block[] = []
  const unmarked: number[] = []
  for (const code of fences(tree)) {
    const line = code.position?.start.line ?? 0
    const block = readBlock(code)
    if (block) blocks.push({ ...block, number: blocks.length + 1, line })
    else if (/^--- .*\n\+\+\+ /m.test(code.value)) unmarked.push(line)
  }
  return { blocks, unmarked }
}

type Found =
  | { readonly kind: 'diff'; readonly text: string; readonly path: string | null }
  | { readonly kind: 'file'; readonly content: string; readonly path: string }

function readBlock({ lang, meta, value }: Code): Found | null {
  const info = [lang ?? '', meta ?? ''].join(' ').trim()
  const named = /(?:^|\s)path=(?:"([^"]+)"|'([^']+)'|(\S+))/.exec(info)
  const path = named?.[1] ?? named?.[2] ?? named?.[3] ?? null
  // Markdown drops the last line break; a text file has one.
  const text = value === '' ? '' : `${value}\n`
  if (/^(diff|patch)$/i.test(lang ?? '')) return { kind: 'diff', text, path }
  if (path !== null) return { kind: 'file', content: text, path }
  const word = lang ?? ''
  return word.includes('/') && !word.includes('=')
    ? { kind: 'file', content: text, path: info }
    : null
}

function* fences(node: Nodes): Generator<Code> {
  // A quote repeats somebody's words; it asks for nothing.
  if (node.type === 'blockquote') return
  if (node.type === 'code') yield node
  if ('children' in node) for (const child of node.children) yield* fences(child)
}
