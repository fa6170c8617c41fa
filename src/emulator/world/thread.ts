// Review threads: a place in the changes of a pull request, and what is said there.
import type { App } from './app.ts'
import type { PullIssue, Reaction } from './issue.ts'
import type { Stamp, User } from './people.ts'
import type { Review } from './pull.ts'

/** LEFT is the base's side of a difference: lines that the pull request removes. */
export type Side = 'LEFT' | 'RIGHT'

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
