// Pull requests, reviews and checks as the emulator keeps them. The issue side (number, title,
// state, labels) lives in `Issue`; a pull request is the branch side of the same thing.
import type { App } from './app-types.ts'
import type { Issue, Repository, Stamp, User } from './types.ts'

export type MergeMethod = 'merge' | 'squash' | 'rebase'

export type Pull = {
  readonly id: number
  readonly head: { readonly ref: string; sha: string }
  readonly base: { ref: string; sha: string }
  readonly reviews: Review[]
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

export type PullIssue = Issue & { readonly pull: Pull }

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
  readonly user: User
  readonly app: App | null
  readonly commitId: string
  body: string
  state: ReviewState
  submittedAt: Stamp | null
}

export type CheckStatus = 'queued' | 'in_progress' | 'completed'
export type CheckConclusion =
  | 'action_required'
  | 'cancelled'
  | 'failure'
  | 'neutral'
  | 'success'
  | 'skipped'
  | 'stale'
  | 'timed_out'

export type CheckSuite = {
  readonly id: number
  readonly nodeId: string
  readonly repo: Repository
  readonly app: App
  readonly headSha: string
  readonly createdAt: Stamp
  updatedAt: Stamp
}

export type Annotation = { readonly [key: string]: string | number }
export type CheckAction = {
  readonly label: string
  readonly description: string
  readonly identifier: string
}

export type CheckRun = {
  readonly id: number
  readonly nodeId: string
  readonly suite: CheckSuite
  readonly annotations: Annotation[]
  name: string
  externalId: string
  detailsUrl: string | null
  status: CheckStatus
  conclusion: CheckConclusion | null
  startedAt: Stamp
  completedAt: Stamp | null
  output: {
    readonly title: string | null
    readonly summary: string | null
    readonly text: string | null
  }
  actions: readonly CheckAction[]
}
