/** Money in plain values: what counts for how much, what is left, what is set aside, and when a day is over. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Usage } from '../../src/domain/attempt.ts'
import {
  DAY,
  NOTHING,
  UNKNOWN,
  allow,
  dayIsOver,
  dayOf,
  fairShare,
  hasReached,
  leftOfTask,
  partOf,
  taskBudget,
  totalOf,
  usageOf,
} from '../../src/domain/budget.ts'
import { issueId, later, taskId } from '../../src/domain/ids.ts'
import { priced } from '../../src/domain/price.ts'
import { MINUTE, NOW, REPO, TASK, spending } from '../support/builders.ts'

const FIVE = { cost: 5, tokens: 10_000_000 }
const FIFTY = { cost: 50, tokens: 100_000_000 }
const CAPS = { task: { cost: 12, tokens: 15_000_000 }, day: FIFTY }
const SHARE = FIVE.cost / 3
const paid = (cost: number): Usage => ({ cost, tokens: 900_000 })
const tokens = (count: number): Usage => ({ cost: null, tokens: count })

/** Sums of parts, without the noise of floating point. */
const near = (sum: number | null): number | null =>
  sum === null ? null : Math.round(sum * 1e9) / 1e9

describe('an attempt that told nothing', () => {
  it.each([
    [{ attempts: 3, ciFixes: 2 }, 5 / 8],
    [{ attempts: 1, ciFixes: 0 }, 5 / 4],
  ])('leaves room for every attempt and round that the task may come to: %o', (limits, share) => {
    expect(fairShare(FIVE, limits)).toBeCloseTo(share, 12)
  })
})

describe('an attempt counts', () => {
  it.each([
    ['in dollars where they are known, whatever its tokens', paid(1), 0.2],
    ['in tokens where only those are', tokens(2_000_000), 0.2],
    ['as its share of the task where it told nothing', UNKNOWN, 1 / 3],
    ['for nothing where it is known to have used nothing', NOTHING, 0],
  ])('%s', (_, usage, part) => {
    expect(partOf({ usage, allowance: null }, FIVE, SHARE)).toBeCloseTo(part, 12)
  })

  it('as no more than it was allowed, where it told nothing', () => {
    const allowance = { cost: 0.5, tokens: 1_000 }
    expect(partOf({ usage: UNKNOWN, allowance }, FIVE, SHARE)).toBeCloseTo(0.1, 12)
  })
})

describe('what is left of a task', () => {
  const left = (usages: readonly Usage[], since = 0): number | null =>
    leftOfTask(
      usages.map((usage, at) => spending({ n: at + 1, usage })),
      { task: TASK, purse: { since, raised: 0 } },
      { budget: FIVE, share: SHARE },
    )

  it.each<[string, readonly Usage[], number | null]>([
    ['all of it before the first attempt', [], 1],
    ['a sum over both measures', [paid(1), tokens(3_000_000)], 0.5],
    ['nothing once it is spent', [paid(3), paid(2)], null],
    ['nothing once it is overspent', [paid(6)], null],
    ['nothing worth a start with less than a twentieth', [paid(4.8)], null],
    ['a twentieth is enough', [paid(4.75)], 0.05],
    ['nothing after three attempts that told nothing', [UNKNOWN, UNKNOWN, UNKNOWN], null],
  ])('%s', (_, usages, expected) => {
    expect(near(left(usages))).toBe(expected)
  })

  it('counts neither the wish before nor another task', () => {
    expect(left([paid(5), paid(1)], 1)).toBeCloseTo(0.8, 9)
    const other = spending({ task: taskId(REPO, issueId(3)), usage: paid(5) })
    const purse = { since: 0, raised: 0 }
    expect(leftOfTask([other], { task: TASK, purse }, { budget: FIVE, share: SHARE })).toBe(1)
  })

  it('is as much again with each yes, up to what the operator allows', () => {
    const budget = { task: FIVE, day: FIFTY }
    expect(taskBudget(budget, CAPS, { raised: 0 })).toEqual(FIVE)
    expect(taskBudget(budget, CAPS, { raised: 1 })).toEqual({ cost: 10, tokens: 15_000_000 })
    expect(taskBudget(budget, CAPS, { raised: 2 })).toEqual(CAPS.task)
  })
})

describe('a day', () => {
  const terms = { budget: FIFTY, task: FIVE, share: SHARE }
  const day = (given: Partial<Parameters<typeof dayOf>[1]>) =>
    dayOf(REPO, { now: NOW, spent: [], live: [], ...given }, terms)
  const ended = (minutes: number, usage: Usage) =>
    spending({ endedAt: later(NOW, -minutes * MINUTE), usage })
  const live = (allowance = FIVE, usage: Usage | null = null) => ({
    repo: REPO,
    allowance,
    progress: usage === null ? null : { message: '', plan: [], usage, at: NOW },
  })

  it('lets the next one begin while enough is left', () => {
    expect(dayIsOver(day({ spent: [ended(9, paid(49))] }))).toBeNull()
  })

  it('is over when it is spent, until the oldest of it is a day old', () => {
    const spent = [ended(60, paid(30)), ended(1_000, paid(20))]
    expect(dayIsOver(day({ spent }))).toEqual({ until: later(NOW, DAY - 1_000 * MINUTE) })
  })

  it('counts attempts that told nothing, too', () => {
    const spent = Array.from({ length: 30 }, () => ended(10, UNKNOWN))
    expect(dayIsOver(day({ spent }))).not.toBeNull()
    expect(dayIsOver(day({ spent: spent.slice(1) }))).toBeNull()
  })

  it('forgets what ended more than 24 hours ago', () => {
    expect(dayIsOver(day({ spent: [ended(1_440, paid(90))] }))).toBeNull()
  })

  it('sets aside what live attempts may still spend; nobody knows when they end', () => {
    const many = Array.from({ length: 10 }, () => live(FIVE, paid(0.1)))
    expect(dayIsOver(day({ live: many }))).toEqual({ until: null })
    expect(dayIsOver(day({ live: many.slice(1) }))).toBeNull()
  })

  it('counts what a live attempt has used beyond what it may', () => {
    expect(dayIsOver(day({ live: [live(FIVE, paid(50))] }))).toEqual({ until: null })
  })

  it('never gives out more than there is, however many begin at once', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0, max: 6, noNaN: true }), { maxLength: 8 }),
        fc.array(fc.double({ min: 0.05, max: 1, noNaN: true }), { maxLength: 30 }),
        (costs, lefts) => {
          const today = day({ spent: costs.map((cost) => ended(10, paid(cost))) })
          const given = lefts.flatMap((left) =>
            dayIsOver(today) === null ? [allow(left, { budget: FIVE }, today)] : [],
          )
          const used = costs.reduce((sum, cost) => sum + cost, 0)
          const promised = given.reduce((sum, { cost }) => sum + cost, 0)
          expect(used + promised).toBeLessThanOrEqual(50 + 1e-6)
          for (const { cost, tokens: most } of given) {
            expect(cost).toBeGreaterThan(0)
            expect(cost).toBeLessThanOrEqual(5)
            expect(most).toBeGreaterThan(0)
          }
        },
      ),
    )
  })
})

describe('an attempt has reached what it may spend', () => {
  it.each<[string, Usage, boolean]>([
    ['when its dollars have', paid(5), true],
    ['not while they have not, whatever its tokens', { cost: 4.99, tokens: 11_000_000 }, false],
    ['when its tokens have, while the cost is unknown', tokens(10_000_000), true],
    ['not while they have not', tokens(9_999_999), false],
    ['not while nothing is told', UNKNOWN, false],
  ])('%s', (_, usage, reached) => {
    expect(hasReached(usage, FIVE)).toBe(reached)
  })
})

describe('what an attempt has used', () => {
  const while_ = (phase: 'preparing' | 'agent', usage: Usage | null) => ({
    phase,
    progress: usage === null ? null : { message: '', plan: [], usage, at: NOW },
  })
  it.each([
    ['is what it reported', paid(2), while_('agent', paid(1)), paid(2)],
    ['or what it last told, when its process died', UNKNOWN, while_('agent', paid(1)), paid(1)],
    ['or unknown, when it told nothing', UNKNOWN, while_('agent', null), UNKNOWN],
    ['and nothing before its agent began', UNKNOWN, while_('preparing', null), NOTHING],
  ])('%s', (_, reported, live, expected) => {
    expect(usageOf(reported, live)).toEqual(expected)
  })

  it('adds up with the unknown counted apart', () => {
    const usages = [paid(1), paid(2), tokens(7), UNKNOWN, NOTHING]
    expect(totalOf(usages)).toEqual({ cost: 3, tokens: 7, unknown: 1 })
    expect(totalOf([tokens(7)])).toEqual({ cost: null, tokens: 7, unknown: 0 })
  })
})

describe('a price', () => {
  const prices = { 'gpt-5.5': { input: 5, cached: 0.5, output: 30 } }
  const split = { inputTokens: 100_000, cachedTokens: 1_000_000, outputTokens: 20_000 }
  const told = (over: Partial<Usage> = {}): Usage => ({
    tokens: 1_120_000,
    cost: null,
    model: 'gpt-5.5',
    ...split,
    ...over,
  })
  it.each<[string, Usage, number | null]>([
    ['makes dollars of what was read, cached and written', told(), 1.6],
    ['knows a model by its name without how hard it thinks', told({ model: 'gpt-5.5/high' }), 1.6],
    ['and in brackets', told({ model: 'gpt-5.5 (medium)' }), 1.6],
    ['is never guessed for another model', told({ model: 'gpt-5.5-pro' }), null],
    ['goes not before what the agent told', told({ cost: 0.25 }), 0.25],
    ['needs to know what was read and written', { tokens: 9, cost: null, model: 'gpt-5.5' }, null],
    ['finds no price in what every object has', told({ model: 'constructor' }), null],
  ])('%s', (_, usage, cost) => {
    expect(near(priced(usage, prices).cost)).toBe(cost)
  })
})
