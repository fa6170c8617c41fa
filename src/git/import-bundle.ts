/**
 * Takes an agent's work over into the trusted outbox of its task. Of the bundle only the pack and the name of one
 * commit are used: every object is checked, every link of that commit, and that it builds on the base; then
 * exactly one ref of ours moves. Whatever else the bundle names is without effect.
 */
import { open, type FileHandle } from 'node:fs/promises'
import { sha, shortSha, type RepoId, type Sha, type TaskId } from '../domain/ids.ts'
import { WorldFault } from '../ports/fault.ts'
import type { Imported } from '../ports/git.ts'
import { clearStale, ensureBare } from './bare.ts'
import { readBundleHeader } from './bundle-header.ts'
import { changedFiles } from './changed-files.ts'
import { gitFault, remoteWords } from './git-fault.ts'
import { mirrorPath, objectsOf, outboxPath, type Room } from './room.ts'
import type { GitResult } from './run.ts'

export interface Bundle {
  readonly file: string
  readonly ref: string
  readonly base: Sha
}

/** A pack as large as a workspace may hand over (half a gigabyte) takes half of that. */
const IMPORT_LIMIT = 120_000
const MAX_PACK = 1024 * 1024 * 1024
const IMPORTED = 'refs/heads/work'

export async function importBundle(
  room: Room,
  repo: RepoId,
  task: TaskId,
  bundle: Bundle,
): Promise<Imported | null> {
  const outbox = outboxPath(room, task)
  return await room.queue(outbox, async () => {
    const file = await open(bundle.file, 'r').catch((cause: unknown) => {
      throw new WorldFault(`the bundle cannot be read: ${String(cause)}`, {
        kind: 'local',
        applied: 'no',
        operation: OPERATION,
        cause,
      })
    })
    try {
      const header = await readBundleHeader(file)
      if (typeof header === 'string') throw refused(header)
      const named = header.refs.get(bundle.ref)
      if (named === undefined) throw refused(`it does not hold ${bundle.ref}`)
      const head = sha(named)
      if (head === bundle.base) return null
      await ensureBare(outbox, {
        borrows: [objectsOf(mirrorPath(room, repo))],
        // What an attempt left behind can be found again after the next one has moved the ref.
        config: ['\tlogAllRefUpdates = always'],
      })
      await unpack(room, outbox, { file, offset: header.packOffset })
      const commits = await check(room, outbox, { base: bundle.base, head })
      const files = await changedFiles(room, outbox, { base: bundle.base, head })
      await must(room, outbox, ['update-ref', '-m', 'import', IMPORTED, head])
      return { head, commits, files }
    } finally {
      await file.close()
    }
  })
}

/** `--strict`: every object is checked for what could do harm in a checkout (`.gitmodules` included), and every link inside. */
async function unpack(
  room: Room,
  repository: string,
  { file, offset }: { readonly file: FileHandle; readonly offset: number },
): Promise<void> {
  const result = await room.run({
    repository,
    args: ['index-pack', '--stdin', '--fix-thin', '--strict', `--max-input-size=${MAX_PACK}`],
    input: file.createReadStream({ start: offset, autoClose: false }),
    timeout: IMPORT_LIMIT,
    hostile: true,
  })
  if (result.code === 0) return
  // A pack that is refused leaves its half-written file.
  await clearStale(repository, Number.POSITIVE_INFINITY)
  throw verdict(result)
}

/** How many commits `head` is ahead of `base`; throws unless it builds on it and is complete. */
async function check(
  room: Room,
  repository: string,
  { base, head }: { readonly base: Sha; readonly head: Sha },
): Promise<number> {
  const counted = await room.run({
    repository,
    args: ['rev-list', '--left-right', '--count', `${base}...${head}`, '--'],
    hostile: true,
  })
  if (counted.code !== 0) throw verdict(counted)
  const [behind, ahead] = counted.stdout.toString().trim().split('\t').map(Number)
  // Pushed, such a head would take commits of other people away from the branch, or undo them in the diff.
  if (behind !== 0 || ahead === undefined)
    throw refused(
      `its history was rewritten: it does not build on ${shortSha(base)}, on which the work began`,
    )
  const linked = await room.run({
    repository,
    args: ['rev-list', '--objects', '--quiet', head, `^${base}`, '--'],
    hostile: true,
    timeout: IMPORT_LIMIT,
  })
  if (linked.code !== 0) throw verdict(linked)
  return ahead
}

async function must(room: Room, repository: string, args: readonly string[]): Promise<void> {
  const result = await room.run({ repository, args })
  if (result.code !== 0)
    throw gitFault(result, { operation: `git ${args[0]}`, applied: 'no', otherwise: 'local' })
}

const OPERATION = 'import a bundle'

const refused = (why: string): WorldFault =>
  new WorldFault(`the work cannot be taken over: ${why}`, {
    kind: 'invalid',
    applied: 'no',
    operation: OPERATION,
  })

/** Git's complaint about the bundle, unless the machine is to blame. */
function verdict(result: GitResult): WorldFault {
  const fault = gitFault(result, { operation: OPERATION, applied: 'no', otherwise: 'invalid' })
  if (/out of memory|exceeds maximum allowed size/i.test(result.stderr) || result.late)
    return refused('it unfolds to more than can be looked at')
  return fault.kind === 'local' ? fault : refused(remoteWords(result.stderr))
}
