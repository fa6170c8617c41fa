/** What is shown of the state, as plain JSON: the same over the control socket, on the terminal and with `--json`. */
import type { JailKind } from '../domain/settings.ts'
import type { AttemptPhase, ChangedFile, Usage } from '../domain/attempt.ts'
import type { Total } from '../domain/budget.ts'
import type { LedgerEntry } from '../domain/ledger.ts'
import type { Budget } from '../domain/money.ts'
import type { Review, Verdict } from '../domain/review.ts'
import type { Need, SizeBand } from '../domain/review-queue.ts'
import type { StateKind } from '../domain/task.ts'
import type { IssueName } from './issue-name.ts'

/** A moment as ISO 8601 in UTC. */
export type Moment = string

export interface TaskLine {
  /** `owner/repo#12`. */
  readonly issue: string
  readonly url: string
  readonly title: string
  readonly state: StateKind
  /** Why it is where it is; for a queued task, why it does not start now. */
  readonly why: string
  /** Who asked for it. */
  readonly by: string | null
  readonly priority: number
  readonly attempts: number
  readonly changed: Moment
  readonly pull: { readonly number: number; readonly url: string } | null
}

export interface RepositoryLine {
  readonly repository: string
  readonly id: number
  /** `ready`, or the reason for which nothing runs there. */
  readonly settings: string
  /** Issues that wore the trigger label at first sight: listed, never started. */
  readonly foundLabelled: readonly number[]
  /** In the last 24 hours. */
  readonly day: Purse
}

/** `budget` null: the settings cannot be read. */
export interface Purse {
  readonly spent: Total
  readonly budget: Budget | null
}

export interface PauseLine {
  /** `owner/repo`; null: everywhere. */
  readonly repository: string | null
  /** One sentence. */
  readonly why: string
}

export interface ReviewLine {
  /** From 1: what is best taken first. */
  readonly rank: number
  /** `owner/repo#12`, the pull request's. */
  readonly pull: string
  readonly url: string
  readonly issue: string
  readonly title: string
  /** Null: nobody is asked yet. */
  readonly login: string | null
  readonly need: Need
  readonly since: Moment
  readonly size: SizeBand
  readonly head: string
  /** At which commit they last looked; null: never. */
  readonly looked: { readonly head: string; readonly verdict: Verdict; readonly at: Moment } | null
  /** What changed since, to look at; null: all of it. */
  readonly changes: string | null
  readonly checks: Review['checks']
  readonly merges: Review['merges']
  readonly lines: { readonly files: number; readonly additions: number; readonly deletions: number }
  /** Protected paths in it. */
  readonly findings: readonly string[]
  /** One sentence: what is owed, and what its rank hangs on. */
  readonly why: string
}

export interface ReviewsView {
  readonly at: Moment
  readonly reviews: readonly ReviewLine[]
}

export interface QueueView {
  readonly at: Moment
  /** What people, or failures that were alike, have stopped until somebody resumes it. */
  readonly pauses: readonly PauseLine[]
  readonly tasks: readonly TaskLine[]
  readonly repositories: readonly RepositoryLine[]
}

export interface CommandLine {
  readonly command: string
  /** Null: stopped at its time limit. */
  readonly exitCode: number | null
  readonly seconds: number
  readonly output: string
}

export interface AttemptView {
  readonly n: number
  readonly profile: string
  /** What it does now; null once it has ended. */
  readonly phase: AttemptPhase | null
  readonly started: Moment
  readonly ended: Moment | null
  /** `completed`, `lost`, `failed: verify` and so on; null while it runs. */
  readonly end: string | null
  readonly says: string | null
  readonly error: string | null
  readonly question: string | null
  readonly head: string | null
  readonly files: readonly ChangedFile[]
  readonly setup: readonly CommandLine[]
  readonly verify: readonly CommandLine[]
  /** The same commands on the base; run only when they were red on the work. */
  readonly baseVerify: readonly CommandLine[]
  readonly usage: Usage | null
}

export interface TaskView extends TaskLine {
  readonly created: Moment
  /** Title or body were edited after the label: the agent works from what was blessed. */
  readonly edited: boolean
  readonly profile: string | null
  readonly failures: number
  /** Since the label was set. */
  readonly purse: Purse
  readonly attemptList: readonly AttemptView[]
  /** What is still to be done on GitHub, such as `open-pull (tried 2 times)`. */
  readonly pending: readonly string[]
  readonly links: {
    readonly issue: string
    readonly branch: string | null
    readonly pull: string | null
  }
}

export interface LedgerView {
  readonly issue: string
  readonly url: string
  readonly title: string
  /** As they are stored, so that their hashes can be computed again. */
  readonly entries: readonly LedgerEntry[]
}

export interface StatusView {
  readonly pid: number
  readonly version: string
  /** Null: it listens to nothing. */
  readonly url: string | null
  readonly store: 'embedded' | 'postgres'
  readonly jail: JailKind
  /** Attempts that this process executes now. */
  readonly running: number
}

export type Found<T> =
  | { readonly kind: 'found'; readonly value: T }
  /** One sentence that says why not and, where it can, what to do. */
  | { readonly kind: 'missing'; readonly message: string }

export interface PromptPreview {
  readonly issue: string
  readonly profile: string
  /** `built in`, or the repository's file. */
  readonly role: string
  /** How many comments are in it; null: nobody could ask for them. */
  readonly comments: number | null
  readonly text: string
  readonly words: number
  readonly budget: number
  /** What is said instead where the agent still has its conversation; null: it begins a new one. */
  readonly resumed: string | null
  /** What is not as it will be, one sentence each. */
  readonly notes: readonly string[]
}

/** What an agent would be told if it started now. Methods may throw `WorldFault`. */
export interface Prompting {
  preview(name: IssueName): Promise<Found<PromptPreview>>
}

/** Reading the state, of a live process or of the store itself. Methods may throw `WorldFault`. */
export interface Reading {
  /** Open tasks, or with `all` those that have ended too. */
  queue(options: { readonly all: boolean }): Promise<QueueView>
  /** Who owes which pull request a look, best taken first. */
  reviews(): Promise<ReviewsView>
  task(name: IssueName): Promise<Found<TaskView>>
  ledger(name: IssueName): Promise<Found<LedgerView>>
}
