/** The mirror of a repository: fetched from the remote and from nowhere else, never pruned, so that tasks can borrow from it. */
import type { RepoId, Sha } from '../domain/ids.ts'
import { slug, type RepoRef } from '../domain/repository.ts'
import { WorldFault } from '../ports/fault.ts'
import { clearStale, ensureBare } from './bare.ts'
import { branchRef, reach } from './connect.ts'
import { gitFault } from './git-fault.ts'
import { mirrorPath, type Room } from './room.ts'

/** A first fetch brings the whole history. Judgement: 50 MB/min still brings half a gigabyte. */
const FETCH_LIMIT = 600_000
/** What may be older than any call that still runs. */
const STALE = 2 * FETCH_LIMIT

/**
 * Old but harmless faults of form that GitHub has let in for years; with them as errors some well-known
 * repositories could not be fetched at all. What could do harm in a checkout stays an error.
 */
const OLD_SINS = [
  'badDate',
  'badDateOverflow',
  'badEmail',
  'badTimezone',
  'missingEmail',
  'missingNameBeforeEmail',
  'missingSpaceBeforeDate',
  'missingSpaceBeforeEmail',
  'multipleAuthors',
  'zeroPaddedDate',
  'zeroPaddedFilemode',
].map((id) => `fetch.fsck.${id}=warn`)

export const ensureMirror = async (room: Room, repo: RepoId): Promise<string> => {
  const path = mirrorPath(room, repo)
  await ensureBare(path, { borrows: [], config: [] })
  return path
}

/** Brings `head` into the mirror: by the default branch, else by its own name. Does nothing when it is there. */
export function mirrorFetcher(room: Room): (repo: RepoRef, head: Sha) => Promise<void> {
  const cleared = new Set<RepoId>()
  return async (repo, head) => {
    const path = await ensureMirror(room, repo.id)
    if (await holds(room, path, head)) return
    await room.queue(path, async () => {
      // Whoever waited in the queue may find that the fetch before has brought it.
      if (await holds(room, path, head)) return
      if (!cleared.has(repo.id)) {
        await clearStale(path, room.clock.now() - STALE)
        cleared.add(repo.id)
      }
      // A name of ours for whatever the default branch is called: renamed from `a` to `a/b` it would be refused.
      await fetchRef(room, repo, `+${branchRef(repo.defaultBranch)}:refs/mirror/default`).catch(
        (error: unknown) => {
          if (!(error instanceof WorldFault && error.kind === 'not-found')) throw error
        },
      )
      if (await holds(room, path, head)) return
      await fetchRef(room, repo, `+${head}:refs/mirror/commit/${head}`)
    })
  }
}

/** Whether a commit is there. Packs appear whole, so a commit that is there has its trees and files too. */
export async function holds(room: Room, repository: string, commit: Sha): Promise<boolean> {
  const result = await room.run({ repository, args: ['cat-file', '-e', `${commit}^{commit}`] })
  if (result.code === 0) return true
  // Only the answers that mean "no": 1, and 128 for a name that cannot be resolved.
  if (result.code === 1 || /not a valid object name/i.test(result.stderr)) return false
  throw gitFault(result, { operation: 'git cat-file', applied: 'no', otherwise: 'local' })
}

async function fetchRef(room: Room, repo: RepoRef, refspec: string): Promise<void> {
  const result = await reach(room.remote, { repo, access: 'read' }, ({ url, config, secret }) =>
    room.run({
      repository: mirrorPath(room, repo.id),
      args: [
        'fetch',
        '--quiet',
        '--no-tags',
        '--no-write-fetch-head',
        '--no-auto-maintenance',
        '--no-recurse-submodules',
        '--end-of-options',
        url,
        refspec,
      ],
      config: [...config, ...OLD_SINS],
      timeout: FETCH_LIMIT,
      ...(secret === undefined ? {} : { secret }),
    }),
  )
  if (result.code === 0) return
  const operation = `git fetch ${slug(repo)}`
  throw gitFault(result, { operation, applied: 'no', otherwise: 'transient' })
}
