/** A decision as data: what becomes of the task, what to do once, what to show anew, and why. */
import type { Act, ActDetail } from '../act.ts'
import type { Permission } from '../actor.ts'
import type { Attempt, AttemptReport } from '../attempt.ts'
import { usageOf } from '../budget.ts'
import type { CommandError, CommandRefusal, ParsedCommand } from '../command.ts'
import type { IssueView } from '../fact.ts'
import { actKey } from '../ids.ts'
import type { Gate } from '../gate.ts'
import type { AttemptId, Instant, Sha, TaskId } from '../ids.ts'
import type { LedgerDraft } from '../ledger.ts'
import type { Pause } from '../pause.ts'
import type { Notice } from '../notice.ts'
import type { PullNow } from '../pull-now.ts'
import { questionName } from '../question.ts'
import type { Question } from '../question.ts'
import type { Surface } from '../projection.ts'
import type { Remark } from '../revision.ts'
import type { OperatorSettings, RepoPolicy } from '../settings.ts'
import type { Snapshot } from '../snapshot.ts'
import { pushedTo } from '../review.ts'
import { spokenKey } from '../spoken.ts'
import type { Task, TaskState, Wish } from '../task.ts'
import { breaker } from './breaker.ts'

/** Everything that a decision may know beyond the task and the fact; gathered before, fixed while deciding. */
export interface World {
  readonly now: Instant
  readonly policy: RepoPolicy
  readonly operator: OperatorSettings
  /** What the fact's actor may do, asked of GitHub for this fact; null when `needs` did not ask. */
  readonly permission: Permission | null
  /** The issue's title and body as a reader sees them; null for facts without an issue. */
  readonly shown: Snapshot | null
  /** Whether the issue, asked of GitHub for this fact, takes back a wish that deliveries disagree about; null: not asked, or not known. */
  readonly withdrawn: 'closed' | 'gone' | 'unlabelled' | 'no' | null
  /** Of the files that an ended attempt changed, or that stand in a pull request just opened, those that need a person's yes before they are pushed. */
  readonly guarded: readonly string[]
  /** What the fact's comment says; null: nothing that is meant for Yardmaster, or there is no comment. */
  readonly said: Said | null
  /** What has become of that comment since it was said, asked of GitHub for this fact; null: not asked. */
  readonly genuine: 'same' | 'edited' | 'gone' | null
  /** The issue as GitHub shows it now, asked for commands that start work; null: not asked, or not there. */
  readonly issue: IssueNow | null
  /** The repository's, by people or after failures that were alike, in effect or not; null: not asked, or there was none. */
  readonly pause: Pause | null
  /** The task's pull request as GitHub shows it now; null: not asked, or not there. */
  readonly pull: PullNow | null
  /** Head of the default branch, asked for facts that may merge it into a pull request; null: not asked. */
  readonly onto: Sha | null
  /** What the fact's review says, if it asks for changes and its author may; empty: nothing, or not asked. */
  readonly remarks: readonly Remark[]
  /** Where the fact's card lies by the wish of whoever moved it; null: not asked, or something else has happened to it since. */
  readonly card: { readonly column: string | null } | null
}

/** A comment as it was read for the one who wrote it. */
export interface Said {
  /** Each with what stands against their giving it; null: they may. */
  readonly commands: readonly (ParsedCommand & { readonly refusal: CommandRefusal | null })[]
  readonly refused: readonly CommandError[]
}

export interface IssueNow {
  readonly view: IssueView
  /** Title or body were edited after the command. */
  readonly editedSince: boolean
}

export interface Decision {
  readonly next: Task
  readonly ledger: readonly LedgerDraft[]
  readonly acts: readonly Act[]
  readonly surfaces: readonly Surface[]
  readonly snapshot: Snapshot | null
  readonly attempt:
    | { readonly id: AttemptId; readonly ended: AttemptReport }
    | { readonly id: AttemptId; readonly stop: string }
    | null
  /** Open acts of the task are called off. */
  readonly callOff: boolean
  readonly pause: Pause | null
  /** The scope of a pause that ends. */
  readonly resume: string | null
  /** One sentence, the same as the ledger's. */
  readonly why: string
}

/** What is decided about: a task with its live attempt. */
export interface Subject {
  readonly task: Task
  readonly live: Attempt | null
}

export interface Change {
  readonly event: string
  readonly why: string
  readonly by?: string | null
  readonly data?: Readonly<Record<string, unknown>>
  readonly next?: Partial<Omit<Task, 'id' | 'repo' | 'issue' | 'version'>>
  readonly acts?: readonly ActDetail[]
  readonly surfaces?: readonly Surface[]
  readonly snapshot?: Snapshot
  readonly attempt?: Decision['attempt']
  readonly callOff?: boolean
  readonly pause?: Pause
  readonly resume?: string
}

/** Builds the decision: one ledger entry, acts with deterministic keys, the surfaces that show the change. */
export function decision(subject: Subject, world: World, change: Change): Decision {
  const wanted: Task = { ...subject.task, ...change.next, changedAt: world.now }
  const { acts, ...quiet } = breaker(wanted, change.acts ?? [], world.now)
  const next = whileHeld(withHead(subject.task, { ...wanted, ...quiet }, world.now))
  return {
    next,
    ledger: [
      {
        event: change.event,
        why: change.why,
        by: change.by ?? null,
        at: world.now,
        data: { state: next.state.kind, ...change.data },
      },
    ],
    acts: acts
      .filter((act) => !isRetry(act) || next.state.kind === 'retrying')
      .map((detail) => actOf(next, detail)),
    surfaces: shown(change, { wanted, next }, world),
    snapshot: change.snapshot ?? null,
    attempt: counted(subject, change.attempt ?? null),
    callOff: change.callOff ?? false,
    pause: change.pause ?? null,
    resume: change.resume ?? null,
    why: change.why,
  }
}

/** Who asked for quiet may get a hold for it, which shows wherever the state does. */
function shown(
  { surfaces }: Change,
  { wanted, next }: { readonly wanted: Task; readonly next: Task },
  { policy }: World,
): readonly Surface[] {
  const all = next.wish === null ? [] : surfacesOf(policy)
  if (surfaces === undefined) return all
  return next.hold === wanted.hold ? surfaces : [...new Set([...surfaces, ...all])]
}

/** An attempt ends with all that is known of what it used. */
export const counted = (
  { live }: Pick<Subject, 'live'>,
  attempt: Decision['attempt'],
): Decision['attempt'] =>
  attempt !== null && 'ended' in attempt && attempt.id === live?.id
    ? { ...attempt, ended: { ...attempt.ended, usage: usageOf(attempt.ended.usage, live) } }
    : attempt

/** Those that every change of a task's state shows on. */
export const surfacesOf = (policy: RepoPolicy): readonly Surface[] =>
  policy.kind === 'ready' && policy.settings.board !== null
    ? ['status', 'labels', 'board']
    : ['status', 'labels']

const isRetry = (act: ActDetail): boolean => act.kind === 'wake' && act.timer === 'retry'

/** Whatever moves the head of a pull request: nobody has looked at the new one, and no check has run on it. */
function withHead(before: Task, next: Task, now: Instant): Task {
  const { pull, review } = next
  if (pull === null || review === null || pull.number !== before.pull?.number) return next
  const known = pull.head === before.pull.head || review.headAt !== before.review?.headAt
  return known ? next : { ...next, review: pushedTo(review, now) }
}

/** Whatever would bring a task into the line brings it to where it is held, for as long as it is. */
export function whileHeld(task: Task): Task {
  const { hold, state } = task
  if (hold === null || (state.kind !== 'queued' && state.kind !== 'retrying')) return task
  return { ...task, state: { kind: 'held', by: hold.by, reason: hold.reason } }
}

/** Recorded, and nothing else: the state stays, no surface is written. */
export function noted(
  subject: Subject,
  world: World,
  note: Pick<Change, 'event' | 'why' | 'by' | 'data' | 'next' | 'attempt' | 'acts'>,
): Decision {
  return decision(subject, world, { ...note, surfaces: [] })
}

/** An act of the task's present epoch. The key says what would be done twice if it were done again. */
export function actOf(task: Task, detail: ActDetail): Act {
  return {
    key: actKey(keyOf(task, detail)),
    task: task.id,
    epoch: task.epoch,
    notBefore: notBefore(task, detail),
    detail,
  }
}

function notBefore(task: Task, detail: ActDetail): Instant | null {
  if (detail.kind !== 'wake') return null
  if (detail.timer === 'remind') return detail.at
  return task.state.kind === 'retrying' ? task.state.at : null
}

/** Under which key the question at a gate is posted. */
export const gateKey = (task: TaskId, wish: Wish, { kind, head }: Gate): string =>
  `comment:${task}:${kind === 'workflows' ? 'withheld' : 'gate'}:${wish.at}:${head}${kind === 'secrets' ? ':secrets' : ''}`

/** Under which key a question is posted. */
export const questionKey = (task: TaskId, wish: Wish, question: Pick<Question, 'n'>): string =>
  `comment:${task}:question:${wish.at}:${questionName(question)}`

function keyOf(task: Task, detail: ActDetail): string {
  switch (detail.kind) {
    case 'push':
      return `push:${task.id}:${detail.head}${detail.seen === true ? ':seen' : ''}`
    case 'open-pull':
      return `pull:${task.id}:${detail.head}`
    case 'comment':
      return detail.notice.kind === 'reply'
        ? `reply:${task.id}:${spokenKey(task.repo, detail.notice.to)}`
        : `comment:${task.id}:${detail.notice.kind}:${task.wish === null ? 'none' : task.wish.at}${which(task, detail.notice)}`
    case 'react':
      return `react:${task.id}:${spokenKey(task.repo, detail.to)}:${detail.contents.join('+')}`
    case 'answer-remark':
      return `remark:${task.id}:${detail.comment}:${detail.head ?? `not:${task.pull?.head ?? ''}`}`
    case 'assign-review':
      return `assign:${task.id}:${detail.pull}`
    case 'ask-review':
      return `review:${task.id}:${detail.login}:${detail.head}`
    case 'wake':
      return `wake:${task.id}:${task.epoch}:${detail.timer}${detail.timer === 'remind' ? `:${detail.question}:${detail.at}` : ''}`
    default:
      return detail satisfies never
  }
}

/** Of some notices there are several for one wish. */
function which(task: Task, notice: Notice): string {
  switch (notice.kind) {
    case 'question':
    case 'how-to-answer':
      return `:${questionName(notice.question)}`
    case 'reminder':
      return `:${questionName(notice.question)}:${notice.question.reminders}`
    case 'gate':
      return `:${notice.gate.head}${notice.gate.kind === 'secrets' ? ':secrets' : ''}`
    case 'withheld':
      return `:${notice.withheld.head}`
    case 'revision-failed':
      return `:${notice.head}:${task.attempts}`
    case 'failed-alike':
      return `:${notice.attempt}`
    case 'failed':
    // Named by what it answers.
    case 'reply':
    case 'refused':
    case 'two-profiles':
    case 'unknown-profile':
      return ''
    // It may speak again another time.
    case 'breaker':
      return `:${task.notices[0] ?? task.changedAt}`
    default:
      return notice satisfies never
  }
}

export const terminal = (kind: 'done' | 'failed' | 'cancelled', reason: string): TaskState => ({
  kind,
  reason,
})
