/** What tokens cost, where an agent tells no money. A cost that nobody can know stays unknown. */
import type { Usage } from './attempt.ts'
import type { Price } from './money.ts'

const MILLION = 1_000_000
/** Agents name how hard a model thinks beside it: `gpt-5.5/high`, `gpt-5.5[high]`, `gpt-5.5 (high)`. */
const EFFORT = /\s*(?:[/:]|\[|\()\s*(?:none|minimal|low|medium|high|xhigh|max)\s*[\])]?$/i

/** As it is where the cost is told, the model has no price, or the agent did not tell what it read and wrote. */
export function priced(usage: Usage, prices: Readonly<Record<string, Price>>): Usage {
  const { cost, model, inputTokens, cachedTokens = 0, outputTokens } = usage
  if (cost !== null || model === undefined) return usage
  if (inputTokens === undefined || outputTokens === undefined) return usage
  const price = priceOf(model, prices)
  if (price === null) return usage
  const sum = inputTokens * price.input + cachedTokens * price.cached + outputTokens * price.output
  return { ...usage, cost: sum / MILLION }
}

/** Only a model of that very name: a successor of it may cost many times as much. */
function priceOf(model: string, prices: Readonly<Record<string, Price>>): Price | null {
  const names = [model, model.replace(EFFORT, '')]
  const known = names.find((name) => Object.hasOwn(prices, name))
  return known === undefined ? null : (prices[known] ?? null)
}
