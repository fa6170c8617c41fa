// Differences between two commits in the shape that GitHub's `diff-entry` wants.
import { remembered } from './memo.ts'
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
  return remembered({ dir, what: 'differences', ids: range }, async () => {
    const options = ['-r', '-M', '-z', '--raw', '--numstat', '-p', '--no-abbrev', '--no-color']
    return parse(await git(dir, ['diff-tree', ...options, ...range]))
  })
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

type Raw = Pick<FileDifference, 'filename' | 'previous' | 'status' | 'sha'>
type Counts = Pick<FileDifference, 'additions' | 'deletions'>

/** First all raw entries, then all counts, then an empty field and the patch. */
function parse(text: string): readonly FileDifference[] {
  const parts = text.split('\0')
  const entries: Raw[] = []
  const counts: Counts[] = []
  let at = 0
  for (; parts[at]?.startsWith(':') === true; at += entries.at(-1)?.previous === null ? 2 : 3) {
    entries.push(rawEntry(parts, at))
  }
  for (let fields = countFields(parts[at]); fields !== null; fields = countFields(parts[at])) {
    const [added = '', deleted = '', path = ''] = fields
    counts.push({ additions: Number(added) || 0, deletions: Number(deleted) || 0 })
    // A rename has its two names in fields of their own.
    at += path === '' ? 3 : 1
  }
  const patch = parts.slice(at).join('\0')
  const hunks = patch
    .split(/^\0?diff --git .*$/m)
    .slice(1)
    .map(hunksOf)
  return entries.map((entry, index) => ({
    ...entry,
    ...(counts[index] ?? { additions: 0, deletions: 0 }),
    patch: hunks[index] ?? null,
  }))
}

function rawEntry(parts: readonly string[], at: number): Raw {
  const [, , before = '', after = '', letter = ''] = (parts[at] ?? '').split(' ')
  const first = parts[at + 1] ?? ''
  const renamed = letter.startsWith('R') || letter.startsWith('C')
  const status = statusOf(letter)
  return {
    filename: renamed ? (parts[at + 2] ?? '') : first,
    previous: renamed ? first : null,
    status,
    sha: status === 'removed' ? before : after,
  }
}

function countFields(part: string | undefined): readonly string[] | null {
  const fields = /^(\d+|-)\t(\d+|-)\t([^]*)$/.exec(part ?? '')
  return fields === null ? null : fields.slice(1)
}

function hunksOf(section: string): string | null {
  const start = section.search(/^@@ /m)
  return start < 0 ? null : section.slice(start).replace(/\n$/, '')
}

function statusOf(letter: string): FileDifference['status'] {
  if (letter.startsWith('A')) return 'added'
  if (letter.startsWith('D')) return 'removed'
  return letter.startsWith('R') ? 'renamed' : 'modified'
}
