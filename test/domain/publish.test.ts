/** From a green head to a pull request: each act's outcome leads to the next, or to one clear end. */
import { describe, expect, it } from 'vitest'
import { actOf } from '../../src/domain/decide/decision.ts'
import { decideTask } from '../../src/domain/decide/task.ts'
import type { ActOutcome, TaskFact } from '../../src/domain/fact.ts'
import { actKey, instant, later } from '../../src/domain/ids.ts'
import type { StateKind } from '../../src/domain/task.ts'
import { actsIn } from '../support/acts-in.ts'
import { HEAD, MINUTE, NOW, STATES, STATE_KINDS, TASK, ana } from '../support/builders.ts'
import { pull, ready, shaOf, subjectIn, task, wish, world } from '../support/builders.ts'

const done = (outcome: ActOutcome, epoch = 2): TaskFact => ({
  kind: 'act-done',
  act: actKey('x'),
  epoch,
  outcome,
})
const failed = (name: string, epoch = 2): TaskFact => ({
  kind: 'act-failed',
  act: actKey('x'),
  epoch,
  name,
  reason: 'a rule of the branch forbids it',
})
const pushed = done({ kind: 'pushed', head: HEAD })

describe('after the push', () => {
  it('the check is shown and the pull request opened, ready for review', () => {
    const decided = decideTask(subjectIn('publishing'), pushed, world())
    expect(actsIn(decided)).toEqual(['open pull for aaaaaaa from yardmaster/7'])
    expect(decided?.next).toMatchObject({ state: { kind: 'publishing' }, pushed: HEAD })
    expect(decided?.surfaces).toEqual([`check:${HEAD}`, 'status'])
    expect(decided?.why).toBe('aaaaaaa was pushed to yardmaster/7')
  })

  it('the pull request is a draft where the repository wants drafts', () => {
    const seen = world({ policy: ready({ draft: true }) })
    const decided = decideTask(subjectIn('publishing'), pushed, seen)
    expect(actsIn(decided)).toEqual(['open draft for aaaaaaa from yardmaster/7'])
  })

  it('the opened pull request waits for review', () => {
    const decided = decideTask(
      subjectIn('publishing'),
      done({ kind: 'pull-opened', pull }),
      world(),
    )
    expect(decided?.next).toMatchObject({ state: { kind: 'in-review', pull }, pull })
    expect(decided?.why).toBe('#12 waits for review')
  })

  it.each(['commented', 'nothing'] as const)('an act that came to %s is noted', (kind) => {
    const before = subjectIn('publishing')
    const decided = decideTask(before, done({ kind }), world())
    expect(decided?.next).toEqual({ ...before.task, changedAt: world().now })
    expect(decided?.acts).toEqual([])
  })

  it('an outcome of an older epoch moves nothing on, but what is true stays known', () => {
    const before = subjectIn('publishing', { epoch: 5 })
    const decided = decideTask(before, pushed, world())
    expect(decided?.next).toMatchObject({ state: { kind: 'publishing' }, pushed: HEAD })
    expect(decided?.acts).toEqual([])
  })
})

describe('an act that failed for good', () => {
  it.each(['push', 'open-pull'])('ends the task that waits for it: %s', (name) => {
    const decided = decideTask(subjectIn('publishing'), failed(name), world())
    expect(decided?.next.state).toEqual({
      kind: 'failed',
      reason: 'a rule of the branch forbids it',
    })
    expect(actsIn(decided)).toEqual(['comment failed to ana: a rule of the branch forbids it'])
    expect(decided?.callOff).toBe(true)
  })

  it('does not strand a task that waits for its timer: it goes on at once', () => {
    const decided = decideTask(subjectIn('retrying'), failed('wake'), world())
    expect(decided?.next.state).toEqual({ kind: 'queued' })
    expect(decided?.why).toBe(
      'attempt 2 does not wait for its time: a rule of the branch forbids it',
    )
  })

  const awaited: Readonly<Record<string, StateKind>> = {
    push: 'publishing',
    'open-pull': 'publishing',
    wake: 'retrying',
  }
  const others = [...Object.keys(awaited), 'comment'].flatMap((name) =>
    STATE_KINDS.filter((state) => awaited[name] !== state).map((state) => ({ name, state })),
  )
  it.each(others)(
    'is noted, and no more, where nobody waits for it: $name while $state',
    ({ name, state }) => {
      const before = subjectIn(state)
      const decided = decideTask(before, failed(name), world())
      expect(decided?.next).toEqual({ ...before.task, changedAt: world().now })
      expect(decided).toMatchObject({ acts: [], surfaces: [], attempt: null, callOff: false })
      expect(decided?.why).toBe(`${name}: a rule of the branch forbids it`)
    },
  )

  it.each(Object.entries(awaited))(
    'is noted when it is of an older epoch: %s while %s',
    (name, state) => {
      const before = subjectIn(state)
      const decided = decideTask(before, failed(name, 1), world())
      expect(decided?.next.state).toEqual(before.task.state)
    },
  )
})

describe('the timer', () => {
  const rings = (epoch: number): TaskFact => ({ kind: 'timer', name: 'retry', epoch })

  it('puts the task back into the queue', () => {
    const decided = decideTask(subjectIn('retrying'), rings(2), world())
    expect(decided?.next.state).toEqual({ kind: 'queued' })
    expect(decided?.why).toBe('attempt 2 is due')
  })

  it.each(STATE_KINDS.filter((kind) => kind !== 'retrying'))(
    'is too late for a task that is %s',
    (state) => {
      const before = subjectIn(state)
      expect(decideTask(before, rings(2), world())?.next.state).toEqual(before.task.state)
    },
  )

  it('of an earlier life does not shorten the wait of this one', () => {
    const before = subjectIn('retrying', { epoch: 4 })
    expect(decideTask(before, rings(2), world())?.next.state).toEqual(before.task.state)
  })
})

describe('the pull request', () => {
  const closed = (merged: boolean, number = pull.number): TaskFact => ({
    kind: 'pull-closed',
    number,
    merged,
    actor: ana,
    via: 'webhook',
  })

  it('merged by a person is the good end', () => {
    const decided = decideTask(subjectIn('in-review'), closed(true), world())
    expect(decided?.next.state).toEqual({ kind: 'done', reason: '@ana merged #12' })
    expect(decided?.callOff).toBe(true)
  })

  it('closed by a person cancels', () => {
    const decided = decideTask(subjectIn('in-review'), closed(false), world())
    expect(decided?.next.state).toEqual({ kind: 'cancelled', reason: '@ana closed #12' })
    expect(decided?.ledger[0]).toMatchObject({ event: 'task.cancelled', by: 'ana' })
  })

  it('found merged by nobody knows whom is the good end, too', () => {
    const found = { ...closed(true), actor: null, via: 'reconcile' } as TaskFact
    const decided = decideTask(subjectIn('in-review'), found, world())
    expect(decided?.next.state).toEqual({ kind: 'done', reason: 'someone merged #12' })
    expect(decided?.ledger[0]).toMatchObject({ event: 'task.done', by: null })
  })

  it('merged tells more than the closing of the issue that GitHub does with it', () => {
    const before = subjectIn('done', { state: { kind: 'done', reason: '@ana closed the issue' } })
    const decided = decideTask(before, closed(true), world())
    expect(decided?.next.state).toEqual({ kind: 'done', reason: '@ana merged #12' })
  })

  it('of somebody else is noted', () => {
    const before = subjectIn('in-review')
    const decided = decideTask(before, closed(true, 99), world())
    expect(decided?.next.state).toEqual(before.task.state)
  })

  it.each(STATE_KINDS.filter((kind) => kind !== 'in-review' && kind !== 'done'))(
    'of an earlier life ends nothing of a task that is %s',
    (state) => {
      const before = subjectIn(state, { pull })
      const decided = decideTask(before, closed(true), world())
      expect(decided?.next.state).toEqual(before.task.state)
    },
  )

  it('reopened is noted: only a label is a new wish', () => {
    const before = subjectIn('cancelled', { pull })
    const reopened: TaskFact = { kind: 'pull-reopened', number: pull.number, actor: ana }
    const decided = decideTask(before, reopened, world())
    expect(decided?.next.state).toEqual(before.task.state)
    expect(decided?.why).toBe('#12 was reopened')
  })
})

describe('the key of an act', () => {
  const key = (...args: Parameters<typeof actOf>) => actOf(...args).key
  const push = { kind: 'push', branch: 'yardmaster/7', head: HEAD, expected: null } as const

  it.each([
    [push, `push:${TASK}:${HEAD}`],
    [{ kind: 'open-pull', branch: 'b', head: HEAD, draft: false }, `pull:${TASK}:${HEAD}`],
    [{ kind: 'wake', timer: 'retry' }, `wake:${TASK}:2:retry`],
    [
      { kind: 'comment', notice: { kind: 'failed', login: 'ana', reason: 'x' }, on: null },
      `comment:${TASK}:failed:${NOW}`,
    ],
  ] as const)('says what would be done twice: %o', (detail, expected) => {
    expect(key(task(), detail)).toBe(expected)
  })

  it('is another one for another head, another wish, another epoch where that makes another act', () => {
    const comment = {
      kind: 'comment',
      notice: { kind: 'failed', login: 'ana', reason: 'x' },
      on: null,
    } as const
    const wake = { kind: 'wake', timer: 'retry' } as const
    expect(key(task(), push)).not.toBe(key(task(), { ...push, head: shaOf('c') }))
    expect(key(task(), push)).toBe(key(task({ epoch: 9 }), push))
    expect(key(task(), comment)).not.toBe(key(task({ wish: wish({ at: instant(5) }) }), comment))
    expect(key(task(), wake)).not.toBe(key(task({ epoch: 9 }), wake))
  })

  it('comes with the moment before which a timer must not ring', () => {
    const retrying = task({ state: STATES.retrying })
    expect(actOf(retrying, { kind: 'wake', timer: 'retry' }).notBefore).toBe(later(NOW, MINUTE))
    expect(actOf(retrying, push).notBefore).toBeNull()
  })
})
