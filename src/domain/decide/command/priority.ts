/** `/priority`: where the task stands in the line, from its next look on. */
import { PRIORITIES } from '../../command.ts'
import { isTerminal } from '../../task.ts'
import type { Subject } from '../decision.ts'
import { refused, saying } from './outcome.ts'
import type { Order, Outcome } from './outcome.ts'

export function priority({ task }: Subject, order: Order<'priority'>): Outcome {
  if (task.wish === null) return refused({ kind: 'nothing-here' })
  if (isTerminal(task.state)) return refused({ kind: 'ended', state: task.state.kind })
  const wanted = order.command.priority
  return {
    event: 'task.priority',
    why: saying(order, wanted),
    by: order.by.login,
    data: { priority: wanted },
    next: { priority: PRIORITIES[wanted] },
    surfaces: ['status'],
  }
}
