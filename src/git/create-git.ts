/** Puts the room of trusted git together behind its port. */
import { availableParallelism } from 'node:os'
import type { Sha } from '../domain/ids.ts'
import type { RepoRef } from '../domain/repository.ts'
import type { Clock } from '../ports/clock.ts'
import type { Git, GitRemote } from '../ports/git.ts'
import { approvedFiles, fileAt } from './approved-files.ts'
import { changedFiles, diffText } from './changed-files.ts'
import { importBundle } from './import-bundle.ts'
import { makePair } from './make-pair.ts'
import { conflictMarkers, mergeBase } from './merge.ts'
import { mirrorFetcher } from './mirror.ts'
import { outgoing } from './outgoing.ts'
import { push } from './push.ts'
import { gate, keyedQueue } from './queue.ts'
import { holdsWork, restoreWork } from './restore-work.ts'
import { remoteHead } from './remote-head.ts'
import { outboxPath, type Identity, type Room } from './room.ts'
import { gitRunner } from './run.ts'

export interface GitOptions {
  /** Absolute. Mirrors and outboxes lie here; nothing else may write in it. */
  readonly folder: string
  readonly remote: GitRemote
  readonly clock: Clock
  /** The value of PATH by which git is found. */
  readonly path: string
  /** What the operator's network needs, such as `HTTPS_PROXY` or `SSL_CERT_FILE`. Default: nothing. */
  readonly network?: Readonly<Record<string, string>>
  /** Who commits in a worktree when the agent names nobody. */
  readonly identity: Identity
}

export function createGit(options: GitOptions): Git {
  const { folder, remote, clock, path, network = {}, identity } = options
  const room: Room = {
    folder,
    remote,
    clock,
    identity,
    run: gitRunner({ path, network }),
    queue: keyedQueue(),
    cores: gate(availableParallelism()),
  }
  const bring = mirrorFetcher(room)
  // Nearly always it is there: asking first would cost a process for each look.
  const reading = async <T>(repo: RepoRef, commit: Sha, read: () => Promise<T>): Promise<T> =>
    await read().catch(async () => {
      await bring(repo, commit)
      return await read()
    })
  return {
    fetch: bring,
    makePair: async (repo, base, place) => await makePair(room, repo, base, place),
    importBundle: async (repo, task, bundle) => await importBundle(room, repo, task, bundle),
    holds: async (task, head) => await holdsWork(room, task, head),
    restore: async (repo, task, work) => await restoreWork(room, bring, { repo, task }, work),
    merge: async (repo, task, wanted) => {
      await bring(repo, wanted.head)
      await bring(repo, wanted.onto)
      return await mergeBase(room, { repo, task }, wanted)
    },
    conflictMarkers: async (task, where) => await conflictMarkers(room, task, where),
    changes: async (task, range) => await changedFiles(room, outboxPath(room, task), range),
    diff: async (task, range) => await diffText(room, outboxPath(room, task), range),
    approved: async (repo, commit) =>
      await reading(repo, commit, async () => await approvedFiles(room, repo.id, commit)),
    fileAt: async (repo, at) =>
      await reading(repo, at.commit, async () => await fileAt(room, repo.id, at)),
    outgoing: async (task, range) => await outgoing(room, outboxPath(room, task), range),
    push: async (repo, task, update) => await push(room, repo, task, update),
    remoteHead: async (repo, branch) => await remoteHead(room, repo, branch),
  }
}
