/** A pause reaches an attempt that runs: it is asked to stop, and the task goes back into the line, where the pause holds it. */
import { emptyReport } from '../attempt.ts'
import type { TaskFact } from '../fact.ts'
import { decision, noted } from './decision.ts'
import type { Decision, Subject, World } from './decision.ts'

export function decidePaused(
  subject: Subject,
  fact: Extract<TaskFact, { kind: 'paused' }>,
  world: World,
): Decision | null {
  const { task, live } = subject
  if (task.version === 0) return null
  const { by } = fact
  const runs = task.state.kind === 'running' && live !== null && live.stop === null
  if (!runs || live.id !== fact.attempt || live.epoch !== fact.epoch) {
    const why = `a pause came after ${fact.attempt} had ended or was ending`
    return noted(subject, world, { event: 'attempt.not-parked', why, by })
  }
  // Nobody has taken it, so nobody would tell its end.
  if (live.runner === null)
    return decision(subject, world, {
      event: 'attempt.stopped',
      why: `${fact.attempt} had not begun: ${fact.reason}`,
      by,
      next: { state: { kind: 'queued' } },
      attempt: { id: live.id, ended: emptyReport({ kind: 'stopped' }, fact.reason) },
    })
  return noted(subject, world, {
    event: 'attempt.parking',
    why: `${fact.attempt} is stopped, and its work kept: ${fact.reason}`,
    by,
    attempt: { id: live.id, stop: fact.reason },
  })
}
