/**
 * `/approve` at a gate: good for exactly the commit that it names. What Yardmaster may push is pushed; workflow files it
 * may not, so there the word says that a person has applied them: the task ends, or its pull request is in review again.
 * What only looks like a secret a person may let pass.
 */
import { shortSha } from '../../ids.ts'
import type { Gate } from '../../gate.ts'
import { mayPass } from '../../leak.ts'
import { isBefore } from '../../question.ts'
import { branchOf, pushesOver, revisingOf } from '../../task.ts'
import type { Task } from '../../task.ts'
import { terminal } from '../decision.ts'
import type { Subject } from '../decision.ts'
import { handedOver } from '../revised.ts'
import { refused, saying } from './outcome.ts'
import type { Order, Outcome } from './outcome.ts'

export function approve({ task }: Subject, order: Order<'approve'>): Outcome {
  const { gate, state } = task
  if (state.kind !== 'gated' || gate === null) return refused({ kind: 'nothing-to-approve' })
  const { sha } = order.command
  if (sha !== gate.head) return refused({ kind: 'other-commit', named: sha, waits: gate.head })
  const by = order.by.login
  const data = { head: gate.head, gate: gate.kind, paths: gate.paths }
  if (gate.kind === 'workflows') {
    const reason = `${saying(order)}: the workflow files of ${shortSha(sha)} were handed over`
    const revising = revisingOf(task)
    const { next, ...ended } =
      revising !== null
        ? handedOver(task, { ...revising, reason })
        : { event: 'task.done', next: { state: terminal('done', reason) } }
    return {
      ...ended,
      why: reason,
      by,
      data,
      next: { ...next, gate: null, approved: sha },
      callOff: true,
    }
  }
  const firm = gate.leaks?.find((leak) => !mayPass(leak))
  if (firm !== undefined) return refused({ kind: 'holds-secret', name: firm.name })
  const since = sinceSaid(task, gate, order)
  if (since !== null) return refused({ kind: 'seen-since', name: since })
  const seen = gate.kind === 'secrets' ? { seen: true as const } : {}
  return {
    event: 'gate.opened',
    why: `${saying(order)} to ${shortSha(sha)}, which is pushed now`,
    by,
    data,
    next: { state: { kind: 'publishing' }, gate: null, approved: sha },
    acts: [
      {
        kind: 'push',
        branch: branchOf(task),
        head: sha,
        expected: pushesOver(task),
        approver: order.by,
        ...seen,
      },
    ],
  }
}

/**
 * What was found since in a commit whose protected paths had got their yes: a second yes to those, or the same one said
 * again, says nothing of it. A commit that was never asked about before nobody could name, whatever the clocks tell.
 */
function sinceSaid(task: Task, gate: Gate, { word }: Order<'approve'>): string | null {
  if (gate.kind !== 'secrets' || task.approved !== gate.head) return null
  return isBefore(word.at, gate) ? (gate.leaks?.[0]?.name ?? 'a secret') : null
}
