/**
 * A pair: a private repository that borrows from the mirror, and a worktree linked to it. Made by trusted git
 * before any agent was there; from the moment that it is handed out, trusted git never touches it again.
 */
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { shortSha, type RepoId, type Sha } from '../domain/ids.ts'
import { WorldFault } from '../ports/fault.ts'
import type { Pair } from '../ports/git.ts'
import { layBare } from './bare.ts'
import { gitFault } from './git-fault.ts'
import { holds } from './mirror.ts'
import { mirrorPath, objectsOf, type Room } from './room.ts'

/** A checkout of 6,700 files takes 0.2–0.7 s; this is for one a hundred times as large on a slow disk. */
const CHECKOUT_LIMIT = 300_000
/** The same branch name in every worktree: agents are at ease on a branch, and no name of a person ends up in it. */
const BRANCH = 'work'

export async function makePair(room: Room, repo: RepoId, base: Sha, folder: string): Promise<Pair> {
  const mirror = mirrorPath(room, repo)
  const repository = join(folder, 'repository')
  const worktree = join(folder, 'worktree')
  const readable = [objectsOf(mirror)]
  // Nothing is shared between two pairs, so they need not wait for each other; only the cores are shared.
  return await room.cores(async () => {
    await mkdir(folder, { mode: 0o700 })
    try {
      await layBare(repository, { borrows: readable, config: settings(room) })
      const result = await room.run({
        repository,
        args: ['worktree', 'add', '--quiet', '--no-track', '-b', BRANCH, worktree, base],
        timeout: CHECKOUT_LIMIT,
      })
      if (result.code === 0) return { repository, worktree, readable, base }
      if (!(await holds(room, repository, base))) throw missing(base)
      const operation = 'git worktree add'
      throw gitFault(result, { operation, applied: 'no', otherwise: 'local' })
    } catch (error) {
      await rm(folder, { recursive: true, force: true })
      throw error
    }
  })
}

const missing = (base: Sha): WorldFault =>
  new WorldFault(`commit ${shortSha(base)} is not in the mirror; it has to be fetched first`, {
    kind: 'not-found',
    applied: 'no',
    operation: 'make a pair',
  })

/** The agent's own commits need somebody's name, and must not start a repack that outlives them. */
const settings = ({ identity }: Room): readonly string[] => [
  '[user]',
  `\tname = ${quoted(identity.name)}`,
  `\temail = ${quoted(identity.email)}`,
  '[gc]\n\tauto = 0',
  '[maintenance]\n\tauto = false',
]

const quoted = (value: string): string =>
  `"${value.replaceAll(/[\r\n]/g, ' ').replaceAll(/["\\]/g, '\\$&')}"`
