/** Trusted git. It never runs inside a directory that an agent can write (rule). Methods may throw `WorldFault`. */
import type { ChangedFile } from '../domain/attempt.ts'
import type { Instant, RepoId, Sha, TaskId } from '../domain/ids.ts'
import type { RepoRef } from '../domain/repository.ts'

export interface Pair {
  /** The private task repository (a bare git folder that the agent may write). */
  readonly repository: string
  /** The worktree, checked out at `base`. */
  readonly worktree: string
  /** Absolute folders from which the task repository borrows objects: the jail must let them be read, never written. */
  readonly readable: readonly string[]
  readonly base: Sha
}

/** What trusted git found in a bundle. */
export interface Imported {
  readonly head: Sha
  readonly commits: number
  readonly files: readonly ChangedFile[]
}

export type PushOutcome =
  | { readonly kind: 'pushed' | 'already-there' }
  /** The branch holds something else than expected: a person's commits, perhaps. */
  | { readonly kind: 'moved'; readonly found: Sha | null }
  /** Refused for good (protected branch, workflow file, size); the remote's own words. */
  | { readonly kind: 'refused'; readonly reason: string }

export interface Diff {
  readonly text: string
  /** It is longer than was asked for; `text` ends at the end of a line. */
  readonly cut: boolean
}

export interface MergeWanted {
  readonly head: Sha
  /** What is merged into it. */
  readonly onto: Sha
  /** The commit's own time: the same request makes the same commit everywhere. */
  readonly at: Instant
  readonly message: string
}

export interface Merged {
  /** `head` itself when it holds `onto` already. */
  readonly commit: Sha
  /** Paths in which the commit holds conflict markers, or one side of what cannot be merged. */
  readonly conflicts: readonly string[]
}

/** A file as a commit has it; never a link. */
export interface ApprovedFile {
  readonly path: string
  readonly executable: boolean
  readonly bytes: Uint8Array
}

export interface Git {
  /** Brings the mirror up to date so that it holds `head`; a no-op when it does already. */
  fetch(repo: RepoRef, head: Sha): Promise<void>
  /** Makes a fresh pair at `base` from the mirror. `folder` must not exist; its parent must. */
  makePair(repo: RepoId, base: Sha, folder: string): Promise<Pair>
  /** fsck'd import of a bundle file into the task's trusted outbox. Null: the bundle holds nothing beyond `base`. Throws `WorldFault` of kind `invalid` for a bundle that is none, that is damaged, or whose head does not build on `base`. */
  importBundle(
    repo: RepoId,
    task: TaskId,
    bundle: { readonly file: string; readonly ref: string; readonly base: Sha },
  ): Promise<Imported | null>
  /** Whether the task's outbox on this machine has that commit. */
  holds(task: TaskId, head: Sha): Promise<boolean>
  /** Brings work that another machine has collected into the task's outbox here: its base is fetched, its bundle checked like an agent's. */
  restore(
    repo: RepoRef,
    task: TaskId,
    work: { readonly base: Sha; readonly head: Sha; readonly bytes: Uint8Array },
  ): Promise<void>
  /** Merges without a checkout, where no agent writes; both commits are fetched. */
  merge(repo: RepoRef, task: TaskId, wanted: MergeWanted): Promise<Merged>
  /** Of those paths, the ones in which that commit of the task's work has conflict markers left. */
  conflictMarkers(
    task: TaskId,
    where: { readonly head: Sha; readonly paths: readonly string[] },
  ): Promise<readonly string[]>
  /** The files that an imported head changes against its base. Throws `WorldFault` of kind `invalid` for too many to be looked at. */
  changes(
    task: TaskId,
    range: { readonly base: Sha; readonly head: Sha },
  ): Promise<readonly ChangedFile[]>
  /** The unified diff of an imported head against its base, of those paths (null: of all), in a form that `git apply` takes. */
  diff(
    task: TaskId,
    range: {
      readonly base: Sha
      readonly head: Sha
      readonly paths: readonly string[] | null
      readonly maxBytes: number
    },
  ): Promise<Diff>
  /** The files of a commit of GitHub's by which a program could be made to run something at its start (`policy/start-files`), at most 64 MiB of them. */
  approved(repo: RepoRef, commit: Sha): Promise<readonly ApprovedFile[]>
  /** One file of a commit of GitHub's as text; null: it has no such file. */
  fileAt(repo: RepoRef, at: { readonly commit: Sha; readonly path: string }): Promise<string | null>
  /** Everything that a push of that head would publish beyond what `without` holds: each commit's message and added lines, as `git diff-tree -p` tells them. */
  outgoing(
    task: TaskId,
    range: { readonly head: Sha; readonly without: readonly Sha[]; readonly maxBytes: number },
  ): Promise<Diff>
  /** Pushes exactly one ref with lease. `expected` null: the branch must not exist. */
  push(
    repo: RepoRef,
    task: TaskId,
    update: { readonly branch: string; readonly head: Sha; readonly expected: Sha | null },
  ): Promise<PushOutcome>
  /** Where a branch of the remote points now. */
  remoteHead(repo: RepoRef, branch: string): Promise<Sha | null>
}

/** How git reaches the remote: an address without credentials, and a short-lived one to hand over by pipe. */
export interface GitRemote {
  url(repo: RepoRef): string
  credential(
    repo: RepoRef,
    access: 'read' | 'write',
  ): Promise<{ readonly username: string; readonly password: string }>
  /** The remote did not accept that password. True: the next credential is worth one more try. */
  refused(repo: RepoRef, access: 'read' | 'write', password: string): Promise<boolean>
}
