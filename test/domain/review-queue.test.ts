/** Whose look is owed, and in which order: never cleared by an old look, total, stable, and nothing starves. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { instant, later, sha } from '../../src/domain/ids.ts'
import type { Sha } from '../../src/domain/ids.ts'
import { looked, opened, pushedTo, shown } from '../../src/domain/review.ts'
import type { Look, Review } from '../../src/domain/review.ts'
import { reviewQueue, sizeBand } from '../../src/domain/review-queue.ts'
import type { Owed } from '../../src/domain/review-queue.ts'
import type { Task } from '../../src/domain/task.ts'
import { HEAD, NOW, shaOf, task, wish } from '../support/builders.ts'

const DAY = 86_400_000
const OLD = shaOf('0')
const now = later(NOW, DAY / 2)

const pr = (number: number, review: Partial<Review> = {}, over: Partial<Task> = {}): Task => {
  const pull = { number, url: `u/${number}`, head: HEAD }
  return task({
    number: number + 100,
    state: { kind: 'in-review', pull },
    pull,
    review: { ...opened(NOW), reviewers: ['ana'], ...review },
    ...over,
  })
}
const look = (login: string, head: Sha, at = NOW): Look => ({
  login,
  head,
  verdict: 'approved',
  at,
})
const lines = (queue: readonly Owed[]) =>
  queue.map(({ login, pull, need }) => `@${login} ${need} #${pull.number}`)
const size = (additions: number) => ({ files: 1, additions, deletions: 0 })

describe('the review queue', () => {
  it('says who owes the first look, who another one since a push, and who none', () => {
    const looks = [look('ben', OLD), look('cleo', HEAD)]
    const tasks = [pr(1, { reviewers: ['ana', 'ben'], looks })]
    expect(lines(reviewQueue(tasks, now))).toEqual(['@ana review #1', '@ben re-review #1'])
    expect(lines(reviewQueue(tasks, now, 'all'))).toContain('@cleo none #1')
  })

  it('falls back to whoever asked for the work, until anybody has looked', () => {
    const nobody = { reviewers: [], looks: [] }
    expect(lines(reviewQueue([pr(1, nobody)], now))).toEqual(['@ana review #1'])
    expect(reviewQueue([pr(1, { ...nobody, looks: [look('ben', HEAD)] })], now)).toEqual([])
    expect(lines(reviewQueue([pr(1, nobody, { wish: null })], now))).toEqual(['@null review #1'])
  })

  it('knows people by their login, however they write it', () => {
    expect(reviewQueue([pr(1, { looks: [look('Ana', HEAD)] })], now)).toEqual([])
    const twice = looked(looked(opened(NOW), look('Ana', OLD)), look('ana', HEAD, now))
    expect(twice.looks).toHaveLength(1)
  })

  it('takes easy ones first within a day, and older days before them', () => {
    const tasks = [
      pr(1, { size: size(500) }),
      pr(2, { size: size(5), checks: 'red' }),
      pr(3, { size: size(5) }),
      pr(4, { size: size(5), findings: ['.github/x'] }),
      pr(5, { size: size(4_000), openedAt: later(now, -DAY) }),
      pr(6, { size: size(1), merges: 'conflict' }),
      pr(7, { size: size(60) }),
    ]
    const order = reviewQueue(tasks, now).map(({ pull }) => pull.number)
    expect(order).toEqual([5, 3, 4, 7, 1, 2, 6])
  })

  it('tells for a day that something was merged or closed since a look, but not to whoever saw that', () => {
    const ended = { how: 'merged', at: now } as const
    const done = { kind: 'done', reason: 'merged' } as const
    const looks = [look('ben', HEAD), look('cleo', OLD)]
    const tasks = [pr(1, { looks, ended }, { state: done })]
    expect(lines(reviewQueue(tasks, now))).toEqual([
      '@ana merged-since #1',
      '@cleo merged-since #1',
    ])
    expect(reviewQueue(tasks, later(now, DAY))).toEqual([])
    const closed = [pr(1, { looks: [], ended: { how: 'closed', at: now } }, { state: done })]
    expect(lines(reviewQueue(closed, now))).toEqual(['@ana closed-since #1'])
  })

  it('says nothing of a task that was withdrawn or has no pull request', () => {
    expect(reviewQueue([pr(1, {}, { state: { kind: 'cancelled', reason: 'x' } })], now)).toEqual([])
    expect(reviewQueue([task({ state: { kind: 'queued' }, pull: null })], now)).toEqual([])
  })

  it('keeps whoever reviewed, though GitHub takes them off its list, and relieves whoever was taken off it', () => {
    const before = { ...opened(NOW), reviewers: ['ana', 'ben'], looks: [look('ana', OLD)] }
    const github = { reviewers: ['cleo'], checks: 'green', merges: 'clean', size: size(3) } as const
    expect(shown(before, github)).toMatchObject({ ...github, reviewers: ['ana', 'cleo'] })
  })

  it('forgets of the old head what was checked there', () => {
    const before = { ...opened(NOW), checks: 'green', merges: 'clean' } as const
    expect(pushedTo(before, now)).toMatchObject({ checks: 'none', merges: 'unknown', headAt: now })
  })
})

const anySha = fc.integer({ min: 0, max: 3 }).map((n) => sha(String(n).repeat(40)))
const anyLogin = fc.constantFrom('ana', 'ben', 'cleo')
const anyReview: fc.Arbitrary<Partial<Review>> = fc.record({
  openedAt: fc.integer({ min: -5 * DAY, max: 0 }).map((ms) => later(now, ms)),
  headAt: fc.integer({ min: -5 * DAY, max: 0 }).map((ms) => later(now, ms)),
  reviewers: fc.uniqueArray(anyLogin),
  looks: fc
    .array(fc.record({ login: anyLogin, head: anySha, at: fc.nat(1_000).map(instant) }))
    .map((all) => all.map(({ login, head, at }) => look(login, head, at)))
    .map((all) => all.reduce(looked, opened(NOW)).looks),
  checks: fc.constantFrom('none', 'pending', 'green', 'red'),
  merges: fc.constantFrom('clean', 'behind', 'conflict', 'unknown'),
  size: fc.integer({ min: 0, max: 2_000 }).map(size),
  findings: fc.subarray(['.github/x', 'CODEOWNERS']),
})
const anyPulls = fc.array(fc.tuple(anyReview, anySha), { maxLength: 12 }).map((all) =>
  all.map(([review, head], at) => {
    const one = pr(at + 1, review, { wish: wish() })
    const pull = { number: at + 1, url: 'u', head }
    return { ...one, pull, state: { kind: 'in-review', pull } } as Task
  }),
)
const runs = { numRuns: 500 }

describe('whatever waits', () => {
  it('no look at an old head ever clears a newer one', () => {
    fc.assert(
      fc.property(anyPulls, (tasks) => {
        const all = reviewQueue(tasks, now, 'all')
        for (const { need, look: last, pull } of all)
          expect(need === 'none').toBe(last?.head === pull.head)
        // Each person that was asked is in it, once.
        for (const { pull, review } of tasks)
          for (const login of review?.reviewers ?? [])
            expect(
              all.filter((one) => one.pull.number === pull?.number && one.login === login),
            ).toHaveLength(1)
      }),
      runs,
    )
  })

  it('the order is total: it does not hang on the order in which tasks are read', () => {
    fc.assert(
      fc.property(
        anyPulls.chain((tasks) =>
          fc.tuple(fc.constant(tasks), fc.shuffledSubarray(tasks, { minLength: tasks.length })),
        ),
        ([tasks, shuffled]) => {
          expect(reviewQueue(shuffled, now)).toEqual(reviewQueue(tasks, now))
        },
      ),
      runs,
    )
  })

  it('nothing starves: who came more than a day later never goes first', () => {
    fc.assert(
      fc.property(anyPulls, (tasks) => {
        const queue = reviewQueue(tasks, now)
        for (const [at, one] of queue.entries())
          for (const behind of queue.slice(at + 1))
            expect(one.since - behind.since).toBeLessThan(DAY)
      }),
      runs,
    )
  })

  it('sizes are told in bands that begin where the one before ends', () => {
    const bands = [0, 10, 11, 50, 51, 200, 201, 800, 801].map((n) => sizeBand(size(n)))
    const words = 'tiny tiny small small medium medium large large huge'
    expect(bands.join(' ')).toBe(words)
  })
})
