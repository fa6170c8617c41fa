/** A pause that parks reaches an attempt: it is asked to stop, goes back into the line, and is gone on with. */
import { describe, expect, it } from 'vitest'
import { decideTask } from '../../src/domain/decide/task.ts'
import type { TaskFact } from '../../src/domain/fact.ts'
import { attemptId } from '../../src/domain/ids.ts'
import { BASE, HEAD, TASK, ended, subjectIn, world } from '../support/builders.ts'

const running = subjectIn('running')
const live = running.live
if (live === null) throw new Error('a running task has an attempt')
const paused = (over: Partial<Extract<TaskFact, { kind: 'paused' }>> = {}): TaskFact => ({
  kind: 'paused',
  attempt: live.id,
  epoch: live.epoch,
  reason: '@ana has paused this repository',
  by: 'ana',
  ...over,
})

describe('a pause that parks what runs', () => {
  it('asks the attempt to stop, and leaves the task as it is until that is done', () => {
    const decided = decideTask({ ...running, live: { ...live, runner: 'r' } }, paused(), world())
    expect(decided).toMatchObject({
      attempt: { id: live.id, stop: '@ana has paused this repository' },
      next: { state: { kind: 'running' } },
      ledger: [{ event: 'attempt.parking', by: 'ana' }],
    })
  })

  it('ends one that nobody has taken at once', () => {
    const decided = decideTask({ ...running, live: { ...live, runner: null } }, paused(), world())
    expect(decided).toMatchObject({
      attempt: { id: live.id, ended: { end: { kind: 'stopped' } } },
      next: { state: { kind: 'queued' }, failures: 0, losses: 0 },
    })
  })

  it('changes nothing for another attempt, one that is stopping, or a task that does not run', () => {
    const stopping = { ...running, live: { ...live, stop: 'withdrawn' } }
    for (const [subject, fact] of [
      [running, paused({ attempt: attemptId(TASK, 9) })],
      [running, paused({ epoch: live.epoch + 1 })],
      [stopping, paused()],
      [subjectIn('queued'), paused()],
    ] as const) {
      const decided = decideTask(subject, fact, world())
      expect(decided).toMatchObject({ attempt: null, ledger: [{ event: 'attempt.not-parked' }] })
      expect(decided?.next.state).toEqual(subject.task.state)
    }
  })

  it('costs the task nothing, and what was done is gone on with', () => {
    const parked = { ...running, live: { ...live, runner: 'r', stop: 'paused' } }
    const decided = decideTask(
      parked,
      ended({ end: { kind: 'cancelled' }, error: 'paused' }),
      world(),
    )
    expect(decided?.next).toMatchObject({
      state: { kind: 'queued' },
      failures: 0,
      losses: 0,
      resume: { attempt: live.id, base: BASE, head: HEAD, session: null },
    })
    const nothing = ended({ end: { kind: 'cancelled' }, head: null })
    expect(decideTask(parked, nothing, world())?.next.resume).toBeNull()
  })
})
