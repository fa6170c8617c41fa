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

type Found =
  | { readonly kind: 'diff'; readonly text: string; readonly path: string | null }
  | { readonly kind: 'file'; readonly content: string; readonly path: string }

/** `number` counts from 1 among the blocks that count. */
export type Block = Found & { readonly number: number }

export interface Reading {
  readonly blocks: readonly Block[]
  /** First lines of fences that look like a diff and are not marked as one. */
  readonly unmarked: readonly string[]
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
  const unmarked: string[] = []
  for (const code of fences(tree)) {
    const block = readBlock(code)
    if (block) blocks.push({ ...block, number: blocks.length + 1 })
    else if (/^--- .*\n\+\+\+ /m.test(code.value)) unmarked.push(code.value.split('\n', 1)[0] ?? '')
  }
  return { blocks, unmarked }
}

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
