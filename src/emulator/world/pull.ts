// The branch side of a pull request, and its reviews. The issue side lives in `Issue`.
import type { App } from './app.ts'
import type { PullIssue } from './issue.ts'
import type { Stamp, User } from './people.ts'
import type { ReviewThread } from './thread.ts'

export type MergeMethod = 'merge' | 'squash' | 'rebase'

export type Pull = {
  readonly id: number
  readonly head: { readonly ref: string; sha: string }
  readonly base: { ref: string; sha: string }
  readonly reviews: Review[]
  readonly threads: ReviewThread[]
  readonly maintainerCanModify: boolean
  draft: boolean
  requestedReviewers: readonly User[]
  merged: boolean
  mergedAt: Stamp | null
  mergedBy: User | null
  mergeCommitSha: string | null
  /** Of the branch against its base; `null` until computed for the present pair of commits. */
  stats: PullStats | null
}

export type PullStats = {
  readonly head: string
  readonly base: string
  readonly commits: number
  readonly additions: number
  readonly deletions: number
  readonly changedFiles: number
  readonly mergeable: boolean
}

export type ReviewState = 'PENDING' | 'APPROVED' | 'CHANGES_REQUESTED' | 'COMMENTED' | 'DISMISSED'

export type Review = {
  readonly id: number
  readonly nodeId: string
  readonly issue: PullIssue
  readonly user: User
  readonly app: App | null
  readonly createdAt: Stamp
  readonly commitId: string
  body: string
  state: ReviewState
  submittedAt: Stamp | null
  editedAt: Stamp | null
}
