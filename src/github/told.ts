/** What GitHub's headers tell of its limits, as waits in milliseconds that no wrong clock can stretch or turn around. */
import type { Clock } from '../ports/clock.ts'
import { HOUR } from './pace.ts'

export type Headers = Readonly<Record<string, string | number | undefined>>

export interface Told {
  readonly retryAfter: number | null
  /** The hour's budget; null when the headers do not tell it whole. */
  readonly budget: { readonly limit: number; readonly remaining: number } | null
  /** Until the budget is renewed: between nothing and an hour. */
  readonly resetIn: number | null
}

// `x-ratelimit-reset` is in whole seconds.
const ROUNDING = 1_000

export function readTold(headers: Headers, clock: Clock): Told {
  const seconds = number(headers['retry-after'])
  const limit = number(headers['x-ratelimit-limit'])
  const remaining = number(headers['x-ratelimit-remaining'])
  const reset = number(headers['x-ratelimit-reset'])
  const budget = limit === null || remaining === null ? null : { limit, remaining }
  const wait = reset === null ? null : reset * 1_000 - dateOf(headers, clock) + ROUNDING
  return {
    retryAfter: seconds === null ? null : seconds * 1_000,
    budget,
    resetIn: wait === null ? null : Math.min(Math.max(wait, 0), HOUR),
  }
}

/** By GitHub's own clock, where it says it: ours may be wrong, or be set while we wait. */
function dateOf(headers: Headers, clock: Clock): number {
  const date = Date.parse(String(headers['date']))
  return Number.isNaN(date) ? clock.now() : date
}

function number(header: string | number | undefined): number | null {
  if (header === undefined || header === '') return null
  const value = Number(header)
  return Number.isFinite(value) && value >= 0 ? value : null
}
