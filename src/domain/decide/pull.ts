/** A person merged, closed or reopened the pull request. */
import type { TaskFact } from '../fact.ts'
import { isRevising, isTerminal } from '../task.ts'
import { decision, noted, terminal } from './decision.ts'
import type { Decision, Subject, World } from './decision.ts'
import { withoutRevision } from './withdraw.ts'

type Closed = Extract<TaskFact, { kind: 'pull-closed' }>
type Reopened = Extract<TaskFact, { kind: 'pull-reopened' }>

export function decidePullClosed(subject: Subject, fact: Closed, world: World): Decision | null {
  const { task } = subject
  if (task.version === 0) return null
  const by = fact.actor?.login ?? null
  const how = `${by === null ? 'someone' : `@${by}`} ${fact.merged ? 'merged' : 'closed'} #${fact.number}`
  const ours = task.pull?.number === fact.number
  const merging = fact.merged && ours && task.state.kind === 'done'
  // Without a revision the pull request of a task at work is of an earlier wish.
  const revising = isRevising(task) && !isTerminal(task.state)
  if (!ours || (task.state.kind !== 'in-review' && !revising && !merging)) {
    return noted(subject, world, { event: 'pull.closed', why: how, by })
  }
  const kind = fact.merged ? 'done' : 'cancelled'
  const end = revising
    ? withoutRevision(subject, kind, how)
    : { next: { state: terminal(kind, how) }, callOff: true }
  const review = task.review && {
    ...task.review,
    ended: { how: fact.merged ? ('merged' as const) : ('closed' as const), at: world.now },
  }
  return decision(subject, world, {
    event: `task.${kind}`,
    why: how,
    by,
    ...end,
    next: { ...end.next, review },
  })
}

/** Recorded only: a terminal state is left by a new wish, which is the label. */
export function decidePullReopened(
  subject: Subject,
  fact: Reopened,
  world: World,
): Decision | null {
  if (subject.task.version === 0) return null
  return noted(subject, world, {
    event: 'pull.reopened',
    why: `#${fact.number} was reopened`,
    by: fact.actor?.login ?? null,
  })
}
