// Repositories and what lives in them. Entities are plain mutable records that refer to each other
// directly; only `change/` mutates them, so that every change has its consequences.
import type { App } from './app.ts'
import type { BranchRules } from './branch-rules.ts'
import type { Role, Stamp, User } from './people.ts'
import type { PullStats, ReviewState, Side } from './pull.ts'

export type Label = {
  readonly id: number
  readonly nodeId: string
  readonly isDefault: boolean
  name: string
  color: string
  description: string | null
}

export type Repository = {
  readonly id: number
  readonly nodeId: string
  /** The bare repository on disk. */
  readonly gitDir: string
  readonly createdAt: Stamp
  readonly labels: Map<string, Label>
  readonly collaborators: Map<number, Role>
  readonly protectedBranches: Map<string, BranchRules>
  /** Full ref name to object id: a copy of the bare repository's refs, refreshed after each push. */
  refs: ReadonlyMap<string, string>
  readonly issues: Map<number, Issue>
  readonly comments: Map<number, Comment>
  readonly reviewComments: Map<number, ReviewComment>
  readonly events: IssueEvent[]
  /** At most three, in the order they were pinned. */
  readonly pinned: Issue[]
  /** Where the issue of this number went: 410 when deleted, 301 when transferred. */
  readonly gone: Map<number, 'deleted' | Issue>
  owner: User
  name: string
  description: string | null
  private: boolean
  archived: boolean
  defaultBranch: string
  updatedAt: Stamp
  pushedAt: Stamp
  nextNumber: number
}

export type StateReason = 'completed' | 'reopened' | 'not_planned' | 'duplicate'
export type LockReason = 'off-topic' | 'too heated' | 'resolved' | 'spam'

/** An issue, or the issue side of a pull request (then `pull` is set). */
export type Issue = {
  readonly id: number
  readonly nodeId: string
  readonly number: number
  readonly user: User
  readonly app: App | null
  readonly createdAt: Stamp
  readonly reactions: Reaction[]
  readonly subIssues: Issue[]
  readonly blockedBy: Issue[]
  readonly blocking: Issue[]
  readonly comments: Comment[]
  readonly pull: Pull | null
  repo: Repository
  title: string
  body: string | null
  state: 'open' | 'closed'
  stateReason: StateReason | null
  labels: readonly Label[]
  assignees: readonly User[]
  parent: Issue | null
  locked: boolean
  lockReason: LockReason | null
  updatedAt: Stamp
  closedAt: Stamp | null
  closedBy: User | null
  /** When the body was last edited; a new title is an event `renamed` instead. */
  lastEditedAt: Stamp | null
  editor: User | null
}

export type PullIssue = Issue & { readonly pull: Pull }

/** The branch side of a pull request. */
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
  readonly reactions: Reaction[]
}

/** A place in the changes of a pull request, and what is said there. */
export type ReviewThread = {
  readonly id: number
  readonly nodeId: string
  readonly issue: PullIssue
  readonly path: string
  /** Of a thread on a whole file: no lines at all. */
  readonly subject: 'line' | 'file'
  readonly side: Side
  readonly startSide: Side | null
  readonly originalLine: number | null
  readonly originalStartLine: number | null
  /** Lines below the file's first hunk header, as the oldest clients count. */
  readonly originalPosition: number
  readonly originalCommitId: string
  /** The hunk up to the line, as it was when the thread began. */
  readonly diffHunk: string
  readonly comments: ReviewComment[]
  /** Where the lines are now; `null` when they have changed since, or left the difference. */
  line: number | null
  startLine: number | null
  position: number | null
  /** The last head at which the thread still had its lines, and the fork point of then. */
  commitId: string
  forkId: string
  outdated: boolean
  resolvedBy: User | null
}

export type ReviewComment = {
  readonly id: number
  readonly nodeId: string
  readonly thread: ReviewThread
  readonly review: Review
  readonly user: User
  readonly app: App | null
  readonly createdAt: Stamp
  readonly reactions: Reaction[]
  readonly replyTo: ReviewComment | null
  body: string
  updatedAt: Stamp
  lastEditedAt: Stamp | null
}

export type Comment = {
  readonly id: number
  readonly nodeId: string
  readonly issue: Issue
  readonly user: User
  readonly app: App | null
  readonly createdAt: Stamp
  readonly reactions: Reaction[]
  body: string
  updatedAt: Stamp
  lastEditedAt: Stamp | null
}

export const REACTIONS = [
  '+1',
  '-1',
  'laugh',
  'confused',
  'heart',
  'hooray',
  'rocket',
  'eyes',
] as const
export type ReactionContent = (typeof REACTIONS)[number]

export type Reaction = {
  readonly id: number
  readonly nodeId: string
  readonly user: User
  readonly content: ReactionContent
  readonly createdAt: Stamp
}

/** One line of an issue's history; what else it names depends on `detail.kind`. */
export type IssueEvent = {
  readonly id: number
  readonly nodeId: string
  readonly issue: Issue
  readonly actor: User
  readonly app: App | null
  readonly createdAt: Stamp
  readonly event: string
  readonly commitId: string | null
  readonly detail: EventDetail
}

export type EventDetail =
  | { readonly kind: 'none' }
  | { readonly kind: 'label'; readonly name: string; readonly color: string }
  | { readonly kind: 'rename'; readonly from: string; readonly to: string }
  | { readonly kind: 'state'; readonly reason: StateReason | null }
  | { readonly kind: 'assignee'; readonly assignee: User }
  | { readonly kind: 'reviewer'; readonly reviewer: User }
  | {
      readonly kind: 'dismissal'
      readonly review: Review
      readonly was: ReviewState
      readonly message: string
    }
