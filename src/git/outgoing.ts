/** What a push of a head would publish: every commit that the remote does not have, with its message and the lines it adds. */
import { Readable } from 'node:stream'
import type { Sha } from '../domain/ids.ts'
import type { Diff } from '../ports/git.ts'
import { gitFault } from './git-fault.ts'
import type { Room } from './room.ts'

const LIMIT = 120_000
/** A name for each commit; more of them than fit are too many to be looked through. */
const MOST_COMMITS = 41 * 10_000

export interface OutgoingRange {
  readonly head: Sha
  /** What is there already, with all that it builds on. */
  readonly without: readonly Sha[]
  readonly maxBytes: number
}

/**
 * Binary files as text, because a secret in one is one. Of a merge only what is in none of its parents: the rest of it
 * came from where it goes.
 */
export async function outgoing(
  room: Room,
  repository: string,
  { head, without, maxBytes }: OutgoingRange,
): Promise<Diff> {
  const listed = await room.run({
    repository,
    args: ['rev-list', '--reverse', head, ...without.map((one) => `^${one}`), '--'],
    maxBytes: MOST_COMMITS,
    hostile: true,
  })
  if (listed.cut) return { text: '', cut: true }
  if (listed.code !== 0)
    throw gitFault(listed, { operation: 'git rev-list', applied: 'no', otherwise: 'local' })
  if (listed.stdout.length === 0) return { text: '', cut: false }
  const told = await room.run({
    repository,
    args: [
      'diff-tree',
      '--stdin',
      '-r',
      '--root',
      '--cc',
      '-M',
      '--unified=0',
      '--text',
      '--pretty=raw',
      '--src-prefix=a/',
      '--dst-prefix=b/',
      '--no-ext-diff',
      '--no-textconv',
      '--no-color',
      '--ignore-submodules=none',
    ],
    input: Readable.from([listed.stdout]),
    maxBytes,
    timeout: LIMIT,
    hostile: true,
  })
  // A change that unfolds to more than memory or time allow is more than can be looked through.
  const huge = told.cut || told.late || /out of memory/i.test(told.stderr)
  if (!huge && told.code !== 0)
    throw gitFault(told, { operation: 'git diff-tree', applied: 'no', otherwise: 'local' })
  return { text: told.stdout.subarray(0, maxBytes).toString('utf8'), cut: huge }
}
