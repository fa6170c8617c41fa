/** Where attempts work: one pair (task repository and worktree) per task, never shared, never used again for another. */
import type { AttemptId, RepoId, Sha, TaskId } from '../domain/ids.ts'
import type { RepoRef } from '../domain/repository.ts'
import type { CommandResult } from '../domain/attempt.ts'
import type { Withheld } from '../domain/withheld.ts'
import type { Imported } from './git.ts'

/** A prepared place for one attempt. */
export interface Place {
  readonly task: TaskId
  readonly attempt: AttemptId
  readonly repository: string
  readonly worktree: string
  /** The agent's HOME, per task. */
  readonly home: string
  /** For files between us and the agent (prompt, report); writable by it. */
  readonly exchange: string
  /** What a jail at this place must let be read beyond the system's own: the objects that the task repository borrows. */
  readonly readable: readonly string[]
  readonly base: Sha
}

export interface CommitWords {
  readonly message: string
  readonly author: { readonly name: string; readonly email: string }
}

export interface CollectWords extends CommitWords {
  /** What may not be pushed stays in it: the attempt goes on later, and nothing is published yet. */
  readonly whole?: true
}

/** What an attempt has done, as trusted git took it over. */
export interface Collected extends Imported {
  /** The bundle itself, for whoever publishes it; at most 32 MiB. */
  readonly bytes: Uint8Array
  /** Was taken out of it, unless it is all that there is. */
  readonly withheld?: Withheld
}

export interface Workspace {
  /** Makes pairs ahead for that head, in the background; says when one is ready. */
  warm(repo: RepoRef, head: Sha): Promise<void>
  /** Hands out a place at `base`, with an empty HOME. A place of an earlier attempt of the task is put away first, its unpushed work bundled. */
  prepare(repo: RepoRef, task: TaskId, attempt: AttemptId, base: Sha): Promise<Place>
  /**
   * The place in which `from` has parked, for the attempt that goes on with it: HOME, worktree and what stands in it are as
   * they were. Null: it is not on this machine, or not fit for use any more.
   */
  reopen(task: TaskId, from: AttemptId, attempt: AttemptId): Promise<Place | null>
  /** Lays work that another place has collected into a fresh one at its base: changed, and not committed. `paths`: of those files only. */
  layOut(
    place: Place,
    work: { readonly head: Sha; readonly bytes: Uint8Array },
    paths?: readonly string[],
  ): Promise<void>
  /**
   * Before something starts in a place whose content nobody has approved: the files by which it could be made to run
   * something else (`policy/start-files`) are put as GitHub's commit `approved` has them, without links, and what stood
   * there is set aside. `collect` and `release` give back what was set aside, except where it was changed since, so that
   * this never shows in the work. The paths that were set aside or put. Null: the place holds nothing else than what is
   * approved. `unseen`: entries that are put away even so. `conflicts`: files that hold the markers of a merge; of those
   * of the list nothing is set aside, and what nobody changes stays as approved.
   */
  shield(
    repo: RepoRef,
    place: Place,
    approved: Sha | null,
    more?: { readonly unseen?: readonly string[]; readonly conflicts?: readonly string[] },
  ): Promise<readonly string[]>
  /** After only approved code has run at a fresh place: what it wrote of such files counts as approved there from now on. */
  vouch(place: Place): Promise<void>
  /** Commits what is left uncommitted and bundles the work, in the jail; imports the bundle with trusted git. Null: nothing was done. Throws `WorldFault` of kind `invalid` when it is more than can be kept. */
  collect(repo: RepoId, place: Place, words: CollectWords): Promise<Collected | null>
  /** Runs the repository's own commands in the jail, one after another, stopping at the first that is red. */
  run(
    place: Place,
    commands: readonly string[],
    limits: RunLimits,
  ): Promise<readonly CommandResult[]>
  /** A fresh place at `base` for checking the base itself; release it after use. */
  scratch(repo: RepoRef, task: TaskId, base: Sha): Promise<Place>
  /** Renames the place away and deletes it in the background. */
  release(place: Place): Promise<void>
  /** Tasks that have a place or a HOME here. */
  tenants(): Promise<readonly TaskId[]>
  /** Puts away every place of the task, and its HOME; its outbox (the collected work) is kept. */
  releaseTask(task: TaskId): Promise<void>
  /** Waits for background work; for shutdown and tests. */
  settle(): Promise<void>
}

export interface RunLimits {
  /** Milliseconds for all commands together. */
  readonly timeout: number
  readonly signal: AbortSignal
}
