/**
 * What Yardmaster reads and writes on the issue tracker. Every method may throw `WorldFault`. `notAfter`: no write of it
 * goes out later, because another process may have taken it over.
 */
import type { Reaction } from '../domain/act.ts'
import type { Actor, Permission } from '../domain/actor.ts'
import type { Button } from '../domain/button.ts'
import type { Deadline } from '../domain/deadline.ts'
import type { IssueView } from '../domain/fact.ts'
import type { InstallationId, Instant, RepoId, Sha, Steady } from '../domain/ids.ts'
import type { PullNow, ReviewSays } from '../domain/pull-now.ts'
import type { RepoRef } from '../domain/repository.ts'
import type { SpokenRef } from '../domain/spoken.ts'

/** Whose turn it is when writes have to wait: people first, then acts, then projections. */
export type Lane = 'people' | 'act' | 'projection'

export interface RepoHead {
  /** Null for an empty repository. */
  readonly head: Sha | null
  readonly defaultBranch: string
  /** `.github/yardmaster.yml` at that head, or `UNREADABLE_CONFIG`. */
  readonly config: string | null
}

export interface Comment {
  readonly id: number
  readonly author: Actor | null
  readonly body: string
  readonly createdAt: Instant
  readonly updatedAt: Instant
  /** Written by this App. */
  readonly ours: boolean
}

/** Somebody's words as GitHub shows them now. */
export interface CommentNow {
  readonly text: string
  /** By whomever: who may write may edit what others said. */
  readonly edited: boolean
}

/** A comment by this App, as a look at a whole repository finds it. */
export interface OwnComment {
  readonly id: number
  /** Of the issue that it stands on. */
  readonly number: number
  /** What its genuine signed markers say it is: `status:<task>`, or the key of the act that posted it. */
  readonly marks: readonly string[]
  /** What rides hidden in it, if it is genuine. */
  readonly record: string | null
  readonly updatedAt: Instant
}

/** An issue that changed since some moment, as the reconciler sees it. */
export interface ChangedIssue {
  readonly issue: IssueView
  readonly updatedAt: Instant
}

export interface ObservedPull {
  readonly number: number
  readonly open: boolean
  readonly merged: boolean
  readonly mergedBy: Actor | null
  /** The newest that were submitted, oldest first. */
  readonly reviews: readonly ReviewFound[]
  readonly head: Sha
  readonly merges: PullNow['merges']
  /** Of all checks on the head, required or not, ours among them: a sign to look closer, no more. */
  readonly checks: PullNow['checks']
}

/** A review that was submitted, and its own text, which may be empty. */
export interface ReviewFound {
  readonly id: number
  readonly author: Actor | null
  readonly says: ReviewSays
  /** The commit that was looked at; null: it is gone. */
  readonly head: Sha | null
  readonly text: string
  readonly at: Instant
  readonly edited: boolean
}

/** A comment on an issue or pull request, as a look at a whole repository finds it. */
export interface CommentFound {
  readonly id: number
  readonly on: 'issue' | 'pull'
  readonly number: number
  readonly author: Actor | null
  /** The slug of the App that wrote it, perhaps for a person; null: none did. */
  readonly byApp: string | null
  readonly text: string
  readonly at: Instant
  readonly edited: boolean
}

export interface Observed {
  readonly issues: ReadonlyMap<number, IssueView | null>
  readonly pulls: ReadonlyMap<number, ObservedPull | null>
}

export interface LabelEvent {
  readonly kind: 'labeled' | 'unlabeled'
  readonly label: string
  readonly actor: Actor | null
  readonly at: Instant
}

export interface CheckWanted {
  readonly name: string
  readonly head: Sha
  readonly externalId: string
  /** As for comments. */
  readonly formerTry: Steady | null
  readonly notAfter: Deadline
  readonly status: 'in_progress' | 'completed'
  /** Only with `completed`. */
  readonly conclusion: 'success' | 'failure' | 'neutral' | 'cancelled' | null
  readonly title: string
  readonly summary: string
  readonly text: string | null
  /** Buttons, only with `completed`; absent: none. */
  readonly actions?: readonly Pick<Button, 'identifier' | 'label' | 'description'>[]
}

/** Whose last word on a pull request is yes, and of which commit. */
export interface Approval {
  readonly by: Actor
  readonly head: Sha
}

export interface Tracker {
  /** The role of a person on a repository, asked of GitHub now. Unknown people have `none`. */
  permission(repo: RepoRef, actor: Actor): Promise<Permission>
  /** Default branch, its head, and the settings file at that head, in one read. */
  readHead(repo: RepoRef): Promise<RepoHead>
  /** `gone`: deleted, or moved to another repository. Null: nothing there that GitHub knows of, or a pull request. */
  issue(repo: RepoRef, number: number): Promise<ChangedIssue | 'gone' | null>
  /** Oldest first, all pages. */
  comments(repo: RepoRef, number: number): Promise<readonly Comment[]>
  /** Every comment by this App in the repository that changed at or after `since`, oldest first, all pages. */
  ownComments(repo: RepoRef, since: Instant | null): Promise<readonly OwnComment[]>
  /** Whether this App published that check run on that commit. */
  hasCheck(
    repo: RepoRef,
    check: Pick<CheckWanted, 'name' | 'head' | 'externalId'>,
  ): Promise<boolean>
  /** Issues (no pull requests) that changed at or after `since`, oldest change first; null since the last call with the same arguments when nothing changed (conditional request). */
  changedIssues(
    repo: RepoRef,
    since: Instant | null,
    /** `unread`: the former answer was not worked through, so it is wanted again although nothing changed. */
    former?: 'unread',
  ): Promise<readonly ChangedIssue[] | null>
  /** Comments on issues and pull requests that were written or edited at or after `since`, the oldest change first. As for `changedIssues`. */
  commentsSince(
    repo: RepoRef,
    since: Instant,
    former?: 'unread',
  ): Promise<readonly CommentFound[] | null>
  labelledIssues(repo: RepoRef, label: string): Promise<readonly IssueView[]>
  labelEvents(repo: RepoRef, number: number): Promise<readonly LabelEvent[]>
  /** The present state of known issues and pull requests of a repository: one GraphQL read per 100. Null: not there (any more). */
  observe(
    repo: RepoRef,
    numbers: { readonly issues: readonly number[]; readonly pulls: readonly number[] },
  ): Promise<Observed>
  /** When title or body was last edited; null: never. */
  lastEdited(repo: RepoRef, number: number): Promise<Instant | null>

  /**
   * Creates a comment that carries `marker`, or finds the one that does. Returns its id.
   * `formerTry`: when a creation was tried whose outcome nobody knows (null: none); it is looked for, and where it is
   * absent, made only once GitHub must have shown it: until then throws with the moment in `retryAt`.
   */
  createComment(
    repo: RepoRef,
    number: number,
    comment: {
      readonly body: string
      readonly marker: string
      /** Rides hidden and signed in the comment, for `ownComments` to find. */
      readonly record?: string
      readonly formerTry: Steady | null
      readonly notAfter: Deadline
      readonly lane: Lane
    },
  ): Promise<number>
  /** Replaces body and record. Returns false when the comment is gone. */
  updateComment(
    repo: RepoRef,
    number: number,
    comment: {
      readonly id: number
      readonly body: string
      readonly record?: string
      readonly notAfter: Deadline
    },
  ): Promise<boolean>
  /**
   * A comment or review as it is now. Null: it is not there any more. `found`: nobody told what it said when it was new,
   * so that it must be known for certain that nobody has edited it.
   */
  commentNow(repo: RepoRef, spoken: SpokenRef, how: 'told' | 'found'): Promise<CommentNow | null>
  /** People only; of each the last review that says yes or no. Whether they may is asked apart. */
  approvals(repo: RepoRef, pull: number): Promise<readonly Approval[]>
  /** The same reaction again changes nothing. Returns false when what was said is gone. */
  react(
    repo: RepoRef,
    spoken: SpokenRef,
    reaction: { readonly content: Reaction; readonly notAfter: Deadline },
  ): Promise<boolean>
  /** Makes the label in the repository when it is not there yet; looked up once per process and repository. */
  ensureLabel(repo: RepoRef, label: LabelLook, notAfter: Deadline): Promise<void>
  /** Makes the labels of the family (a prefix such as `yard:`) on the issue exactly `wanted` (at most one); others are untouched. */
  setFamilyLabel(
    repo: RepoRef,
    number: number,
    family: {
      readonly prefix: string
      readonly wanted: LabelLook | null
      readonly current: string | null | undefined
      readonly notAfter: Deadline
    },
  ): Promise<void>
  /** Creates or updates the check run found by name, head and external id. Returns its id. */
  publishCheck(repo: RepoRef, check: CheckWanted, known: number | null): Promise<number>
}

export interface LabelLook {
  readonly name: string
  /** Six hexadecimal digits. */
  readonly color: string
  readonly description: string
}

/** Which repositories the App can see, for start-up and reconcile. */
export interface Installations {
  list(): Promise<readonly { readonly id: InstallationId; readonly suspended: boolean }[]>
  repositories(installation: InstallationId): Promise<readonly RepoRef[]>
  /** Served at all (the operator's allow-list). */
  serves(repo: RepoId): boolean
}

/** A delivery of which no try succeeded, and that nobody asked for again. */
export interface FailedDelivery {
  /** Of its newest try. */
  readonly id: number
  readonly at: Instant
}

/** The App's webhook deliveries as GitHub remembers them. */
export interface Deliveries {
  /** Since that moment, oldest first. */
  failed(since: Instant): Promise<readonly FailedDelivery[]>
  /** Has GitHub try it once more, under the same id. False: GitHub has forgotten it. */
  redeliver(delivery: number): Promise<boolean>
}
