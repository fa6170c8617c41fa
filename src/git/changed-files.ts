/** What a range of commits changes, as trusted git sees it: no filters, no converters, no attributes of the repository. */
import type { ChangedFile } from '../domain/attempt.ts'
import type { Sha } from '../domain/ids.ts'
import { WorldFault } from '../ports/fault.ts'
import type { Diff } from '../ports/git.ts'
import { gitFault } from './git-fault.ts'
import { changesScripts, isPackage } from './package-scripts.ts'
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
  return await withScripts(room, repository, parseChanges(result.stdout.toString('utf8')))
}

/** Paths handed to git as arguments; of more than that the whole diff is no longer than anybody would read. */
const MAX_PATHS = 1_000

/** Cut at a line's end so that it holds at most `maxBytes`. Renames are shown as what they take away and bring. */
export async function diffText(
  room: Room,
  repository: string,
  range: Range & { readonly paths: readonly string[] | null; readonly maxBytes: number },
): Promise<Diff> {
  const { base, head, maxBytes } = range
  const paths = range.paths ?? []
  const result = await room.run({
    repository,
    args: [
      'diff-tree',
      '-r',
      '-p',
      '--full-index',
      '--binary',
      '--src-prefix=a/',
      '--dst-prefix=b/',
      ...PLAIN,
      base,
      head,
      '--',
      ...(paths.length > MAX_PATHS ? [] : paths),
    ],
    maxBytes,
    timeout: DIFF_LIMIT,
    hostile: true,
  })
  if (result.cut) {
    const kept = result.stdout.subarray(0, maxBytes)
    return { text: kept.subarray(0, kept.lastIndexOf('\n') + 1).toString('utf8'), cut: true }
  }
  if (result.code !== 0)
    throw gitFault(result, { operation: 'git diff-tree', applied: 'no', otherwise: 'local' })
  return { text: result.stdout.toString('utf8'), cut: false }
}

/** Two reads each, so of a change of more manifests than that all count as changing what runs. A judgement. */
const MAX_MANIFESTS = 50

async function withScripts(
  room: Room,
  repository: string,
  changes: readonly Change[],
): Promise<readonly ChangedFile[]> {
  let left = MAX_MANIFESTS
  const files: ChangedFile[] = []
  for (const { file, before, after } of changes) {
    if (!isPackage(file.path) || file.brings !== undefined) {
      files.push(file)
      continue
    }
    left -= 1
    const former = file.from === undefined || isPackage(file.from) ? before : ''
    const touched = left < 0 || (await changesScripts(room, repository, former, after))
    files.push(touched ? { ...file, brings: 'scripts' } : file)
  }
  return files
}

interface Raw {
  readonly status: ChangedFile['status']
  readonly submodule: boolean
  readonly from: string | null
  readonly before: string
  readonly after: string
}

/** A changed file, and what it held before and holds now, by their ids. */
interface Change {
  readonly file: ChangedFile
  readonly before: string
  readonly after: string
}

const RAW = /^:(\d{6}) (\d{6}) ([0-9a-f]+) ([0-9a-f]+) ([A-Z])/
const SUBMODULE = '160000'

/** With `-z` come first the raw records (`:modes ids status`, path, for a rename two), then those of numstat. */
function parseChanges(text: string): readonly Change[] {
  const fields = text.split('\0')
  const raws = new Map<string, Raw>()
  const changes: Change[] = []
  for (let at = 0; at < fields.length; at += 1) {
    const field = fields[at] ?? ''
    const raw = RAW.exec(field)
    if (raw !== null) {
      const [, oldMode, newMode, before = '', after = '', letter = ''] = raw
      const renamed = letter === 'R' || letter === 'C'
      const from = renamed ? (fields[at + 1] ?? null) : null
      at += renamed ? 2 : 1
      const submodule = oldMode === SUBMODULE || newMode === SUBMODULE
      raws.set(fields[at] ?? '', { status: statusOf(letter), submodule, from, before, after })
      continue
    }
    const counts = /^(\d+|-)\t(\d+|-)\t(.*)$/s.exec(field)
    if (counts === null) continue
    // A rename's record ends after the counts; its old and new path follow.
    const renamed = counts[3] === ''
    const path = renamed ? fields[at + 2] : counts[3]
    if (renamed) at += 2
    if (path === undefined) continue
    const known = raws.get(path)
    const file: ChangedFile = {
      path,
      status: known?.status ?? 'modified',
      additions: count(counts[1]),
      deletions: count(counts[2]),
      ...(known === undefined || known.from === null ? {} : { from: known.from }),
      ...(known?.submodule === true ? { brings: 'submodule' as const } : {}),
    }
    changes.push({ file, before: known?.before ?? '', after: known?.after ?? '' })
  }
  return changes
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
