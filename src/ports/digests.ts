/** The one issue in which a repository's review queue stands. Every method may throw `WorldFault`. */
import type { Deadline } from '../domain/deadline.ts'
import type { Instant, RepoId } from '../domain/ids.ts'
import type { RepoRef } from '../domain/repository.ts'

export interface DigestIssue {
  readonly number: number
  /** Closed by a person: they do not want it. */
  readonly open: boolean
  readonly createdAt: Instant
}

export interface Digests {
  /** Ours, open or closed, the oldest if there were several; null: none that GitHub shows at this moment. `slug`: the App's. */
  find(repo: RepoRef, slug: string): Promise<DigestIssue | null>
  /** Makes it and pins it, if there is room among the pinned ones. */
  create(repo: RepoRef, wanted: DigestText): Promise<DigestIssue>
  edit(repo: RepoRef, number: number, wanted: DigestText): Promise<void>
}

export interface DigestText {
  readonly title: string
  readonly body: string
  readonly notAfter: Deadline
}

export const digestMark = (repo: RepoId): string => `digest:${repo}`
