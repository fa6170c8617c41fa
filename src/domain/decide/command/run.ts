/**
 * `/run` and `/retry`: a wish by word, with the force of the label. The text that stood in the issue when it was said
 * is what is worked; a profile is what the issue's labels name, or for a retry what the wish before had.
 */
import { snapshotHash } from '../../snapshot.ts'
import { isTerminal } from '../../task.ts'
import { isWishLabel, wishOf } from '../../trigger.ts'
import type { LabelWish } from '../../trigger.ts'
import type { Change, Subject, World } from '../decision.ts'
import { freshWish, triggerOf } from '../wish.ts'
import { refused, saying } from './outcome.ts'
import type { Order, Outcome } from './outcome.ts'

export function run(subject: Subject, order: Order<'run' | 'retry'>, world: World): Outcome {
  const { task } = subject
  const known = task.wish !== null
  if (order.command.kind === 'retry' && !known) return refused({ kind: 'nothing-here' })
  if (known && !isTerminal(task.state)) {
    if (task.hold !== null) return refused({ kind: 'held', by: task.hold.by })
    if (task.state.kind === 'retrying' && order.command.kind === 'retry') return atOnce(order)
    // Held without anybody's hold: its text is not what was approved, and this approves it.
    if (task.state.kind !== 'held') return refused({ kind: 'live', state: task.state.kind })
  }
  const { issue } = world
  if (issue === null) return refused({ kind: 'issue-gone' })
  if (!issue.view.open) return refused({ kind: 'issue-closed' })
  if (issue.editedSince) return refused({ kind: 'text-edited' })
  const labels = wishOf(issue.view.labels, triggerOf(world), Object.keys(world.operator.profiles))
  return refusalOf(labels) ?? grant(subject, { order, labels }, world)
}

const atOnce = (order: Order<'run' | 'retry'>): Change => ({
  event: 'task.requeued',
  why: saying(order),
  by: order.by.login,
  next: { state: { kind: 'queued' } },
  callOff: true,
})

function refusalOf(labels: LabelWish): Outcome | null {
  switch (labels.kind) {
    case 'several':
      return refused({ kind: 'two-profiles', labels: labels.labels })
    case 'unknown':
      return refused({ kind: 'unknown-profile', name: labels.name, known: labels.known })
    case 'none':
    case 'one':
      return null
    default:
      return labels satisfies never
  }
}

function grant(
  { task }: Subject,
  { order, labels }: { readonly order: Order<'run' | 'retry'>; readonly labels: LabelWish },
  world: World,
): Change {
  const { shown, issue } = world
  if (shown === null || issue === null)
    throw new Error('a wish is granted for an issue that was shown')
  const trigger = triggerOf(world)
  const label = issue.view.labels.find((one) => isWishLabel(one, trigger, null)) ?? null
  const before = order.command.kind === 'retry' ? (task.wish?.profile ?? null) : null
  const wish = {
    by: order.by,
    at: order.word.at,
    label,
    profile: labels.kind === 'one' ? labels.profile : before,
    snapshot: snapshotHash(shown),
  }
  return {
    event: 'task.queued',
    why: saying(order),
    by: order.by.login,
    data: { snapshot: wish.snapshot, profile: wish.profile },
    next: { ...freshWish(task, wish, issue.view.title), state: { kind: 'queued' } },
    snapshot: shown,
    callOff: true,
  }
}
