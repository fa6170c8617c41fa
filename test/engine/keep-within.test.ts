/** A running attempt against what it may spend: stopped by what it tells, once, and by nothing else. */
import { describe, expect, it } from 'vitest'
import type { Usage } from '../../src/domain/attempt.ts'
import { keepWithin } from '../../src/engine/keep-within.ts'
import type { AgentNews } from '../../src/ports/agent.ts'
import { attempt } from '../support/builders.ts'

const MAY = { cost: 2, tokens: 4_000_000 }

function keep(allowance: typeof MAY | null = MAY) {
  const news: AgentNews[] = []
  const own = new AbortController()
  const keeper = keepWithin({
    attempt: attempt({ allowance }),
    signal: own.signal,
    onNews: (one) => news.push(one),
  })
  const tell = (usage: Usage): boolean => {
    keeper.onNews({ usage })
    return keeper.signal.aborted
  }
  return { keeper, own, news, tell }
}

describe('an attempt', () => {
  it('is stopped by the first report that reaches what it may spend', () => {
    const { keeper, news, tell } = keep()
    expect(tell({ tokens: 9_000_000, cost: 1.99 })).toBe(false)
    expect(keeper.usedUp()).toBeNull()
    expect(tell({ tokens: null, cost: 2.4 })).toBe(true)
    expect(keeper.usedUp()).toEqual(MAY)
    expect(news).toHaveLength(2)
  })

  it('is stopped by its tokens while nobody knows their cost', () => {
    const { tell } = keep()
    expect(tell({ tokens: 3_999_999, cost: null })).toBe(false)
    expect(tell({ tokens: 4_000_000, cost: null })).toBe(true)
  })

  it('is stopped by others without having used anything up', () => {
    const { keeper, own } = keep()
    own.abort('a pause')
    expect(keeper.signal.reason).toBe('a pause')
    expect(keeper.usedUp()).toBeNull()
  })

  it('of before there were budgets is left alone', () => {
    expect(keep(null).tell({ tokens: null, cost: 1_000 })).toBe(false)
  })
})
