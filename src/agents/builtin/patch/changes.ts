/** Wishes against the worktree → changes ready to be written. Everything is checked here, before the first byte is written. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fitHunks } from './fit-hunks.ts'
import { lookAt, type Standing } from './safe-path.ts'
import { nameBlock, pathsOf, type Wish } from './wishes.ts'

export interface Change {
  readonly path: string
  /** Null: the file goes. */
  readonly content: string | null
  /** Permission bits of the file once written. */
  readonly mode: number
  /** For the summary, such as "created, 12 lines". */
  readonly words: string
}

export type Checked =
  | { readonly kind: 'ready'; readonly changes: readonly Change[] }
  | { readonly kind: 'problem'; readonly words: string }

const MAX_FILE_BYTES = 16 * 1024 * 1024

/** No change at all where the file is already as wished. */
export async function checkWish(worktree: string, wish: Wish): Promise<Checked> {
  const where = nameBlock(wish.block)
  const problem = (words: string): Checked => ({
    kind: 'problem',
    words: `\`${wish.path}\` in ${where}: ${words}`,
  })
  const target = await readText(worktree, wish.path)
  if (target.kind === 'refused') return problem(target.why)
  switch (wish.kind) {
    case 'put':
      return checkPut(wish.path, wish.content, target)
    case 'delete': {
      if (target.kind === 'absent') return problem('there is no such file to delete.')
      const fit = fitHunks(target.text, wish.hunks)
      if (fit.kind === 'misfit') return problem(fit.words)
      if (fit.text !== '') return problem('the diff deletes the file, but not all of its lines.')
      return ready([{ path: wish.path, content: null, mode: 0, words: 'deleted' }])
    }
    case 'patch':
      return checkPatch(worktree, wish, target, problem)
  }
}

type Text =
  | { readonly kind: 'text'; readonly text: string; readonly mode: number }
  | Exclude<Standing, { kind: 'file' }>

function checkPut(
  path: string,
  wanted: string,
  target: Exclude<Text, { kind: 'refused' }>,
): Checked {
  if (target.kind === 'absent')
    return ready([{ path, content: wanted, mode: 0o644, words: `created, ${count(wanted)}` }])
  // The file keeps its kind of line breaks: the text has lost them on its way.
  const windows = /\r\n/.test(target.text) && !/[^\r]\n/.test(target.text)
  const content = windows ? wanted.replaceAll('\n', '\r\n') : wanted
  if (content === target.text) return ready([])
  return ready([{ path, content, mode: target.mode, words: `replaced, ${count(content)}` }])
}

async function checkPatch(
  worktree: string,
  wish: Wish & { readonly kind: 'patch' },
  target: Exclude<Text, { kind: 'refused' }>,
  problem: (words: string) => Checked,
): Promise<Checked> {
  const { path, source, hunks } = wish
  const moved = source !== null && source !== path
  if ((source === null || moved) && target.kind === 'text')
    return problem('the diff creates this file, but it is there already.')
  const from = source === null ? null : moved ? await readText(worktree, source) : target
  if (from?.kind === 'refused') return problem(`\`${source}\`: ${from.why}`)
  if (from?.kind === 'absent') return problem(`there is no file \`${source}\` to change.`)
  const fit = fitHunks(from?.text ?? '', hunks)
  if (fit.kind === 'misfit') return problem(fit.words)
  const mode = executableMode(from?.mode ?? 0o644, wish.executable)
  const words = patchWords(wish, fit.text)
  const written: Change = { path, content: fit.text, mode, words }
  const gone: Change = {
    path: source ?? path,
    content: null,
    mode: 0,
    words: `moved to \`${path}\``,
  }
  return ready(moved && !wish.keepSource ? [written, gone] : [written])
}

function patchWords(
  { source, path, hunks }: Wish & { readonly kind: 'patch' },
  text: string,
): string {
  if (source === null) return `created, ${count(text)}`
  const lines = hunks.flatMap((hunk) => hunk.lines)
  const added = lines.filter((line) => line.startsWith('+')).length
  const removed = lines.filter((line) => line.startsWith('-')).length
  const size = `+${added} −${removed}`
  return source === path ? size : `from \`${source}\`, ${size}`
}

function executableMode(mode: number, executable: boolean | null): number {
  if (executable === null) return mode
  return executable ? mode | 0o111 : mode & ~0o111
}

/** The text that a diff is about, as far as it can be read; what cannot is said when it is checked. */
export async function readWished(
  worktree: string,
  wish: Extract<Wish, { kind: 'patch' | 'delete' }>,
): Promise<string | null> {
  const path = wish.kind === 'patch' ? wish.source : wish.path
  const read = path === null ? null : await readText(worktree, path)
  return read?.kind === 'text' ? read.text : null
}

async function readText(worktree: string, path: string): Promise<Text> {
  const standing = await lookAt(worktree, path)
  if (standing.kind !== 'file') return standing
  if (standing.size > MAX_FILE_BYTES) return { kind: 'refused', why: 'it is larger than 16 MiB.' }
  const bytes = await readFile(join(worktree, path))
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
    if (!text.includes('\0')) return { kind: 'text', text, mode: standing.mode }
  } catch {
    // Not UTF-8: written back it would be damaged.
  }
  return { kind: 'refused', why: 'it is no UTF-8 text.' }
}

const count = (text: string): string => {
  const lines = text.split('\n').length - (text.endsWith('\n') || text === '' ? 1 : 0)
  return lines === 1 ? '1 line' : `${lines} lines`
}

const ready = (changes: readonly Change[]): Checked => ({ kind: 'ready', changes })

/** A path that is touched twice, or is a folder of another; null when each file has one change. */
export function findClash(wishes: readonly Wish[]): readonly [string, Wish, Wish] | null {
  const owners = new Map<string, Wish>()
  for (const wish of wishes)
    for (const path of pathsOf(wish)) {
      const other = owners.get(path)
      if (other) return [path, other, wish]
      owners.set(path, wish)
    }
  for (const [path, wish] of owners)
    for (let cut = path.lastIndexOf('/'); cut > 0; cut = path.lastIndexOf('/', cut - 1)) {
      const other = owners.get(path.slice(0, cut))
      if (other) return [path, other, wish]
    }
  return null
}
