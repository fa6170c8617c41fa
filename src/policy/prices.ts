/**
 * What models cost whose agents tell tokens and no money (Codex, Gemini), in US dollars for a million tokens; the
 * operator's `prices` go before. A model that is not here has an unknown cost: no price is guessed from another's.
 * Standard rates, as the makers list them; who pays by subscription is shown what the same tokens would have cost.
 */
import type { Price } from '../domain/money.ts'

export const PRICES: Readonly<Record<string, Price>> = {
  // OpenAI, https://developers.openai.com/api/docs/pricing, as quoted on 2026-05-05.
  'gpt-5-codex': { input: 1.25, cached: 0.125, output: 10 },
  'gpt-5.1-codex': { input: 1.25, cached: 0.125, output: 10 },
  'gpt-5.1-codex-max': { input: 1.25, cached: 0.125, output: 10 },
  'gpt-5.2-codex': { input: 1.75, cached: 0.175, output: 14 },
  'gpt-5.3-codex': { input: 1.75, cached: 0.175, output: 14 },
  // The same, as quoted on 2026-06-01.
  'gpt-5.2': { input: 1.75, cached: 0.175, output: 14 },
  'gpt-5.4': { input: 2.5, cached: 0.25, output: 15 },
  'gpt-5.4-mini': { input: 0.75, cached: 0.075, output: 4.5 },
  'gpt-5.4-nano': { input: 0.2, cached: 0.02, output: 1.25 },
  'gpt-5.5': { input: 5, cached: 0.5, output: 30 },
  // Google, https://ai.google.dev/gemini-api/docs/pricing, as quoted in March 2026; reading from the cache costs a tenth.
  'gemini-2.5-flash': { input: 0.3, cached: 0.03, output: 2.5 },
  'gemini-2.5-flash-lite': { input: 0.1, cached: 0.01, output: 0.4 },
  // Above 200,000 tokens in a prompt; below it is about half. Nobody tells which, and a budget must hold.
  'gemini-2.5-pro': { input: 2.5, cached: 0.25, output: 15 },
}
