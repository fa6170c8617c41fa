/** `/reject` at a gate: the task ends, nothing of the commit is pushed, and its work is kept. */
import { shortSha } from '../../ids.ts'
import type { Subject } from '../decision.ts'
import { withdrawal } from '../withdraw.ts'
import { refused, saying } from './outcome.ts'
import type { Order, Outcome } from './outcome.ts'

export function reject(subject: Subject, order: Order<'reject'>): Outcome {
  const { gate, state } = subject.task
  if (state.kind !== 'gated' || gate === null) return refused({ kind: 'nothing-to-approve' })
  const kept = `${shortSha(gate.head)} is kept and was not pushed`
  return withdrawal(subject, {
    by: order.by.login,
    reason: `${saying(order, order.command.reason)}; ${kept}`,
  })
}
