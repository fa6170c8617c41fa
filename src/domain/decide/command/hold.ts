/**
 * `/hold` and `/unhold`. Held, a task starts nothing: from the line and between tries it goes to `held`; an attempt that
 * runs is stopped with its work kept and ends there; one that was complete before the stop reached it is published,
 * because it starts nothing. In review it stays there, and no revision starts by itself; questions and gates may be
 * answered, and what the answer would start waits. A merge, a closing or `/cancel` ends it as ever.
 */
import { emptyReport } from '../../attempt.ts'
import { isTerminal } from '../../task.ts'
import type { Change, Subject } from '../decision.ts'
import { refused, saying } from './outcome.ts'
import type { Order, Outcome } from './outcome.ts'

export function hold({ task, live }: Subject, order: Order<'hold'>): Outcome {
  if (task.wish === null) return refused({ kind: 'nothing-here' })
  if (isTerminal(task.state)) return refused({ kind: 'ended', state: task.state.kind })
  const reason = order.command.reason ?? 'until `/unhold`'
  const held: Change = {
    event: 'task.held',
    why: saying(order, order.command.reason),
    by: order.by.login,
    next: { hold: { by: order.by.login, reason, at: order.word.at } },
  }
  if (task.state.kind !== 'running' || live === null) return held
  // Nobody has taken it yet: nobody would tell its end.
  if (live.runner === null)
    return {
      ...held,
      next: { ...held.next, state: { kind: 'queued' } },
      attempt: { id: live.id, ended: emptyReport({ kind: 'stopped' }, held.why) },
    }
  return { ...held, attempt: { id: live.id, stop: held.why } }
}

export function unhold({ task }: Subject, order: Order<'unhold'>): Outcome {
  if (task.hold === null)
    return refused(task.state.kind === 'held' ? { kind: 'text-edited' } : { kind: 'not-held' })
  return {
    event: 'task.unheld',
    why: saying(order),
    by: order.by.login,
    next: { hold: null, ...(task.state.kind === 'held' ? { state: { kind: 'queued' } } : {}) },
  }
}
