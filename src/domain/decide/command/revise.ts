/**
 * `/revise` and `/update`: a pull request is worked on again, with the words that stand there or with its base merged in.
 * What stands at a gate is sent back too, and goes on from the work that waits there.
 */
import { attemptId } from '../../ids.ts'
import { joined } from '../../revision.ts'
import type { Revision } from '../../revision.ts'
import { isTerminal } from '../../task.ts'
import type { Change, Subject, World } from '../decision.ts'
import { revise as begin, reviseByWord } from '../revise.ts'
import { refused, saying } from './outcome.ts'
import type { Order, Outcome } from './outcome.ts'

export function revise(subject: Subject, order: Order<'revise'>, world: World): Outcome {
  const { task } = subject
  const { text } = order.command
  const { by, word } = order
  const remark = { comment: null, login: by.login, path: null, line: null, text }
  const wanted = (head: Revision['head']): Revision => ({
    reason: 'review',
    head,
    onto: null,
    remarks: [remark],
    log: '',
    by,
    at: word.at,
  })
  if (task.state.kind === 'gated') return fromGate(subject, order, wanted)
  if (isTerminal(task.state) || task.pull === null) return refused({ kind: 'no-pull' })
  const change = reviseByWord(
    subject,
    { wanted: wanted(world.pull?.head ?? task.pull.head), why: saying(order) },
    world,
  )
  return change ?? refused({ kind: 'live', state: task.state.kind })
}

/** What was verified was not pushed: it is laid out again, and worked on with these words. */
function fromGate(
  { task }: Subject,
  order: Order<'revise'>,
  wanted: (head: Revision['head']) => Revision,
): Outcome {
  const { gate } = task
  if (gate === null) return refused({ kind: 'live', state: task.state.kind })
  const fresh = wanted(gate.base)
  const revision =
    task.revision === null
      ? { ...fresh, first: true as const }
      : { ...joined(task.revision, fresh), head: task.revision.head }
  const change: Change = {
    event: 'revision.begun',
    why: saying(order),
    by: order.by.login,
    data: { reason: 'review', head: gate.head },
    next: {
      state: { kind: 'queued' },
      gate: null,
      approved: null,
      revision,
      rounds: { ...task.rounds, review: task.rounds.review + 1 },
      failures: 0,
      losses: 0,
      resume: {
        attempt: attemptId(task.id, task.attempts),
        base: gate.base,
        head: gate.head,
        session: null,
      },
    },
  }
  return change
}

export function update({ task, live }: Subject, order: Order<'update'>, world: World): Outcome {
  if (isTerminal(task.state) || task.pull === null) return refused({ kind: 'no-pull' })
  const { onto } = world
  if (onto === null || task.state.kind !== 'in-review')
    return refused({ kind: 'live', state: task.state.kind })
  const wanted: Revision = {
    reason: 'base',
    head: world.pull?.head ?? task.pull.head,
    onto,
    remarks: [],
    log: '',
    by: order.by,
    at: order.word.at,
  }
  return (
    begin({ task, live }, wanted, saying(order)) ??
    refused({ kind: 'live', state: task.state.kind })
  )
}
