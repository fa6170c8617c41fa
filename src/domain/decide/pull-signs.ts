/** What happens to a pull request while people look at it: reviews, pushes by others, checks, a base that moves on. */
import { shortSha } from '../ids.ts'
import { mayWrite } from '../actor.ts'
import type { Revision } from '../revision.ts'
import { isRevising, isTerminal, revisingOf } from '../task.ts'
import type { PullRef, Task } from '../task.ts'
import type { TaskFact } from '../fact.ts'
import { approvalOf } from './approval.ts'
import { decision } from './decision.ts'
import type { Decision, Subject, World } from './decision.ts'
import { reviseBySign, reviseByWord } from './revise.ts'

type Submitted = Extract<TaskFact, { kind: 'review-submitted' }>
type Pushed = Extract<TaskFact, { kind: 'pull-pushed' }>
type Looked = Extract<TaskFact, { kind: 'checks-changed' | 'merges-changed' }>

const SAID = {
  approved: 'approved',
  changes: 'asked for changes of',
  commented: 'commented on',
  dismissed: 'dismissed a review of',
} as const

/** Whose words count is asked of GitHub now; a review of somebody who may not write is recorded, and that is all. */
export function decideReviewSubmitted(
  subject: Subject,
  fact: Submitted,
  world: World,
): Decision | null {
  const { task } = subject
  const { actor } = fact
  if (task.pull?.number !== fact.pull || actor === null || isTerminal(task.state)) return null
  const may = actor.kind === 'person' && world.permission !== null && mayWrite(world.permission)
  const open = world.pull?.open !== false
  if (fact.says === 'changes' && open && may && world.remarks.length > 0) {
    const wanted: Revision = {
      reason: 'review',
      head: world.pull?.head ?? task.pull.head,
      onto: null,
      remarks: world.remarks,
      log: '',
      by: actor,
      at: fact.at,
    }
    const why = `@${actor.login} asked for changes of #${fact.pull}`
    const change = reviseByWord(subject, { wanted, why }, world)
    if (change !== null) return decision(subject, world, change)
  }
  return decision(subject, world, {
    event: 'review.submitted',
    why: `@${actor.login} ${SAID[fact.says]} #${fact.pull} at ${shortSha(fact.head)}`,
    by: actor.login,
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

/** What has not begun begins from there; what has finds it when it pushes. */
function headMoved(task: Task, pull: PullRef): Partial<Task> {
  if (task.state.kind === 'in-review') return { pull, state: { kind: 'in-review', pull } }
  const waits = ['queued', 'held', 'retrying', 'parked'].includes(task.state.kind)
  const revising = revisingOf(task)
  if (revising === null || !waits || task.resume !== null) return { pull }
  return { pull, revision: { ...revising.revision, head: pull.head } }
}

/** Only on a head that we pushed, only what is required, and only when nobody is at it already. */
export function decidePullLooked(subject: Subject, fact: Looked, world: World): Decision | null {
  const { task } = subject
  const { pull } = world
  if (pull === null || !pull.open || task.state.kind !== 'in-review' || isRevising(task))
    return null
  const sign = { head: pull.head, remarks: [], by: null, at: world.now }
  if (fact.kind === 'checks-changed') {
    if (pull.checks !== 'red' || pull.head !== task.pushed) return null
    const log = pull.red.map(({ name, log: said }) => `${name}\n${said}`).join('\n\n')
    return follow(subject, { ...sign, reason: 'checks', onto: null, log }, world)
  }
  if ((pull.merges !== 'conflict' && pull.merges !== 'behind') || world.onto === null) return null
  return follow(subject, { ...sign, reason: 'base', onto: world.onto, log: '' }, world)
}

function follow(subject: Subject, wanted: Revision, world: World): Decision | null {
  const change = reviseBySign(subject, wanted, world)
  return change === null ? null : decision(subject, world, change)
}
