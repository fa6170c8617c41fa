import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import * as pace from '../../src/github/pace.ts'
import type { Account, Resource } from '../../src/ports/pace-book.ts'
import type { Lane } from '../../src/ports/tracker.ts'

const ask = (effect: pace.Effect, lane: Lane = 'act', resource: Resource = 'core'): pace.Ask => ({
  effect,
  lane,
  resource,
})

const at = (state: Account, request: pace.Ask, now: number, margin = 0) =>
  pace.decide(state, request, { now, margin })

/** Sends as fast as `decide` allows, and returns when each request went. */
function flood(request: pace.Ask, until: number, start = pace.FRESH): readonly number[] {
  const moments: number[] = []
  let [state, now] = [start, 0]
  while (now < until) {
    const verdict = at(state, request, now)
    if (verdict.kind === 'wait') now = verdict.until
    else {
      moments.push(now)
      state = pace.sent(state, request, now)
      now += 5
    }
  }
  return moments.filter((moment) => moment < until)
}

describe('pace', () => {
  test('the first request goes at once', () => {
    expect(at(pace.FRESH, ask('create'), 0)).toEqual({ kind: 'go' })
  })
})

describe("GitHub's windows", () => {
  test.each<readonly [Lane, number, number]>([
    ['people', 72, 450],
    ['act', 72, 450],
    ['projection', 56, 350],
  ])('%s create at most %i a minute and %i an hour', (lane, aMinute, anHour) => {
    const moments = flood(ask('create', lane), 7_200_000)
    expect(most(moments, 60_000)).toBe(aMinute)
    expect(most(moments, 3_600_000)).toBe(anHour)
  })

  test('people’s own flood leaves each lower lane its part', () => {
    let state = pace.FRESH
    const made = { people: 0, act: 0, projection: 0 }
    for (let now = 0; now < 7_200_000; now += 1_000) {
      for (const lane of ['people', 'act', 'projection'] as const) {
        if (at(state, ask('create', lane), now).kind === 'wait') continue
        state = pace.sent(state, ask('create', lane), now)
        made[lane] += 1
        break
      }
    }
    // Of the hour's 500, twice.
    expect(made.people).toBeLessThanOrEqual(900)
    expect(made.act).toBeGreaterThanOrEqual(50)
    expect(made.projection).toBeGreaterThanOrEqual(50)
  })

  test('what others may have spent unseen is left free', () => {
    let state = pace.FRESH
    for (let n = 0; n < 750; n += 1) state = pace.sent(state, ask('read'), n)
    expect(at(state, ask('read'), 800).kind).toBe('go')
    expect(at(state, ask('read'), 800, 150).kind).toBe('wait')
  })

  test('reads stay within 900 points a minute, and GraphQL has points of its own', () => {
    expect(most(flood(ask('read'), 180_000), 60_000)).toBe(900)
    expect(most(flood(ask('read', 'act', 'graphql'), 180_000), 60_000)).toBe(2_000)
  })

  test('an edit costs five points', () => {
    expect(most(flood(ask('edit', 'people'), 180_000), 60_000)).toBe(180)
  })

  test('a flood of projections leaves room for reads, acts and people', () => {
    let state = pace.FRESH
    for (let now = 0; at(state, ask('edit', 'projection'), now).kind === 'go'; now += 5)
      state = pace.sent(state, ask('edit', 'projection'), now)
    expect(at(state, ask('read'), 1_000).kind).toBe('go')
    expect(at(state, ask('edit', 'act'), 1_000).kind).toBe('go')
    expect(at(state, ask('edit', 'people'), 1_000).kind).toBe('go')
  })

  test('an account stays small, however much is spent', () => {
    let state = pace.FRESH
    for (let now = 0; now < 3_600_000; now += 250)
      state = pace.sent(state, ask(now % 8_000 === 0 ? 'create' : 'read'), now)
    expect(JSON.stringify(state).length).toBeLessThan(30_000)
  })

  test('no mixture of requests breaks a limit', () => {
    const anyAsk = fc.record({
      effect: fc.constantFrom<pace.Effect>('read', 'edit', 'create'),
      lane: fc.constantFrom<Lane>('people', 'act', 'projection'),
      resource: fc.constant<Resource>('core'),
    })
    fc.assert(
      fc.property(fc.array(fc.tuple(anyAsk, fc.nat(200)), { maxLength: 400 }), (asks) => {
        const log: { readonly at: number; readonly request: pace.Ask }[] = []
        let [state, now, endless] = [pace.FRESH, 0, false]
        for (const [request, gap] of asks) {
          now += gap
          const verdict = at(state, request, now)
          if (verdict.kind === 'wait') {
            endless ||= verdict.until <= now
            continue
          }
          state = pace.sent(state, request, now)
          log.push({ at: now, request })
        }
        const points = log.map((entry) => ({
          at: entry.at,
          cost: pace.pointsOf(entry.request.effect),
        }))
        expect(endless).toBe(false)
        expect(heaviest(points, 60_000)).toBeLessThanOrEqual(900)
        const creations = log.filter((entry) => entry.request.effect === 'create')
        expect(
          most(
            creations.map((entry) => entry.at),
            60_000,
          ),
        ).toBeLessThanOrEqual(80)
      }),
      { numRuns: 200 },
    )
  })
})

describe('what GitHub tells', () => {
  const refusal = { resource: 'core', retryAfter: null, resetAt: null } as const

  test('retry-after blocks everything for exactly that long', () => {
    const state = pace.refused(pace.FRESH, { ...refusal, retryAfter: 30_000 }, 1_000)
    expect(at(state, ask('read'), 30_999)).toEqual({ kind: 'wait', until: 31_000, why: 'told' })
    expect(at(state, ask('read', 'act', 'graphql'), 2_000).kind).toBe('wait')
    expect(at(state, ask('read'), 31_000).kind).toBe('go')
  })

  test('without a word it is a minute, doubled each time, an hour at most', () => {
    let [state, now] = [pace.FRESH, 0]
    const waits: number[] = []
    for (let strike = 0; strike < 9; strike += 1) {
      state = pace.refused(state, refusal, now)
      waits.push((state.blockedUntil - now) / 60_000)
      now = state.blockedUntil
    }
    expect(waits).toEqual([1, 2, 4, 8, 16, 32, 60, 60, 60])
  })

  test('requests that were under way together are refused as one', () => {
    const once = pace.refused(pace.FRESH, refusal, 1_000)
    const again = pace.refused(once, refusal, 1_050)
    expect(again.strikes).toBe(1)
    expect(again.blockedUntil).toBe(61_050)
  })

  test('a good answer after the wait forgives', () => {
    const blocked = pace.refused(pace.refused(pace.FRESH, refusal, 0), refusal, 60_000)
    expect(blocked.strikes).toBe(2)
    expect(pace.answered(blocked, 'core', null, 100_000).strikes).toBe(2)
    expect(pace.answered(blocked, 'core', null, 200_000).strikes).toBe(0)
  })

  test('a used-up hour blocks only its own budget, until the reset', () => {
    const state = pace.refused(pace.FRESH, { ...refusal, resetAt: 90_000 }, 0)
    expect(at(state, ask('read'), 0)).toEqual({ kind: 'wait', until: 90_000, why: 'budget' })
    expect(at(state, ask('read', 'act', 'graphql'), 0).kind).toBe('go')
    expect(at(state, ask('read'), 90_000).kind).toBe('go')
  })

  test('answers that come out of order do not bring spent budget back; a new hour does', () => {
    const told = (state: Account, remaining: number, resetAt: number) =>
      pace.answered(state, 'core', { limit: 5_000, remaining, resetAt }, 0)
    const state = told(told(pace.FRESH, 10, 90_000), 400, 90_500)
    expect(state.primary.core?.remaining).toBe(10)
    expect(told(state, 4_999, 3_690_000).primary.core?.remaining).toBe(4_999)
    expect(told(state, 9, 3_690_000).primary.core?.remaining).toBe(9)
  })

  test('a reset that has passed already is no reset: the wait is a minute', () => {
    const state = pace.refused(pace.FRESH, { ...refusal, resetAt: 5_000 }, 5_000)
    expect(at(state, ask('read'), 5_000)).toEqual({ kind: 'wait', until: 65_000, why: 'told' })
  })

  test('moments that a clock set back has made future are not believed', () => {
    let state = pace.refused(pace.FRESH, { ...refusal, retryAfter: 60_000 }, 9e9)
    state = pace.sent(state, ask('create'), 9e9)
    const believed = pace.believable(state, 1_000)
    expect(believed.blockedUntil).toBe(3_601_000)
    expect([believed.spent[0]?.at, believed.creations[0]?.at]).toEqual([1_000, 1_000])
  })

  test('the last of the hour is kept for people, then for acts, and for reads', () => {
    const left = (remaining: number) =>
      pace.answered(pace.FRESH, 'core', { limit: 5_000, remaining, resetAt: 90_000 }, 0)
    const goes = (remaining: number) =>
      (['projection', 'act', 'people'] as const).filter(
        (lane) => at(left(remaining), ask('edit', lane), 0).kind === 'go',
      )
    expect(goes(300)).toEqual(['projection', 'act', 'people'])
    expect(goes(200)).toEqual(['act', 'people'])
    expect(goes(80)).toEqual(['people'])
    expect(goes(50)).toEqual([])
    expect(at(left(51), ask('read'), 0).kind).toBe('go')
    // What is under way, here and in other processes, may still spend it.
    expect(at(left(50), ask('read'), 0).kind).toBe('wait')
  })
})

const most = (moments: readonly number[], window: number): number =>
  heaviest(
    moments.map((moment) => ({ at: moment, cost: 1 })),
    window,
  )

/** The largest sum within any window of that length. */
function heaviest(
  entries: readonly { readonly at: number; readonly cost: number }[],
  window: number,
): number {
  let [sum, oldest, largest] = [0, 0, 0]
  for (const entry of entries) {
    sum += entry.cost
    for (
      let first = entries[oldest];
      first && first.at < entry.at - window;
      first = entries[oldest]
    ) {
      sum -= first.cost
      oldest += 1
    }
    largest = Math.max(largest, sum)
  }
  return largest
}
