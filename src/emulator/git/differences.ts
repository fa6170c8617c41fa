// Differences between two commits in the shape that GitHub's `diff-entry` wants.
import { git } from './run-git.ts'

export type FileDifference = {
  readonly filename: string
  readonly previous: string | null
  readonly status: 'added' | 'removed' | 'modified' | 'renamed'
  readonly sha: string
  readonly additions: number
  readonly deletions: number
  /** Unified hunks without the file headers; absent for binary files. */
  readonly patch: string | null
}

const EMPTY_TREE = '4b825dc642cb6eb9a060e54bf8d69288fbee4904'

/** Files that differ between two commits; `from === null` compares with nothing. */
export async function differences(
  dir: string,
  from: string | null,
  to: string,
): Promise<readonly FileDifference[]> {
  const range = [from ?? EMPTY_TREE, to]
  const [raw, numbers, patch] = await Promise.all([
    git(dir, ['diff-tree', '-r', '-M', '-z', '--raw', '--no-abbrev', ...range]),
    git(dir, ['diff-tree', '-r', '-M', '-z', '--numstat', ...range]),
    git(dir, ['-c', 'core.quotePath=false', 'diff-tree', '-r', '-M', '-p', '--no-color', ...range]),
  ])
  const counts = parseNumbers(numbers)
  const hunks = patch
    .split(/^diff --git .*$/m)
    .slice(1)
    .map(hunksOf)
  return parseRaw(raw).map((entry, index) => ({
    ...entry,
    ...(counts[index] ?? { additions: 0, deletions: 0 }),
    patch: hunks[index] ?? null,
  }))
}

/** The whole difference as text, as `.diff` pages show it. */
export async function diffText(dir: string, from: string, to: string): Promise<string> {
  return git(dir, [
    '-c',
    'core.quotePath=false',
    'diff',
    '--no-color',
    '--no-ext-diff',
    from,
    to,
    '--',
  ])
}

function hunksOf(section: string): string | null {
  const start = section.search(/^@@ /m)
  return start < 0 ? null : section.slice(start).replace(/\n$/, '')
}

function parseRaw(text: string): Omit<FileDifference, 'additions' | 'deletions' | 'patch'>[] {
  const parts = text.split('\0')
  const found: Omit<FileDifference, 'additions' | 'deletions' | 'patch'>[] = []
  for (let at = 0; at < parts.length - 1;) {
    const [, , before = '', after = '', letter = ''] = (parts[at] ?? '').split(' ')
    const first = parts[at + 1] ?? ''
    const renamed = letter.startsWith('R') || letter.startsWith('C')
    const filename = renamed ? (parts[at + 2] ?? '') : first
    const status = statusOf(letter)
    found.push({
      filename,
      previous: renamed ? first : null,
      status,
      sha: status === 'removed' ? before : after,
    })
    at += renamed ? 3 : 2
  }
  return found
}

function statusOf(letter: string): FileDifference['status'] {
  if (letter.startsWith('A')) return 'added'
  if (letter.startsWith('D')) return 'removed'
  return letter.startsWith('R') ? 'renamed' : 'modified'
}

function parseNumbers(text: string): { additions: number; deletions: number }[] {
  const parts = text.split('\0')
  const found: { additions: number; deletions: number }[] = []
  for (let at = 0; at < parts.length - 1;) {
    const [added = '', deleted = '', path = ''] = (parts[at] ?? '').split('\t')
    found.push({ additions: Number(added) || 0, deletions: Number(deleted) || 0 })
    // A rename has its two names in fields of their own.
    at += path === '' ? 3 : 1
  }
  return found
}
