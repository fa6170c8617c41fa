/** What one attempt leaves to the next: a full context is handed on at nobody's cost, and a broken conversation is given up. */
import { describe, expect, it } from 'vitest'
import type { AttemptReport } from '../../src/domain/attempt.ts'
import { decideTask } from '../../src/domain/decide/task.ts'
import { MAX_HANDOFFS } from '../../src/domain/task.ts'
import type { Task } from '../../src/domain/task.ts'
import { actsIn } from '../support/acts-in.ts'
import { attempt, ended, report, subjectIn, world } from '../support/builders.ts'

const after = (over: Partial<AttemptReport>, task: Partial<Task> = {}) =>
  decideTask(subjectIn('running', task), ended(over), world())
const handoff = { end: { kind: 'handoff' }, verify: [], error: 'full' } as const
const nothing = { head: null, files: [] } as const
const left = { attempt: attempt().id, base: null, head: null, session: 's' } as const

describe('a full context', () => {
  it('is handed on with place, work and brief, and uses no attempt up', () => {
    const decided = after({ ...handoff, brief: 'Half done.' }, { failures: 1, losses: 1 })
    expect(decided?.next).toMatchObject({
      state: { kind: 'queued' },
      failures: 1,
      losses: 0,
      handoffs: 1,
      report: { brief: 'Half done.' },
      resume: { attempt: attempt().id, head: report().head, session: null },
    })
    expect(actsIn(decided)).toEqual([])
    expect(decided?.ledger[0]).toMatchObject({
      event: 'attempt.handed-on',
      why: 'the agent’s context is full; another one goes on from there (1 of at most 5)',
    })
  })

  it.each([
    ['a brief is enough', { ...nothing, brief: 'Read it all.' }, {}],
    ['work is enough', {}, {}],
    ['so is a conversation that was full when it was taken up again', nothing, { resume: left }],
  ])('is handed on where there is something to go on from: %s', (_, over, task) => {
    expect(after({ ...handoff, ...over }, task)?.next.state.kind).toBe('queued')
  })

  it('that leaves nothing behind is a failure like others', () => {
    expect(after({ ...handoff, ...nothing })).toMatchObject({
      next: { state: { kind: 'retrying' }, failures: 1, handoffs: 0, resume: null },
      attempt: { ended: { end: { kind: 'failed', failure: 'context' } } },
    })
  })

  it('too often is work that is too large, and ends in plain words', () => {
    const decided = after(handoff, { handoffs: MAX_HANDOFFS })
    expect(decided?.next.state).toEqual({
      kind: 'failed',
      reason:
        'the agent’s context filled up 6 times, each time another one went on from there, and it is still not done: split the issue into smaller ones',
    })
    expect(decided?.attempt).toMatchObject({ ended: { end: { failure: 'context' } } })
  })

  it('is forgotten once its work is published', () => {
    expect(after({}, { handoffs: 3, resume: left })?.next).toMatchObject({
      handoffs: 0,
      resume: null,
    })
  })
})

describe('what was told', () => {
  const former = report({ decisions: ['A.'], discoveries: ['D.'], brief: 'Old.' })

  it('stays with the work when another attempt goes on with it', () => {
    const task = { resume: left, report: former }
    expect(after({ decisions: ['A.', 'B.'] }, task)?.next.report).toMatchObject({
      decisions: ['A.', 'B.'],
      discoveries: ['D.'],
    })
    const lost = after({ ...nothing, end: { kind: 'lost' } }, task)
    expect(lost?.next.report).toMatchObject({ decisions: ['A.'], brief: 'Old.' })
    expect(after({ ...handoff, brief: 'New.' }, task)?.next.report?.brief).toBe('New.')
  })

  it('goes with the work when the next attempt begins afresh', () => {
    expect(after({ decisions: ['B.'] }, { report: former })?.next.report).toEqual(
      report({ decisions: ['B.'] }),
    )
  })
})

describe('a conversation', () => {
  const rate = { end: { kind: 'failed', failure: 'rate' }, session: 's' } as const

  it('that its provider held up is taken up again, with the work that is in it', () => {
    expect(after(rate)?.next.resume).toMatchObject({
      session: 's',
      failed: 'rate',
      head: report().head,
    })
    // Whether it ever heard of the task nobody knows.
    expect(after({ ...rate, ...nothing })?.next.resume).toBeNull()
  })

  it('in which two attempts failed alike is given up, and its work is kept', () => {
    const once = { ...left, failed: 'rate' }
    const work = { head: report().head, failed: 'rate' }
    expect(after(rate, { resume: once })?.next.resume).toMatchObject({ ...work, session: null })
    expect(after({ ...rate, ...nothing }, { resume: once })?.next.resume).toMatchObject({
      session: null,
    })
    const other = after({ ...rate, ...nothing }, { resume: { ...left, failed: 'overload' } })
    expect(other?.next.resume).toMatchObject({ session: 's', failed: 'rate' })
  })

  it('that was lost on the way is not mistaken for the one that was to go on', () => {
    const another = after({ ...rate, ...nothing, session: 'new' }, { resume: left })
    expect(another?.next.resume).toMatchObject({ attempt: attempt().id, session: null })
  })
})
