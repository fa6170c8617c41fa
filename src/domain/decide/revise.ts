/** What happens to a pull request while people look at it: reviews, pushes by others, checks, a base that moves on. */
import { shortSha } from '../ids.ts'
import { isTerminal } from '../task.ts'
import type { PullRef, Task } from '../task.ts'
import type { TaskFact } from '../fact.ts'
import { approvalOf } from './approval.ts'
import { decision } from './decision.ts'
import type { Decision, Subject, World } from './decision.ts'

type Submitted = Extract<TaskFact, { kind: 'review-submitted' }>
type Pushed = Extract<TaskFact, { kind: 'pull-pushed' }>
type Looked = Extract<TaskFact, { kind: 'checks-changed' | 'merges-changed' }>

const SAID = {
  approved: 'approved',
  changes: 'asked for changes of',
  commented: 'commented on',
  dismissed: 'dismissed a review of',
} as const

export function decideReviewSubmitted(
  subject: Subject,
  fact: Submitted,
  world: World,
): Decision | null {
  const { task } = subject
  if (task.pull?.number !== fact.pull || fact.actor === null || isTerminal(task.state)) return null
  return decision(subject, world, {
    event: 'review.submitted',
    why: `@${fact.actor.login} ${SAID[fact.says]} #${fact.pull} at ${shortSha(fact.head)}`,
    by: fact.actor.login,
    data: { review: fact.review, says: fact.says, head: fact.head },
    surfaces: approvalOf(world, task.pull.head),
  })
}

/** Deliveries overtake each other: where the branch points is what GitHub says now. */
export function decidePullPushed(subject: Subject, fact: Pushed, world: World): Decision | null {
  const { task } = subject
  const { pull } = world
  if (task.pull?.number !== fact.pull || isTerminal(task.state)) return null
  if (pull === null || pull.head === task.pull.head) return null
  const by = fact.actor?.login ?? null
  return decision(subject, world, {
    event: 'pull.pushed',
    why: `${by === null ? 'somebody' : `@${by}`} pushed ${shortSha(pull.head)} to #${fact.pull}`,
    by,
    data: { head: pull.head, before: task.pull.head },
    next: headMoved(task, { ...task.pull, head: pull.head }),
    surfaces: ['status', ...approvalOf(world, pull.head)],
  })
}

const headMoved = (task: Task, pull: PullRef): Partial<Task> => ({
  pull,
  ...(task.state.kind === 'in-review' ? { state: { kind: 'in-review', pull } } : {}),
})

export function decidePullLooked(_subject: Subject, _fact: Looked, _world: World): Decision | null {
  return null
}
