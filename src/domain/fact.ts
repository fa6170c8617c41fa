/** Everything that can happen, as one closed union: the table of contents of what Yardmaster reacts to. */
import type { Actor } from './actor.ts'
import type { AttemptReport } from './attempt.ts'
import type { Command } from './command.ts'
import type { ActKey, AttemptId, Instant, IssueId, Sha } from './ids.ts'
import type { Leak } from './leak.ts'
import type { ReviewSays } from './pull-now.ts'
import type { Spoken } from './spoken.ts'
import type { PullRef } from './task.ts'

/** An issue as an event showed it. */
export interface IssueView {
  readonly id: IssueId
  readonly number: number
  readonly title: string
  readonly body: string
  readonly open: boolean
  readonly labels: readonly string[]
}

/** An item of a project. */
export interface CardRef {
  /** The account that owns the project, and the project's number there. */
  readonly owner: string
  readonly project: number
  readonly item: number
}

/** Where a fact about GitHub comes from: the webhook itself, or the reconciler's later look. */
export type Via = 'webhook' | 'reconcile'

export type TaskFact =
  | {
      readonly kind: 'label-added'
      readonly label: string
      /** Null when it cannot be known; then nothing starts. */
      readonly actor: Actor | null
      readonly issue: IssueView
      readonly at: Instant
      readonly via: Via
      /** Found by the reconciler, and the text was edited after the label: it is not what was blessed. */
      readonly editedSince: boolean
    }
  | {
      readonly kind: 'label-removed'
      readonly label: string
      readonly actor: Actor | null
      readonly issue: IssueView
      /** When GitHub showed it so: older than the wish, it was true of an earlier one (deliveries overtake each other). */
      readonly at: Instant
      readonly via: Via
    }
  | { readonly kind: 'issue-edited'; readonly actor: Actor | null; readonly issue: IssueView }
  | {
      readonly kind: 'issue-closed'
      readonly actor: Actor | null
      readonly issue: IssueView
      /** As for `label-removed`. */
      readonly at: Instant
      readonly via: Via
    }
  | { readonly kind: 'issue-reopened'; readonly actor: Actor | null; readonly issue: IssueView }
  | {
      readonly kind: 'issue-gone'
      readonly how: 'transferred' | 'deleted'
      readonly actor: Actor | null
    }
  | {
      readonly kind: 'pull-closed'
      readonly number: number
      readonly merged: boolean
      readonly actor: Actor | null
      readonly via: Via
    }
  | { readonly kind: 'pull-reopened'; readonly number: number; readonly actor: Actor | null }
  | {
      readonly kind: 'attempt-ended'
      readonly attempt: AttemptId
      readonly epoch: number
      readonly report: AttemptReport
    }
  | {
      readonly kind: 'act-done'
      readonly act: ActKey
      readonly epoch: number
      readonly outcome: ActOutcome
    }
  | {
      readonly kind: 'act-failed'
      readonly act: ActKey
      readonly epoch: number
      readonly name: string
      readonly reason: string
    }
  | { readonly kind: 'timer'; readonly name: 'retry'; readonly epoch: number }
  /** A pause that parks what runs has found that attempt running. `by`: the login; null: the operator. */
  | {
      readonly kind: 'paused'
      readonly attempt: AttemptId
      readonly epoch: number
      readonly reason: string
      readonly by: string | null
    }
  /** Admission found the task's budget spent: `why` says so in one sentence, without its full stop. */
  | {
      readonly kind: 'budget-spent'
      readonly epoch: number
      readonly raised: number
      readonly why: string
    }
  /** The attempt of this task was the last of several that failed alike; `issues`: the tasks', the newest first. */
  | {
      readonly kind: 'failed-alike'
      readonly attempt: AttemptId
      readonly issues: readonly number[]
      readonly error: string
      readonly line: string | null
    }
  | {
      readonly kind: 'timer'
      readonly name: 'remind'
      readonly question: number
      readonly epoch: number
    }
  /** A comment or review with a line that may be a command. */
  | {
      readonly kind: 'commanded'
      readonly spoken: Spoken
      readonly actor: Actor | null
      /** Null on a pull request. */
      readonly issue: IssueView | null
      readonly via: Via
    }
  /** Any other words of a person on a task's issue or pull request: looked at only while a question is open. */
  | {
      readonly kind: 'replied'
      readonly spoken: Spoken
      readonly actor: Actor | null
      readonly via: Via
    }
  /** A person has submitted a review of a task's pull request. Its words may hold commands: those are `commanded`. */
  | {
      readonly kind: 'review-submitted'
      readonly pull: number
      /** GitHub's number. */
      readonly review: number
      readonly says: ReviewSays
      /** The commit that was looked at. */
      readonly head: Sha
      readonly actor: Actor | null
      readonly at: Instant
      readonly via: Via
    }
  /** The branch of a task's pull request points elsewhere, by somebody other than us. */
  | {
      readonly kind: 'pull-pushed'
      readonly pull: number
      readonly head: Sha
      readonly actor: Actor | null
      readonly via: Via
    }
  /** What others check on a task's pull request may have changed. */
  | { readonly kind: 'checks-changed'; readonly via: Via }
  /** Whether a task's pull request can be merged may have changed. */
  | { readonly kind: 'merges-changed'; readonly via: Via }
  /** A card was moved on a board. Only webhooks tell by whom; a position that was merely found starts nothing. */
  | {
      readonly kind: 'card-moved'
      readonly card: CardRef
      /** The name of the column; null: to where none is. */
      readonly to: string | null
      readonly actor: Actor | null
      readonly issue: IssueView
      readonly at: Instant
    }
  /** A command without a comment. */
  | {
      readonly kind: 'ordered'
      readonly command: Command
      /** `cli`: by the operator, in the name of that person. */
      readonly route: 'button' | 'cli'
      readonly actor: Actor | null
      /** The commit that they had before them; null: the command is about none. */
      readonly head: Sha | null
    }

export type ActOutcome =
  | { readonly kind: 'pushed'; readonly head: Sha }
  /** Nothing was pushed: what would have left holds this. */
  | {
      readonly kind: 'secrets'
      readonly head: Sha
      readonly base: Sha
      readonly leaks: readonly Leak[]
    }
  /** Somebody else's commits are there, over which nothing is pushed. */
  | { readonly kind: 'moved'; readonly found: Sha }
  | { readonly kind: 'pull-opened'; readonly pull: PullRef }
  | { readonly kind: 'commented' }
  /** Who is asked now; `teams` (`org/team`) own the files, and were not asked. */
  | {
      readonly kind: 'review-assigned'
      readonly pull: number
      readonly reviewers: readonly string[]
      readonly teams: readonly string[]
    }
  | { readonly kind: 'nothing' }

export type RepoFact =
  | { readonly kind: 'branch-moved'; readonly head: Sha }
  | { readonly kind: 'repository-seen' }
  /** A card was moved on the board that this repository names; whose it is, only reading it tells. */
  | {
      readonly kind: 'card-nudged'
      readonly card: CardRef
      readonly to: string | null
      readonly actor: Actor | null
      readonly at: Instant
    }
  | { readonly kind: 'repository-gone'; readonly reason: string }

export type Fact = TaskFact | RepoFact
