/**
 * The one way from a pull request in review to a new attempt at it. A person's word counts a round and begins one
 * whatever was tried before; a machine's sign (red checks, a base that moved) begins none twice for the same head.
 */
import { shortSha } from '../ids.ts'
import type { Asked } from '../question.ts'
import { BASE_ROUNDS, REVIEW_ROUNDS, joined } from '../revision.ts'
import type { Revision, RevisionReason } from '../revision.ts'
import { isTerminal, revisingOf } from '../task.ts'
import type { Task } from '../task.ts'
import { asking } from './ask.ts'
import type { Change, Subject, World } from './decision.ts'

/** Begins it, adds it to what waits, or keeps it for when what runs has ended. Null: there is nothing to revise. */
export function revise(subject: Subject, wanted: Revision, why: string): Change | null {
  const { task } = subject
  const by = wanted.by?.login ?? null
  const data = { reason: wanted.reason, head: wanted.head, remarks: wanted.remarks.length }
  if (task.state.kind === 'in-review')
    return { event: 'revision.begun', why, by, data, next: begun(task, wanted) }
  if (task.pull === null || isTerminal(task.state)) return null
  // A new wish is at work on a pull request that is open from the one before.
  const revising = revisingOf(task)
  if (revising === null) return kept(task, wanted, why)
  switch (task.state.kind) {
    case 'queued':
    case 'held':
    case 'retrying':
      return {
        event: 'revision.extended',
        why: `${why}; the round that waits does that too`,
        by,
        data,
        next: { revision: joined(revising.revision, wanted) },
        surfaces: ['status'],
      }
    case 'running':
    case 'publishing':
    case 'parked':
    case 'gated':
      return kept(task, wanted, why)
    case 'blocked':
    case 'done':
    case 'failed':
    case 'cancelled':
      return null
    default:
      return task.state satisfies never
  }
}

/** The next round, after what is at work. */
const kept = (task: Task, wanted: Revision, why: string): Change => ({
  event: 'revision.kept',
  why: `${why}; that is the next round, after the one at work`,
  by: wanted.by?.login ?? null,
  data: { reason: wanted.reason, head: wanted.head, remarks: wanted.remarks.length },
  next: {
    nextRevision: task.nextRevision === null ? wanted : joined(task.nextRevision, wanted),
  },
  surfaces: ['status'],
})

/** A round begins, and is counted. */
export const begun = (task: Task, wanted: Revision): Partial<Task> => ({
  state: { kind: 'queued' },
  revision: wanted,
  nextRevision: null,
  rounds: { ...task.rounds, [wanted.reason]: task.rounds[wanted.reason] + 1 },
  revised: marked(task, wanted),
  failures: 0,
  losses: 0,
  handoffs: 0,
  resume: null,
  redBase: null,
})

/** Heads change with each round, so that few are worth remembering. A judgement. */
const REMEMBERED = 50

export const marked = (
  { revised }: Task,
  { head, reason }: Pick<Revision, 'head' | 'reason'>,
): Task['revised'] => [...revised, { head, reason }].slice(-REMEMBERED)

/** Whether a machine's sign has been followed, or asked about, at that head already. */
export const wasTried = ({ revised }: Task, head: Revision['head'], reason: RevisionReason) =>
  revised.some((one) => one.head === head && one.reason === reason)

/** A person's word, with the cap on rounds; null: there is nothing to revise. */
export function reviseByWord(
  subject: Subject,
  { wanted, why }: { readonly wanted: Revision; readonly why: string },
  world: World,
): Change | null {
  const { task } = subject
  if (task.state.kind !== 'in-review' || task.rounds.review < REVIEW_ROUNDS)
    return revise(subject, wanted, why)
  return asking(subject, world, tooMany(task), {
    about: 'revisions',
    next: { revision: wanted },
    data: { head: wanted.head, reason: wanted.reason },
  })
}

/** A machine's sign. Null: it was followed already, or is not to be, or a person holds the task. */
export function reviseBySign(subject: Subject, wanted: Revision, world: World): Change | null {
  const { task } = subject
  const { reason, head } = wanted
  if (task.state.kind !== 'in-review' || task.hold !== null || wasTried(task, head, reason))
    return null
  const cap = capOf(reason, world)
  if (cap === 0) return null
  const red = reason === 'checks'
  if (task.rounds[reason] >= cap)
    return asking(subject, world, red ? stillRed(task, wanted) : stillMoving(task), {
      about: red ? 'checks' : 'revisions',
      next: { revision: wanted, revised: marked(task, wanted) },
      data: { head, reason },
    })
  const why = red
    ? `required checks are red on ${shortSha(head)}`
    : `${nameOf(task)} cannot be merged as it is; the base is merged into it`
  return revise(subject, wanted, why)
}

function capOf(reason: RevisionReason, { policy }: World): number {
  if (reason === 'base') return BASE_ROUNDS
  return policy.kind === 'ready' ? policy.settings.limits.ciFixes : 0
}

const nameOf = ({ pull, number }: Task): string =>
  pull === null ? `the work on #${number}` : `#${pull.number}`

export const ONE_MORE = 'One more round'
export const LEAVE_IT = 'Leave it to people'
const CHOICES = { options: [ONE_MORE, LEAVE_IT], recommended: null } as const

const tooMany = (task: Task): Asked => ({
  ...CHOICES,
  text: `${nameOf(task)} has been through ${task.rounds.review} rounds of review, and changes were asked for again. Is another round worth it?`,
})

const stillRed = (task: Task, { log }: Revision): Asked => ({
  ...CHOICES,
  text: `Required checks are still red on ${nameOf(task)} after ${task.rounds.checks === 1 ? 'one attempt' : `${task.rounds.checks} attempts`} at mending them. Shall I try again?${log === '' ? '' : `\n\n${firstLines(log)}`}`,
})

const stillMoving = (task: Task): Asked => ({
  ...CHOICES,
  text: `The base has been merged into ${nameOf(task)} ${task.rounds.base} times, and it moved on again. Shall I go on?`,
})

const firstLines = (log: string): string => log.split('\n').slice(0, 3).join('\n').slice(0, 500)
