/** What the files of this room share: where things lie, and the tools that every call needs. */
import { join } from 'node:path'
import type { RepoId, TaskId } from '../domain/ids.ts'
import type { Clock } from '../ports/clock.ts'
import type { GitRemote } from '../ports/git.ts'
import type { Queue } from './queue.ts'
import type { RunGit } from './run.ts'

export interface Room {
  readonly folder: string
  readonly run: RunGit
  readonly remote: GitRemote
  readonly clock: Clock
  /** One at a time per repository on disk. */
  readonly queue: Queue
  readonly cores: <T>(work: () => Promise<T>) => Promise<T>
  /** Who commits in a worktree when the agent names nobody. */
  readonly identity: Identity
}

export interface Identity {
  readonly name: string
  readonly email: string
}

/** Bare; holds only what was fetched from the remote. Objects are added, never taken away: tasks borrow them. */
export const mirrorPath = (room: Room, repo: RepoId): string =>
  join(room.folder, 'mirror', fileName(String(repo)))

/** Bare and trusted; holds what was imported of one task's work, and borrows the rest from the mirror. */
export const outboxPath = (room: Room, task: TaskId): string =>
  join(room.folder, 'outbox', fileName(task))

export const objectsOf = (repository: string): string => join(repository, 'objects')

function fileName(name: string): string {
  if (!/^[\w-][\w.-]*$/.test(name)) throw new Error(`not a file name: ${name.slice(0, 60)}`)
  return name
}
