/** `/cancel`: the wish is taken back by word. What was pushed stays. */
import { isTerminal } from '../../task.ts'
import type { Subject } from '../decision.ts'
import { withdrawal } from '../withdraw.ts'
import { refused, saying } from './outcome.ts'
import type { Order, Outcome } from './outcome.ts'

export function cancel(subject: Subject, order: Order<'cancel'>): Outcome {
  const { task } = subject
  if (task.wish === null) return refused({ kind: 'nothing-here' })
  if (isTerminal(task.state)) return refused({ kind: 'ended', state: task.state.kind })
  return withdrawal(subject, {
    by: order.by.login,
    reason: saying(order, order.command.reason),
  })
}
