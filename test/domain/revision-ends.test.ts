/** A pull request that is merged or closed while a revision of it waits or works: the task ends with it, and so does the revision. */
import { describe, expect, it } from 'vitest'
import { revised } from '../../src/domain/decide/revised.ts'
import { decideTask } from '../../src/domain/decide/task.ts'
import type { TaskFact } from '../../src/domain/fact.ts'
import { later } from '../../src/domain/ids.ts'
import type { Revision } from '../../src/domain/revision.ts'
import { opened } from '../../src/domain/review.ts'
import { OPEN } from '../../src/domain/task.ts'
import {
  HEAD,
  MINUTE,
  NOW,
  ana,
  attempt,
  issue,
  pull,
  subjectIn,
  world,
} from '../support/builders.ts'

const revision: Revision = {
  reason: 'review',
  head: HEAD,
  onto: null,
  remarks: [],
  log: '',
  by: ana,
  at: NOW,
}
const UNDER_WAY = OPEN.filter((kind) => kind !== 'in-review')
const revising = (kind: (typeof OPEN)[number]) =>
  subjectIn(kind, { pull, pushed: HEAD, revision, nextRevision: revision, review: opened(NOW) })

const pullClosed = (merged: boolean): TaskFact => ({
  kind: 'pull-closed',
  number: pull.number,
  merged,
  actor: ana,
  via: 'webhook',
})
const issueClosed: TaskFact = {
  kind: 'issue-closed',
  actor: ana,
  issue: issue({ open: false }),
  at: later(NOW, MINUTE),
  via: 'webhook',
}
const NOTHING_LEFT = { revision: null, nextRevision: null, question: null, gate: null }

describe('a revision that was pushed', () => {
  it('is shown wherever its state is, the board included, for it left its column when it began', () => {
    const { task } = subjectIn('publishing', { pull, pushed: HEAD, revision, review: opened(NOW) })
    const change = revised(task, { revision, pull })
    expect(change.next).toMatchObject({ state: { kind: 'in-review' } })
    // What names no surfaces is shown on all that the repository has.
    expect(change.surfaces).toBeUndefined()
  })
})

describe.each(UNDER_WAY)('a revision that is %s', (kind) => {
  it('ends well with the merge, and what was under way is fenced', () => {
    const before = revising(kind)
    const decided = decideTask(before, pullClosed(true), world())
    expect(decided?.next).toMatchObject({
      ...NOTHING_LEFT,
      state: { kind: 'done', reason: '@ana merged #12' },
      epoch: before.task.epoch + 1,
      review: { ended: { how: 'merged' } },
    })
    expect(decided?.callOff).toBe(true)
  })

  it('is cancelled with its pull request', () => {
    const decided = decideTask(revising(kind), pullClosed(false), world())
    expect(decided?.next).toMatchObject({
      ...NOTHING_LEFT,
      state: { kind: 'cancelled', reason: '@ana closed #12' },
      review: { ended: { how: 'closed' } },
    })
  })

  it('ends as merged also when the closing of the issue, which GitHub does with it, is heard of first', () => {
    const before = revising(kind)
    const first = decideTask(before, issueClosed, world())
    expect(first?.next).toMatchObject({
      ...NOTHING_LEFT,
      state: { kind: 'done', reason: '@ana closed the issue' },
      epoch: before.task.epoch + 1,
    })
    if (first === null) throw new Error('the closing came to nothing')
    const second = decideTask({ task: first.next, live: null }, pullClosed(true), world())
    expect(second?.next.state).toEqual({ kind: 'done', reason: '@ana merged #12' })
  })
})

describe('the attempt at it', () => {
  it.each([pullClosed(true), pullClosed(false), issueClosed])('is stopped by %o', (fact) => {
    const decided = decideTask(revising('running'), fact, world())
    expect(decided?.attempt).toMatchObject({ id: attempt().id, stop: expect.any(String) })
  })

  it.each([pullClosed(true), issueClosed])('ends at once where nobody has taken it: %o', (fact) => {
    const before = { ...revising('running'), live: attempt({ runner: null }) }
    const decided = decideTask(before, fact, world())
    expect(decided?.attempt).toMatchObject({ ended: { end: { kind: 'cancelled' } } })
  })
})
