/** A person takes the wish back: the label removed, the issue closed, moved or deleted. The work done so far is kept. */
import { emptyReport } from '../attempt.ts'
import type { Attempt } from '../attempt.ts'
import type { TaskFact } from '../fact.ts'
import { isRevising, isTerminal, labelledAt } from '../task.ts'
import { isWishLabel } from '../trigger.ts'
import { decision, noted, terminal } from './decision.ts'
import type { Change, Decision, Subject, World } from './decision.ts'
import { triggerOf } from './wish.ts'

type Removed = Extract<TaskFact, { kind: 'label-removed' }>
type Closed = Extract<TaskFact, { kind: 'issue-closed' }>
type Gone = Extract<TaskFact, { kind: 'issue-gone' }>

export function decideLabelRemoved(subject: Subject, fact: Removed, world: World): Decision | null {
  const { task } = subject
  const ours = (label: string): boolean =>
    isWishLabel(label, triggerOf(world), task.wish?.label ?? null)
  if (!ours(fact.label) || task.version === 0) return null
  const by = fact.actor?.login ?? null
  const note = (event: string, why: string) => noted(subject, world, { event, why, by })
  if (isTerminal(task.state)) {
    return note('wish.removed', `the label \`${fact.label}\` was taken off after the end`)
  }
  if (outdated(subject, fact, world)) {
    return note(
      'wish.outdated',
      `the label \`${fact.label}\` was taken off before it was set again`,
    )
  }
  if (fact.issue.labels.some(ours)) {
    return note('wish.thinned', `the label \`${fact.label}\` was taken off; another one stays`)
  }
  return withdraw(subject, world, { by, reason: `${who(by)} took the label off` })
}

export function decideIssueClosed(subject: Subject, fact: Closed, world: World): Decision | null {
  if (subject.task.version === 0) return null
  const by = fact.actor?.login ?? null
  if (isTerminal(subject.task.state)) {
    return noted(subject, world, {
      event: 'issue.closed',
      why: `${who(by)} closed the issue after the end`,
      by,
    })
  }
  if (outdated(subject, fact, world)) {
    return noted(subject, world, {
      event: 'issue.closed',
      why: `${who(by)} closed the issue before the label was set again`,
      by,
    })
  }
  if (subject.task.state.kind === 'in-review') {
    return decision(subject, world, {
      event: 'task.done',
      why: `${who(by)} closed the issue`,
      by,
      next: { state: terminal('done', `${who(by)} closed the issue`) },
      callOff: true,
    })
  }
  // A merge closes the issue, and may be told of after that: the work is not withdrawn, whatever a revision still does.
  if (isRevising(subject.task)) {
    return decision(subject, world, {
      event: 'task.done',
      why: `${who(by)} closed the issue`,
      by,
      ...withoutRevision(subject, 'done', `${who(by)} closed the issue`),
    })
  }
  return withdraw(subject, world, { by, reason: `${who(by)} closed the issue` })
}

export function decideIssueGone(subject: Subject, fact: Gone, world: World): Decision | null {
  if (subject.task.version === 0) return null
  const by = fact.actor?.login ?? null
  if (isTerminal(subject.task.state)) {
    return noted(subject, world, {
      event: 'issue.gone',
      why: `the issue was ${fact.how} after the end`,
      by,
    })
  }
  const withdrawn = withdraw(subject, world, { by, reason: `the issue was ${fact.how}` })
  // The issue cannot be written any more: what remains is the ledger and the kept work.
  return { ...withdrawn, surfaces: [] }
}

/** GitHub promises no order of deliveries: what was so before the wish was set takes nothing of it back. */
const outdated = ({ task }: Subject, fact: Removed | Closed, world: World): boolean =>
  world.withdrawn === 'no' || (task.wish !== null && fact.at < labelledAt(task.wish))

const withdraw = (subject: Subject, world: World, cause: Cause): Decision =>
  decision(subject, world, withdrawal(subject, cause))

interface Cause {
  readonly by: string | null
  readonly reason: string
}

export function withdrawal({ task, live }: Subject, cause: Cause): Change {
  const pull = task.pull === null ? '' : `; pull request #${task.pull.number} stays as it is`
  return {
    event: 'task.cancelled',
    why: cause.reason,
    by: cause.by,
    next: {
      state: terminal('cancelled', `${cause.reason}${pull}`),
      epoch: task.epoch + 1,
      question: null,
      gate: null,
    },
    attempt: live === null ? null : stopping(live, cause.reason),
    callOff: true,
  }
}

/** The pull request is not to be revised any more: what was under way for it ends. */
export const withoutRevision = (
  { task, live }: Subject,
  kind: 'done' | 'cancelled',
  reason: string,
) =>
  ({
    next: {
      state: terminal(kind, reason),
      epoch: task.epoch + 1,
      revision: null,
      nextRevision: null,
      question: null,
      gate: null,
    },
    attempt: live === null ? null : stopping(live, reason),
    callOff: true,
  }) satisfies Partial<Change>

/** An attempt that nobody has taken never starts, for what has ended is not taken: nobody else would tell its end. */
const stopping = (live: Attempt, reason: string): Decision['attempt'] =>
  live.runner === null
    ? { id: live.id, ended: emptyReport({ kind: 'cancelled' }, reason) }
    : { id: live.id, stop: reason }

const who = (login: string | null): string => (login === null ? 'someone' : `@${login}`)
