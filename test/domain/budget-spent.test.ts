/** A task's budget is spent: who is asked, what the answers mean, and what happens to an attempt that used up its own. */
import { describe, expect, it } from 'vitest'
import { decideTask } from '../../src/domain/decide/task.ts'
import type { TaskFact } from '../../src/domain/fact.ts'
import { answered as answeredBy } from '../../src/domain/decide/answered.ts'
import type { Task } from '../../src/domain/task.ts'
import {
  HEAD,
  NOW,
  ana,
  ended,
  operator,
  pull,
  ready,
  subjectIn,
  world,
} from '../support/builders.ts'

const FIVE = { cost: 5, tokens: 10_000_000 }
const policy = ready({ budget: { task: FIVE, day: { cost: 50, tokens: 100_000_000 } } })
const WHY = 'The budget of this task, $5.00, is spent: it has used $5.02'
const spent = (over: Partial<Extract<TaskFact, { kind: 'budget-spent' }>> = {}): TaskFact => ({
  kind: 'budget-spent',
  epoch: 2,
  raised: 0,
  why: WHY,
  ...over,
})
const decide = (kind: Task['state']['kind'], fact: TaskFact, over: Partial<Task> = {}) =>
  decideTask(subjectIn(kind, over), fact, world({ policy }))

describe('a task whose budget is spent', () => {
  it('asks whoever wanted it, with a yes and a no', () => {
    const decided = decide('queued', spent())
    expect(decided?.next.state).toEqual({ kind: 'parked', question: 'Q1' })
    expect(decided?.next.question).toMatchObject({
      about: 'budget',
      options: ['Allow as much again', 'Stop here'],
    })
    expect(decided?.next.question?.text).toContain(WHY)
    expect(decided?.acts.map(({ detail }) => detail.kind)).toContain('comment')
  })

  it.each<[string, Task['state']['kind'], TaskFact, Partial<Task>]>([
    ['it has ended since', 'cancelled', spent(), {}],
    ['it is held', 'held', spent(), {}],
    ['it was wished anew', 'queued', spent({ epoch: 1 }), {}],
    ['somebody allowed more', 'queued', spent(), { purse: { since: 0, raised: 1 } }],
  ])('is left alone when %s', (_, kind, fact, over) => {
    const decided = decide(kind, fact, over)
    expect(decided?.next.question).toBeNull()
    expect(decided?.next.state.kind).toBe(kind)
  })

  it('fails with plain words where the operator allows no more', () => {
    const { caps } = operator()
    const poor = operator({ caps: { ...caps, budget: { ...caps.budget, task: FIVE } } })
    const decided = decideTask(subjectIn('queued'), spent(), world({ policy, operator: poor }))
    expect(decided?.next.state).toEqual({
      kind: 'failed',
      reason: `${WHY}, and the operator allows no more for one task`,
    })
  })
})

describe('the answer', () => {
  const asked = decide('queued', spent())?.next
  const question = asked?.question ?? null
  if (asked === undefined || question === null) throw new Error('nobody was asked')
  const answer = (choice: 1 | 2, over: Partial<Task> = {}) =>
    answeredBy(
      { task: { ...asked, ...over }, live: null },
      { question, answer: { n: 1, question: '', text: '', choice, by: ana, at: NOW } },
      world({ policy }),
    )

  it('1 allows as much again, and the work goes on', () => {
    expect(answer(1).next).toMatchObject({
      state: { kind: 'queued' },
      purse: { since: 0, raised: 1 },
      question: null,
    })
  })

  it('2 ends the task', () => {
    expect(answer(2).next?.state).toEqual({
      kind: 'failed',
      reason: 'its budget is spent, and @ana chose to stop',
    })
  })

  it('2 leaves an open pull request to people', () => {
    const revision = {
      reason: 'review',
      head: HEAD,
      onto: null,
      remarks: [],
      log: '',
      by: ana,
      at: NOW,
    } as const
    expect(answer(2, { revision, pull }).next).toMatchObject({
      state: { kind: 'in-review' },
      revision: null,
    })
  })
})

describe('an attempt that used up what it was allowed', () => {
  const end = { kind: 'failed', failure: 'budget' } as const
  const usage = { tokens: 9, cost: 5.1 }

  it('counts as no failure, and its work is gone on with', () => {
    const decided = decide('running', ended({ end, usage, usedUp: FIVE, error: 'stopped' }))
    expect(decided?.next).toMatchObject({ state: { kind: 'queued' }, failures: 0 })
    expect(decided?.next.resume).toMatchObject({ head: HEAD, session: null })
    expect(decided?.ledger[0]?.event).toBe('attempt.used-up')
  })

  it('is told apart from an agent that reached a limit of its own', () => {
    const decided = decide('running', ended({ end, usage, error: 'its own limit of requests' }))
    expect(decided?.next).toMatchObject({ state: { kind: 'retrying' }, failures: 1 })
  })
})

describe('a conversation that is taken up again', () => {
  const end = { kind: 'parked' } as const
  const question = { text: 'Which?', options: [], recommended: null }
  const asks = (cost: number, session: string) =>
    ended({ end, question, session, usage: { tokens: null, cost } })

  it('remembers what it has come to, so that its agent’s sums can be taken apart', () => {
    const first = decide('running', asks(2, 's'))?.next
    expect(first?.resume?.told).toBe(2)
    const second = decide('running', asks(0.5, 's'), { resume: first?.resume ?? null })?.next
    expect(second?.resume?.told).toBe(2.5)
    const other = decide('running', asks(0.5, 'anew'), { resume: first?.resume ?? null })?.next
    expect(other?.resume?.told).toBe(0.5)
  })
})
