/** Money in words, as every surface says it. */
import { describe, expect, it } from 'vitest'
import { sayBudget, saySpent, sayTaskSpent, sayTotal, sayUsedUp } from '../../src/render/budget.ts'
import { statusComment } from '../../src/render/status.ts'
import { attempt, report, statusView, task } from './sample.ts'

const FIVE = { cost: 5, tokens: 10_000_000 }

describe('what was spent', () => {
  it.each([
    ['nothing', { cost: null, tokens: 0, unknown: 0 }],
    ['$0.00', { cost: 0, tokens: 0, unknown: 0 }],
    ['$1,234.50', { cost: 1234.5, tokens: 0, unknown: 0 }],
    ['2,000,000 tokens of unknown cost', { cost: null, tokens: 2_000_000, unknown: 0 }],
    ['1 attempt of unknown use', { cost: null, tokens: 0, unknown: 1 }],
    [
      '$3.10, 7 tokens of unknown cost and 2 attempts of unknown use',
      { cost: 3.1, tokens: 7, unknown: 2 },
    ],
  ])('%s', (words, total) => {
    expect(sayTotal(total)).toBe(words)
  })

  it('names the budget in the measure that counts', () => {
    const paid = { cost: 3.1, tokens: 0, unknown: 0 }
    expect(saySpent(paid, FIVE)).toBe('$3.10 of $5.00')
    expect(saySpent({ cost: null, tokens: 7, unknown: 0 }, FIVE)).toBe(
      '7 tokens of unknown cost of 10,000,000 tokens',
    )
    expect(saySpent({ ...paid, tokens: 7 }, FIVE)).toBe(
      '$3.10 and 7 tokens of unknown cost of $5.00 or 10,000,000 tokens',
    )
    expect(saySpent(paid, null)).toBe('$3.10')
    expect(sayBudget(FIVE)).toBe('$5.00 (or 10,000,000 tokens of unknown cost)')
  })

  it('is told to whoever may give more, and to whoever wonders why an attempt ended', () => {
    expect(sayTaskSpent({ cost: 5.02, tokens: 0, unknown: 0 }, FIVE)).toBe(
      'The budget of this task, $5.00, is spent: it has used $5.02',
    )
    expect(sayUsedUp({ cost: 2.1, tokens: 9 }, { cost: 2, tokens: 4_000_000 })).toBe(
      'stopped because it had used $2.10 of the $2.00 that were left to it',
    )
    expect(sayUsedUp({ cost: null, tokens: 9 }, { cost: 2, tokens: 8 })).toBe(
      'stopped because it had used 9 tokens of unknown cost of the 8 tokens that were left to it',
    )
  })
})

describe('the status comment', () => {
  const ended = (n: number, cost: number | null) =>
    attempt({ n, endedAt: attempt().startedAt, report: report({ usage: { tokens: null, cost } }) })

  it('sums the attempts of the present wish, with what is unknown apart', () => {
    const view = statusView({
      task: task({ purse: { since: 1, raised: 0 } }),
      attempts: [ended(1, 9), ended(2, 1.25), ended(3, null)],
      budget: FIVE,
    })
    expect(statusComment(view)).toContain(
      '- Budget of this task: \\$1.25 and 1 attempt of unknown use of \\$5.00 spent.',
    )
  })

  it('does not call unknown what an attempt that has just begun will still tell', () => {
    const view = statusView({ attempts: [attempt()], budget: FIVE })
    expect(statusComment(view)).toContain('- Budget of this task: nothing of \\$5.00 spent.')
  })
})
