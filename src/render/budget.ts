/** What was spent and what may be, in words: dollars where they are known, tokens where only those are, and unknown as unknown. */
import type { Usage } from '../domain/attempt.ts'
import { totalOf } from '../domain/budget.ts'
import type { Total } from '../domain/budget.ts'
import type { Budget } from '../domain/money.ts'

// By hand, because `Intl` takes 9 ms of each start to make ready.
const grouped = (digits: string): string => digits.replace(/\B(?=(\d{3})+(?!\d))/g, ',')

export const dollars = (amount: number): string => `$${grouped(amount.toFixed(2))}`

export const count = (tokens: number): string => `${grouped(tokens.toFixed(0))} tokens`

/** Such as "$3.10, 2,000,000 tokens of unknown cost, and 1 attempt of unknown use". */
export function sayTotal({ cost, tokens, unknown }: Total): string {
  const parts = [
    ...(cost === null ? [] : [dollars(cost)]),
    ...(tokens === 0 ? [] : [`${count(tokens)} of unknown cost`]),
    ...(unknown === 0
      ? []
      : [`${unknown === 1 ? '1 attempt' : `${unknown} attempts`} of unknown use`]),
  ]
  const last = parts.pop()
  if (last === undefined) return 'nothing'
  return parts.length === 0 ? last : `${parts.join(', ')} and ${last}`
}

/** In the measure, or both, in which it counts. */
export function sayBudget({ cost, tokens }: Budget, spent: Total | null = null): string {
  if (spent === null) return `${dollars(cost)} (or ${count(tokens)} of unknown cost)`
  const inDollars = spent.cost !== null || spent.unknown > 0 || spent.tokens === 0
  return [...(inDollars ? [dollars(cost)] : []), ...(spent.tokens > 0 ? [count(tokens)] : [])].join(
    ' or ',
  )
}

/** A clause for people who may give more. */
export const sayTaskSpent = (spent: Total, budget: Budget): string =>
  `The budget of this task, ${sayBudget(budget, spent)}, is spent: it has used ${sayTotal(spent)}`

/** Why an attempt was stopped, in one line. */
export const sayUsedUp = (usage: Usage, allowance: Budget): string =>
  `stopped because it had used ${sayTotal(totalOf([usage]))} of the ${sayBudget(allowance, totalOf([usage]))} that were left to it`

/** Such as "$3.10 of $5.00"; without settings, what was spent alone. */
export const saySpent = (spent: Total, budget: Budget | null): string =>
  budget === null ? sayTotal(spent) : `${sayTotal(spent)} of ${sayBudget(budget, spent)}`
