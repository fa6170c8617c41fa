/** Blocks → what is wished for each file, before anything is compared with the worktree. */
import { parsePatch, type StructuredPatch, type StructuredPatchHunk } from 'diff'
import type { Block } from './blocks.ts'
import { refusePath, tidyPath } from './safe-path.ts'

export type Wish = {
  readonly path: string
  readonly block: Block
} & (
  | { readonly kind: 'put'; readonly content: string }
  | {
      readonly kind: 'patch'
      /** The file that the hunks are about; another than `path` for a rename or a copy, null for a new file. */
      readonly source: string | null
      readonly keepSource: boolean
      readonly hunks: readonly StructuredPatchHunk[]
      /** Null: as it is. */
      readonly executable: boolean | null
    }
  | { readonly kind: 'delete'; readonly hunks: readonly StructuredPatchHunk[] }
)

export interface Wishes {
  readonly wishes: readonly Wish[]
  /** What makes a block unusable, in sentences. */
  readonly problems: readonly string[]
}

export const nameBlock = ({ number, kind }: Block): string =>
  `block ${number} (${kind === 'diff' ? 'a diff' : 'a whole file'})`

export function readWishes(blocks: readonly Block[]): Wishes {
  const wishes: Wish[] = []
  const problems: string[] = []
  for (const block of blocks) {
    for (const item of block.kind === 'file' ? [putFile(block)] : readDiff(block)) {
      const bad = typeof item === 'string' ? item : refuseWish(item)
      if (bad !== null) problems.push(bad)
      else if (typeof item !== 'string') wishes.push(item)
    }
  }
  return { wishes, problems }
}

/** Every path that a wish touches. */
export const pathsOf = (wish: Wish): readonly string[] =>
  wish.kind === 'patch' && wish.source !== null && wish.source !== wish.path
    ? [wish.path, wish.source]
    : [wish.path]

function refuseWish(wish: Wish): string | null {
  for (const path of pathsOf(wish)) {
    const why = refusePath(path)
    if (why !== null) return `\`${path}\` in ${nameBlock(wish.block)} ${why}.`
  }
  return null
}

const putFile = (block: Block & { readonly kind: 'file' }): Wish => ({
  kind: 'put',
  path: tidyPath(block.path),
  block,
  content: block.content,
})

/** Wishes, and sentences for what cannot be one. */
function readDiff(block: Block & { readonly kind: 'diff' }): readonly (Wish | string)[] {
  const where = nameBlock(block)
  if (/^GIT binary patch$/m.test(block.text))
    return [`${capital(where)} holds a binary change; only text can be applied.`]
  let patches: readonly StructuredPatch[]
  try {
    patches = parsePatch(block.text).filter(holdsSomething)
  } catch (error) {
    const { message } = error as Error
    return [
      `${capital(where)} is no readable diff: ${message}. (Lines are counted within the block. The header of a hunk counts its lines, old and new: "@@ -1,3 +1,4 @@".)`,
    ]
  }
  if (patches.length === 0)
    return [
      `${capital(where)} holds no change; a unified diff has lines such as "@@ -1,3 +1,4 @@".`,
    ]
  return patches.map((patch) => readPatch(patch, block))
}

const holdsSomething = (patch: StructuredPatch): boolean =>
  patch.hunks.length > 0 || patch.oldFileName !== undefined || patch.newFileName !== undefined

function readPatch(
  patch: StructuredPatch,
  block: Block & { readonly kind: 'diff' },
): Wish | string {
  const where = nameBlock(block)
  const { source, target } = fileNames(patch, block.path)
  const { hunks } = patch
  const name = target ?? source
  if (name === null)
    return `${capital(where)} names no file; a diff starts with lines such as "--- a/x.js" and "+++ b/x.js".`
  if (patch.isBinary === true)
    return `\`${name}\` in ${where} is a binary change; only text can be applied.`
  if ([patch.oldMode, patch.newMode].some((mode) => mode !== undefined && !mode.startsWith('100')))
    return `\`${name}\` in ${where} is a symbolic link or a submodule; only plain files can be changed.`
  if (target === null || patch.isDelete === true)
    return { kind: 'delete', path: name, block, hunks }
  const executable = patch.newMode === undefined ? null : patch.newMode === '100755'
  const created = source === null || patch.isCreate === true
  if (hunks.length === 0 && executable === null && !created && source === target)
    return `\`${name}\` in ${where} comes without a change.`
  return {
    kind: 'patch',
    path: target,
    block,
    source: created ? null : source,
    keepSource: patch.isCopy === true,
    hunks,
    executable,
  }
}

interface FileNames {
  /** Null: /dev/null. */
  readonly source: string | null
  readonly target: string | null
}

function fileNames(patch: StructuredPatch, path: string | null): FileNames {
  const { oldFileName, newFileName } = patch
  if (oldFileName === undefined || newFileName === undefined)
    return { source: path && tidyPath(path), target: path && tidyPath(path) }
  // git's own prefixes; without both of them a leading `a/` is a folder.
  const prefixed =
    (oldFileName.startsWith('a/') || oldFileName === '/dev/null') &&
    (newFileName.startsWith('b/') || newFileName === '/dev/null')
  const read = (name: string): string | null =>
    name === '/dev/null' ? null : tidyPath(prefixed ? name.slice(2) : name)
  return { source: read(oldFileName), target: read(newFileName) }
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)
