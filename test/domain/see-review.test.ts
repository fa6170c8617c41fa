/** What reviews, pushes and checks make of a task's review, whichever route tells of them. */
import { describe, expect, it } from 'vitest'
import { decideTask } from '../../src/domain/decide/task.ts'
import type { TaskFact } from '../../src/domain/fact.ts'
import { later } from '../../src/domain/ids.ts'
import type { PullNow, ReviewSays } from '../../src/domain/pull-now.ts'
import { opened } from '../../src/domain/review.ts'
import type { Review } from '../../src/domain/review.ts'
import { HEAD, NOW, ana, ben, shaOf, task, world } from '../support/builders.ts'

const OLD = shaOf('0')
const pull = { number: 3, url: 'u', head: HEAD }
const subject = (review: Partial<Review> = {}) => ({
  task: task({ state: { kind: 'in-review', pull }, pull, review: { ...opened(NOW), ...review } }),
  live: null,
})
const at = later(NOW, 1_000)
const submitted = (says: ReviewSays, head = HEAD, actor = ben): TaskFact => ({
  kind: 'review-submitted',
  pull: 3,
  review: 1,
  says,
  head,
  actor,
  at,
  via: 'webhook',
})
const now = (over: Partial<PullNow> = {}): PullNow => ({
  ...pull,
  open: true,
  merged: false,
  openedAt: NOW,
  merges: 'clean',
  checks: 'green',
  red: [],
  reviews: [],
  reviewers: ['ben'],
  size: { files: 1, additions: 2, deletions: 3 },
  ...over,
})
const looks = (decided: ReturnType<typeof decideTask>) =>
  (decided?.next.review?.looks ?? []).map(({ login, verdict, head }) => [login, verdict, head])

describe('a review', () => {
  it('is a look at the commit that it names, though a newer one was pushed', () => {
    const decided = decideTask(
      subject(),
      submitted('approved', OLD),
      world({ permission: 'write' }),
    )
    expect(looks(decided)).toEqual([['ben', 'approved', OLD]])
  })

  it('of a passer-by makes nobody owe anything', () => {
    const decided = decideTask(subject(), submitted('approved'), world({ permission: 'read' }))
    expect(looks(decided)).toEqual([])
  })

  it('that is dismissed says nothing any more', () => {
    const before = { looks: [{ login: 'ben', head: HEAD, verdict: 'approved', at: NOW } as const] }
    const decided = decideTask(
      subject(before),
      submitted('dismissed'),
      world({ permission: 'write' }),
    )
    expect(looks(decided)).toEqual([])
  })
})

describe('a look at GitHub', () => {
  const fact: TaskFact = { kind: 'checks-changed', via: 'reconcile' }

  it('brings checks, size and who is asked, and looks whose webhook was lost', () => {
    const review = { id: 1, says: 'changes', actor: ben, head: HEAD, at } as const
    const decided = decideTask(subject(), fact, world({ pull: now({ reviews: [review] }) }))
    expect(decided?.next.review).toMatchObject({
      checks: 'green',
      merges: 'clean',
      size: { files: 1, additions: 2, deletions: 3 },
      reviewers: ['ben'],
    })
    expect(looks(decided)).toEqual([['ben', 'changes', HEAD]])
  })

  it('keeps whoever was asked and has looked, though GitHub asks them no more', () => {
    const review = { id: 1, says: 'changes', actor: ben, head: HEAD, at } as const
    const decided = decideTask(
      subject({ reviewers: ['ben'] }),
      submitted('changes'),
      world({ permission: 'write', pull: now({ reviewers: [], reviews: [review] }) }),
    )
    expect(decided?.next.review?.reviewers).toEqual(['ben'])
    expect(looks(decided)).toEqual([['ben', 'changes', HEAD]])
  })

  it('relieves whoever is asked no more and has not looked', () => {
    const decided = decideTask(
      subject({ reviewers: ['ben'] }),
      fact,
      world({ pull: now({ reviewers: [] }) }),
    )
    expect(decided?.next.review?.reviewers).toEqual([])
  })

  it('changes nothing when nothing has changed', () => {
    const { reviewers, checks, merges, size } = now()
    const same = subject({ reviewers, checks, merges, size })
    expect(decideTask(same, fact, world({ pull: now() }))).toBeNull()
  })

  it('after a push wants the look again', () => {
    const seen = subject({ looks: [{ login: 'ana', head: HEAD, verdict: 'approved', at: NOW }] })
    const pushed: TaskFact = { kind: 'pull-pushed', pull: 3, head: OLD, actor: ana, via: 'webhook' }
    const decided = decideTask(seen, pushed, world({ pull: now({ head: OLD }), now: at }))
    expect(decided?.next.pull?.head).toBe(OLD)
    expect(decided?.next.review).toMatchObject({
      headAt: at,
      looks: [{ login: 'ana', head: HEAD }],
    })
  })
})
