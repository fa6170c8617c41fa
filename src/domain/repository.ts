/** A repository as Yardmaster knows it. Owner and name are only how to address it today; the id is who it is. */
import type { InstallationId, Instant, RepoId, Sha } from './ids.ts'

/** How to address a repository in a request, and through which installation. */
export interface RepoRef {
  readonly id: RepoId
  readonly owner: string
  readonly name: string
  readonly installation: InstallationId
  /** Or `UNNAMED_BRANCH`. */
  readonly defaultBranch: string
}

/** A repository's row: its address, and what was last read of its default branch. */
export interface Repository extends RepoRef {
  /** When Yardmaster first heard of it: trigger labels older than that are listed, never started. */
  readonly firstSeen: Instant
  /** The head of the default branch when last read; null before the first read. */
  readonly head: Sha | null
  /** The text of `.github/yardmaster.yml` at `head`, or `UNREADABLE_CONFIG`; null when there is none. */
  readonly config: string | null
  /** The newest `updated_at` that the reconciler has seen here; null before the first pass. */
  readonly cursor: Instant | null
  /** Why nothing may run here (App removed, suspended, repository archived); null when all is well. */
  readonly gone: string | null
  /** A settings file was proposed there, once: what people answer to that stands. */
  readonly asked?: true
  /** Issues that wore the trigger label at first sight. */
  readonly foundLabelled: readonly number[]
}

/** Stands for a settings file that GitHub does not give as text: binary, cut, or a folder. No file that is text begins so. */
export const UNREADABLE_CONFIG = '\uFFFD'

/** Stands for a default branch that nobody has named yet: none may be called so. */
export const UNNAMED_BRANCH = 'HEAD'

export const slug = (repo: { readonly owner: string; readonly name: string }): string =>
  `${repo.owner}/${repo.name}`
