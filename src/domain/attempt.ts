/** One run of one agent on one task. Fenced by an epoch: a report with an old epoch is kept as evidence and changes nothing. */
import type { AttemptId, Instant, Sha, TaskId } from './ids.ts'
import type { Asked } from './question.ts'
import type { Budget } from './money.ts'
import type { Withheld } from './withheld.ts'

export type AttemptPhase = 'preparing' | 'agent' | 'collecting' | 'verifying'

/** Ends that are the provider's fault, or the operator's whose `program` does not start: they consume no attempt and pause the profile. */
export type ProviderFailure = 'auth' | 'rate' | 'overload' | 'network' | 'program'
/** GitHub, git or this machine had a fault: it consumes no attempt, says nothing of the agent, and rests the repository. */
export type WorldFailure = 'world'
/** Ends that are the task's own: they count, and are retried with the error in the prompt. */
export type OwnFailure =
  | 'context'
  | 'crash'
  | 'stall'
  | 'timeout'
  | 'budget'
  | 'refusal'
  | 'protocol'
  | 'no-result'
  | 'setup'
  | 'verify'
export type Failure = ProviderFailure | WorldFailure | OwnFailure

export type AttemptEnd =
  | { readonly kind: 'completed' | 'parked' | 'stopped' | 'needs' | 'cancelled' | 'lost' }
  /** Its context was full, and what it knows is written down: another one goes on in its place. */
  | { readonly kind: 'handoff' }
  | { readonly kind: 'failed'; readonly failure: Failure }

const PROVIDER_FAILURES: ReadonlySet<Failure> = new Set([
  'auth',
  'rate',
  'overload',
  'network',
  'program',
])

export const isProviderFailure = (failure: Failure): failure is ProviderFailure =>
  PROVIDER_FAILURES.has(failure)

/** One of the repository's commands, as we ran it in the jail. */
export interface CommandResult {
  readonly command: string
  /** Null when it was stopped at its time limit. */
  readonly exitCode: number | null
  readonly milliseconds: number
  /** The last part of its output, stripped of control sequences, at most 16 KiB. */
  readonly output: string
  /** Where it wanted to go and was not let, as `host:port`. Absent: nowhere. */
  readonly denied?: readonly string[]
}

export const passed = (result: CommandResult): boolean => result.exitCode === 0

/** One file that the attempt changed, as trusted git sees it. */
export interface ChangedFile {
  readonly path: string
  readonly status: 'added' | 'modified' | 'deleted' | 'renamed' | 'type-changed'
  /** Null for binary files. */
  readonly additions: number | null
  readonly deletions: number | null
  /** Of a rename: where it was. */
  readonly from?: string
  /** `scripts`: a `package.json` in which commands changed that tools run by themselves. `submodule`: another repository's code. */
  readonly brings?: 'scripts' | 'submodule'
}

/** What an agent used. Null means unknown, never zero. */
export interface Usage {
  readonly tokens: number | null
  /** US dollars. */
  readonly cost: number | null
  /** Of the tokens, those that were read anew; all three are there, or none. */
  readonly inputTokens?: number
  /** Read from the provider's cache. */
  readonly cachedTokens?: number
  readonly outputTokens?: number
  /** Which model was asked. */
  readonly model?: string
}

/** What the tests that an attempt added or changed say of the base, without the rest of the change. */
export interface Proof {
  readonly tests: readonly string[]
  /** The repository's checks on the base with only these tests laid over it. Empty: they could not be run there. */
  readonly base: readonly CommandResult[]
}

/** What an agent told along the way through our tools; its words, sanitised where they are shown. Absent: nothing of the kind. */
export interface Told {
  /** Decisions that a reviewer should know of, one sentence each. */
  readonly decisions?: readonly string[]
  /** What it noticed and left alone, for people. */
  readonly discoveries?: readonly string[]
  /** Its last checkpoint: all that whoever goes on must know. */
  readonly brief?: string
}

/** The evidence with which an attempt ends. Success is evidence, never an exit code. */
export interface AttemptReport extends Told {
  readonly end: AttemptEnd
  /** What the agent says it did; its words, sanitised where they are shown. */
  readonly summary: string
  /** For every end but `completed`: what happened, in one or more plain lines. */
  readonly error: string | null
  /** What the agent asked, when the end is `parked` or `needs`. */
  readonly question: Asked | null
  /** The agent's own name of the conversation, by which it may be taken up again; null: it has none. */
  readonly session: string | null
  /** When the provider is well again, if it said so. */
  readonly until: Instant | null
  readonly base: Sha | null
  readonly head: Sha | null
  readonly files: readonly ChangedFile[]
  readonly setup: readonly CommandResult[]
  readonly verify: readonly CommandResult[]
  /** The same commands on the base; run only when they are red on the head. */
  readonly baseVerify: readonly CommandResult[]
  readonly usage: Usage
  /** Absent: it has no tests that could show the change, or nobody asked. */
  readonly proof?: Proof
  /** Absent: it changed no file that the App may not push. */
  readonly withheld?: Withheld
  /** Where the agent wanted to go and was not let, as `host:port`. Absent: nowhere. */
  readonly denied?: readonly string[]
  /** What it was allowed to spend, and was stopped for having spent. */
  readonly usedUp?: Budget
}

/** The report of an attempt that came to nothing: no process of ours has looked at any work of it. */
export const emptyReport = (end: AttemptEnd, error: string | null): AttemptReport => ({
  end,
  summary: '',
  error,
  question: null,
  session: null,
  until: null,
  base: null,
  head: null,
  files: [],
  setup: [],
  verify: [],
  baseVerify: [],
  usage: { tokens: null, cost: null },
})

export interface PlanItem {
  readonly text: string
  readonly status: 'pending' | 'in_progress' | 'completed'
}

/** What the agent last told of itself; coalesced into the attempt's row, never a fact. */
export interface Progress {
  readonly message: string
  readonly plan: readonly PlanItem[]
  readonly usage: Usage
  /** When the last sign of life came. */
  readonly at: Instant
}

/** An attempt's row. */
export interface Attempt {
  readonly id: AttemptId
  readonly task: TaskId
  readonly n: number
  readonly epoch: number
  readonly profile: string
  readonly tier: string | null
  readonly phase: AttemptPhase
  /** Which process executes it; null until one has taken it. */
  readonly runner: string | null
  readonly startedAt: Instant
  readonly endedAt: Instant | null
  /** What it may spend; null: it is older than budgets. */
  readonly allowance: Budget | null
  /** Set when the attempt must stop; the runner obeys at its next look, at the latest at its next heartbeat. */
  readonly stop: string | null
  readonly progress: Progress | null
  readonly report: AttemptReport | null
}
