/** What an agent tells of its use, added up: cumulative costs, contexts that grow, turns, and kinds of tokens. */
import { describe, expect, it } from 'vitest'
import { addUp, turnUse } from '../../src/agents/acp/use.ts'

type Told = Parameters<ReturnType<typeof addUp>['hear']>[0]
const cost = (amount: number): Told => ({ tokens: null, cost: amount })
const context = (tokens: number): Told => ({ tokens, cost: null })

const sumOf = (told: readonly Told[], before = 0) => {
  const use = addUp(() => before)
  for (const one of told) use.hear(one)
  return use.usage()
}

describe('what an agent used', () => {
  it.each<[string, readonly Told[], number, { tokens: number | null; cost: number | null }]>([
    ['is unknown while it tells nothing', [], 0, { tokens: null, cost: null }],
    [
      'is the last cost, for agents tell sums',
      [cost(1), cost(2.5)],
      0,
      { tokens: null, cost: 2.5 },
    ],
    [
      'is what came on top, in a conversation that was taken up again',
      [cost(2), cost(2.5)],
      2,
      { tokens: null, cost: 0.5 },
    ],
    [
      'is all of it where the agent counts from nothing again',
      [cost(0.25), cost(3)],
      2,
      { tokens: null, cost: 3 },
    ],
    [
      'is a whole context for each request, where no cost is told',
      [context(1_000), context(1_000), context(1_500), context(400)],
      0,
      { tokens: 2_900, cost: null },
    ],
    [
      'is the largest context where a cost is told, for tokens limit nothing then',
      [context(1_000), context(1_500), cost(1)],
      0,
      { tokens: 1_500, cost: 1 },
    ],
  ])('%s', (_, told, before, usage) => {
    expect(sumOf(told, before)).toEqual(usage)
  })

  it('is in the end what its turns tell, together', () => {
    const use = addUp(() => 0)
    use.hear(context(9_000))
    use.count({ tokens: 100, inputTokens: 60, cachedTokens: 30, outputTokens: 10, model: 'm' })
    use.count({ tokens: 50, inputTokens: 40, cachedTokens: 0, outputTokens: 10, model: 'm' })
    const split = { inputTokens: 100, cachedTokens: 30, outputTokens: 20, model: 'm' }
    expect(use.usage()).toEqual({ tokens: 150, cost: null, ...split })
    use.count({ tokens: 7 })
    expect(use.usage()).toEqual({ tokens: 157, cost: null })
  })
})

describe('the tokens of a turn', () => {
  const told = (over: Partial<Parameters<typeof turnUse>[0]>) =>
    turnUse({ totalTokens: 110, inputTokens: 100, outputTokens: 10, ...over }, null)

  it.each([
    ['as they are', {}, { inputTokens: 100, cachedTokens: 0, outputTokens: 10 }],
    [
      'with what came from the cache counted within the input',
      { cachedReadTokens: 80 },
      { inputTokens: 20, cachedTokens: 80, outputTokens: 10 },
    ],
    [
      'with the cache counted beside it',
      { totalTokens: 190, cachedReadTokens: 80 },
      { inputTokens: 100, cachedTokens: 80, outputTokens: 10 },
    ],
    [
      'with thoughts counted beside what was written',
      { totalTokens: 115, thoughtTokens: 5 },
      { inputTokens: 100, cachedTokens: 0, outputTokens: 15 },
    ],
    [
      'with thoughts counted within',
      { thoughtTokens: 5 },
      { inputTokens: 100, cachedTokens: 0, outputTokens: 10 },
    ],
  ])('are told apart, %s', (_, over, kinds) => {
    expect(told(over)).toMatchObject(kinds)
  })

  it('are a sum alone where nothing else is told', () => {
    expect(turnUse({ totalTokens: 9 }, 'small')).toEqual({ tokens: 9, model: 'small' })
  })
})
