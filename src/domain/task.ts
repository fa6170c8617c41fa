/** One unit of work for one worker. Its face is an issue; its state is one of a closed union. */
import type { Actor } from './actor.ts'
import type { AttemptReport } from './attempt.ts'
import type { CardMove } from './card-move.ts'
import type { Gate } from './gate.ts'
import type { AttemptId, Instant, IssueId, RepoId, Sha, TaskId } from './ids.ts'
import type { Answer, Question, Resume } from './question.ts'
import type { Review } from './review.ts'
import { NO_ROUNDS } from './revision.ts'
import type { Revised, Revision, Rounds } from './revision.ts'
import type { Word } from './spoken.ts'

export interface PullRef {
  readonly number: number
  readonly url: string
  readonly head: Sha
}

export type TaskState =
  | { readonly kind: 'blocked'; readonly by: readonly TaskId[] }
  | { readonly kind: 'queued' }
  | { readonly kind: 'held'; readonly by: string; readonly reason: string }
  | { readonly kind: 'running'; readonly attempt: AttemptId }
  | { readonly kind: 'publishing' }
  | { readonly kind: 'parked'; readonly question: string }
  | { readonly kind: 'gated'; readonly gate: string }
  | { readonly kind: 'retrying'; readonly failures: number; readonly at: Instant }
  | { readonly kind: 'in-review'; readonly pull: PullRef }
  | { readonly kind: 'done' | 'failed' | 'cancelled'; readonly reason: string }

/** Attempts lost with their process before the task is set aside: it may be what kills the process (F24). */
export const MAX_LOSSES = 3

/** One more loss sets it aside, so it must not be lost for the fault of another such task. */
export const isSuspect = ({ losses }: { readonly losses: number }): boolean =>
  losses >= MAX_LOSSES - 1

/**
 * Times that a full context is handed on to a fresh one before the work counts as too large for one issue. A judgement:
 * six contexts are more than a night's work.
 */
export const MAX_HANDOFFS = 5

export type StateKind = TaskState['kind']

/** Every kind of state, in the order of a task's life. */
export const STATE_KINDS = [
  'blocked',
  'queued',
  'held',
  'running',
  'publishing',
  'parked',
  'gated',
  'retrying',
  'in-review',
  'done',
  'failed',
  'cancelled',
] as const satisfies readonly StateKind[]

export const TERMINAL: ReadonlySet<StateKind> = new Set(['done', 'failed', 'cancelled'])
/** Kinds of state in which a task has not ended. */
export const OPEN: readonly StateKind[] = STATE_KINDS.filter((kind) => !TERMINAL.has(kind))
/** States in which work is live: the label added again changes nothing. */
export const isTerminal = (state: TaskState): boolean => TERMINAL.has(state.kind)

/** A maintainer's wish: the label, who set it, and the text that it blessed. */
export interface Wish {
  readonly by: Actor
  readonly at: Instant
  /** When the label was last set again while work was live: what was taken off before that is not taken back. */
  readonly again?: Instant
  /**
   * The label as it was set: the word in the settings may change, or be unreadable, while work is live. Null: it was
   * wished by word, on an issue without the label.
   */
  readonly label: string | null
  /** The profile that the label named; null means the repository's default. */
  readonly profile: string | null
  /** SHA-256 of the snapshot (title and body as shown). */
  readonly snapshot: string
}

/** What people's words have brought a task to. Documents of earlier versions lack these fields: the store reads them as `UNSTEERED`. */
export interface Steering {
  /** The open question; null: nobody is asked anything. */
  readonly question: Question | null
  /** Questions asked so far; the next one is `asked + 1`. */
  readonly asked: number
  /** Since the wish, the newest last. */
  readonly answers: readonly Answer[]
  /** The session, place and work that the next attempt goes on with; null: it starts afresh. */
  readonly resume: Resume | null
  /** Attempts that ended in a handoff since the wish, or since work was last published. */
  readonly handoffs: number
  readonly gate: Gate | null
  /** The commit that a person with write access approved at a gate. */
  readonly approved: Sha | null
  /** What the next or live attempt is to do to the open pull request; null: it is the first way there. */
  readonly revision: Revision | null
  /** Asked for while a revision was at work: the round after it. */
  readonly nextRevision: Revision | null
  readonly rounds: Rounds
  /** What was begun, or asked about, since the wish, the newest last. */
  readonly revised: readonly Revised[]
  /** Null: there is no pull request. */
  readonly review: Review | null
  /** While it is held nothing of it starts; what is under way without an agent, such as a review by people, goes on. */
  readonly hold: Hold | null
  /** The newest word heard of each kind that a later one takes back; older ones change nothing any more. */
  readonly heard: Partial<Readonly<Record<Matter, Word>>>
  /** Ids of the people who were told that they may not give commands here. */
  readonly forbidden: readonly number[]
  /** When we last posted comments of our own here, within the time that `decide/breaker` looks at. */
  readonly notices: readonly Instant[]
  /** The newest move of its card on a board that was decided on; null: there was none since the wish. */
  readonly card: CardMove | null
  readonly purse: Purse
}

/** Whose attempts a task's budget counts, and what people's words have made of it. */
export interface Purse {
  /** Attempts before the wish: they were its predecessor's. */
  readonly since: number
  /** How often a person allowed as much again. */
  readonly raised: number
}

/** `by`: the login. */
export interface Hold {
  readonly by: string
  readonly reason: string
  readonly at: Instant
}

/** `pause` is the repository's, and its words are told apart only on the same issue. */
export type Matter = 'wish' | 'hold' | 'priority' | 'pause'

export const UNSTEERED: Steering = {
  question: null,
  asked: 0,
  answers: [],
  resume: null,
  handoffs: 0,
  gate: null,
  approved: null,
  revision: null,
  nextRevision: null,
  rounds: NO_ROUNDS,
  revised: [],
  review: null,
  hold: null,
  heard: {},
  forbidden: [],
  notices: [],
  card: null,
  purse: { since: 0, raised: 0 },
}

export interface Task extends Steering {
  readonly id: TaskId
  readonly repo: RepoId
  readonly issue: IssueId
  readonly number: number
  readonly title: string
  /** Compared and set at each commit; 0 for a task that has no row yet. */
  readonly version: number
  readonly state: TaskState
  readonly wish: Wish | null
  /** Title or body were edited after the wish: the agent still works from the text that was blessed. */
  readonly edited: boolean
  /** Larger goes first; 0 by default. */
  readonly priority: number
  /** Attempts started so far; the next one is `attempts + 1`. */
  readonly attempts: number
  /** Fences attempts and acts; strictly increasing. */
  readonly epoch: number
  /** Absent: its newest attempt was begun with the profile that was wished for. */
  readonly standIn?: StandIn
  /** Failures of the task's own since the wish. */
  readonly failures: number
  /** Attempts since the wish that ended because their process was lost; three quarantine the task (F24). */
  readonly losses: number
  /** The last attempt's evidence, as far as it is needed to publish, retry or explain. */
  readonly report: AttemptReport | null
  /** The base SHA on which `verify` was found red: the task waits until the branch moves. */
  readonly redBase: Sha | null
  /** The head that we last pushed to our branch. */
  readonly pushed: Sha | null
  readonly pull: PullRef | null
  readonly createdAt: Instant
  readonly changedAt: Instant
}

/** A profile that took the place of another one whose provider was at its limit. */
export interface StandIn {
  readonly profile: string
  readonly wished: string
  /** Why the wished one rests, as its pause has it, and until when. */
  readonly reason: string
  readonly until: Instant | null
}

/** When the label that stands was set, as far as we know. */
export const labelledAt = (wish: Wish): Instant =>
  wish.again === undefined || wish.again < wish.at ? wish.at : wish.again

/** The only ref that a task may move. No user text in it (T32). */
export const branchOf = (task: { readonly number: number }): string => `yardmaster/${task.number}`

/** Where our branch must still point for a push to be ours to make; null: it must not be there. */
export const pushesOver = (task: Task): Sha | null => revisingOf(task)?.revision.head ?? task.pushed

/** The open pull request that is worked on again, and what for; null: work is on its first way to one, or there is none. */
export const revisingOf = ({
  revision,
  pull,
}: Pick<Task, 'revision' | 'pull'>): {
  readonly revision: Revision
  readonly pull: PullRef
} | null =>
  revision === null || pull === null || revision.first === true ? null : { revision, pull }

/** Whether a revision of an open pull request waits, runs or is asked about. */
export const isRevising = (task: Pick<Task, 'revision' | 'pull'>): boolean =>
  revisingOf(task) !== null
