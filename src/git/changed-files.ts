/** What a range of commits changes, as trusted git sees it: no filters, no converters, no attributes of the repository. */
import type { ChangedFile } from '../domain/attempt.ts'
import type { Sha } from '../domain/ids.ts'
import { WorldFault } from '../ports/fault.ts'
import { gitFault } from './git-fault.ts'
import type { Room } from './room.ts'

export interface Range {
  readonly base: Sha
  readonly head: Sha
}

/** A list of 100,000 files takes about 20 MiB. */
const MAX_LIST = 64 * 1024 * 1024
const DIFF_LIMIT = 120_000

const PLAIN = ['--no-ext-diff', '--no-textconv', '--no-color', '--ignore-submodules=none']

/** Throws a `WorldFault` of kind `invalid` for a change too large to be looked at. */
export async function changedFiles(
  room: Room,
  repository: string,
  { base, head }: Range,
): Promise<readonly ChangedFile[]> {
  const result = await room.run({
    repository,
    args: ['diff-tree', '-r', '-M', '-z', '--raw', '--numstat', ...PLAIN, base, head, '--'],
    maxBytes: MAX_LIST,
    timeout: DIFF_LIMIT,
    hostile: true,
  })
  const huge = result.cut || result.late || /out of memory/i.test(result.stderr)
  if (huge)
    throw new WorldFault('the work changes more files than can be looked at', {
      kind: 'invalid',
      applied: 'no',
      operation: 'list changed files',
    })
  if (result.code !== 0)
    throw gitFault(result, { operation: 'git diff-tree', applied: 'no', otherwise: 'local' })
  return parseChanges(result.stdout.toString('utf8'))
}

/** The unified diff, cut at a line's end so that it holds at most `maxBytes`. */
export async function diffText(
  room: Room,
  repository: string,
  { base, head, maxBytes }: Range & { readonly maxBytes: number },
): Promise<string> {
  const result = await room.run({
    repository,
    args: [
      'diff-tree',
      '-r',
      '-M',
      '-p',
      '--src-prefix=a/',
      '--dst-prefix=b/',
      ...PLAIN,
      base,
      head,
      '--',
    ],
    maxBytes,
    timeout: DIFF_LIMIT,
    hostile: true,
  })
  if (result.cut) {
    const kept = result.stdout.subarray(0, maxBytes)
    return kept.subarray(0, kept.lastIndexOf('\n') + 1).toString('utf8')
  }
  if (result.code !== 0)
    throw gitFault(result, { operation: 'git diff-tree', applied: 'no', otherwise: 'local' })
  return result.stdout.toString('utf8')
}

/** With `-z` come first the raw records (`:modes ids status`, path, for a rename two), then those of numstat. */
function parseChanges(text: string): readonly ChangedFile[] {
  const fields = text.split('\0')
  const statuses = new Map<string, ChangedFile['status']>()
  const files: ChangedFile[] = []
  for (let at = 0; at < fields.length; at += 1) {
    const field = fields[at] ?? ''
    if (field.startsWith(':')) {
      const letter = field.slice(field.lastIndexOf(' ') + 1, field.lastIndexOf(' ') + 2)
      const renamed = letter === 'R' || letter === 'C'
      at += renamed ? 2 : 1
      statuses.set(fields[at] ?? '', statusOf(letter))
      continue
    }
    const counts = /^(\d+|-)\t(\d+|-)\t(.*)$/s.exec(field)
    if (counts === null) continue
    // A rename's record ends after the counts; its old and new path follow.
    const renamed = counts[3] === ''
    const path = renamed ? fields[at + 2] : counts[3]
    if (renamed) at += 2
    if (path === undefined) continue
    const status = statuses.get(path) ?? 'modified'
    files.push({ path, status, additions: count(counts[1]), deletions: count(counts[2]) })
  }
  return files
}

const count = (digits: string | undefined): number | null =>
  digits === undefined || digits === '-' ? null : Number(digits)

function statusOf(letter: string): ChangedFile['status'] {
  switch (letter) {
    case 'A':
    case 'C':
      return 'added'
    case 'D':
      return 'deleted'
    case 'R':
      return 'renamed'
    case 'T':
      return 'type-changed'
    default:
      return 'modified'
  }
}
