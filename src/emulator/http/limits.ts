// GitHub's rate limits, per installation: the hourly budget, the points per minute, and the pace of
// content creation. Numbers from "Rate limits for the REST API" in GitHub's documentation.
import { Refusal } from '../world/refusal.ts'
import type { Clock } from '../world/world.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
/** Requests (REST) or points (GraphQL) an hour. */
export const HOURLY = 5_000
const POINTS_PER_MINUTE = { core: 900, graphql: 2_000 } as const
const CREATIONS = { minute: 80, hour: 500 } as const
const CONCURRENT = 100

export type Resource = keyof typeof POINTS_PER_MINUTE

export type Charge = {
  /** Whose budget: an installation, an App, or an address. */
  readonly key: string
  readonly resource: Resource
  /** Of the hourly budget. */
  readonly cost: number
  /** Of the minute's points: a read is 1, a write 5. */
  readonly points: number
  readonly creates: boolean
}

type Budget = {
  resetAt: number
  used: number
  minuteEnds: number
  points: number
  creations: number[]
  underWay: number
}

export class Limits {
  /** Off: everything is counted and nothing refused. */
  enforced: boolean
  readonly #clock: Clock
  readonly #budgets = new Map<string, Budget>()

  constructor(clock: Clock, enforced: boolean) {
    this.#clock = clock
    this.enforced = enforced
  }

  /** Counts a request, or throws GitHub's 403/429 for it. */
  charge(charge: Charge): void {
    const now = this.#clock.now()
    const budget = this.#budget(charge.key, charge.resource)
    if (this.enforced) this.#refuseIfOver(budget, charge, now)
    budget.used += charge.cost
    budget.points += charge.points
    if (charge.creates) budget.creations.push(now)
  }

  /** A conditional request that brought nothing new costs nothing. */
  refund(charge: Charge): void {
    const budget = this.#budget(charge.key, charge.resource)
    budget.used = Math.max(0, budget.used - charge.cost)
    budget.points = Math.max(0, budget.points - charge.points)
  }

  enter(key: string): void {
    const budget = this.#budget(key, 'core')
    if (this.enforced && budget.underWay >= CONCURRENT) throw secondary(60)
    budget.underWay += 1
  }

  leave(key: string): void {
    this.#budget(key, 'core').underWay -= 1
  }

  /** As in `GET /rate_limit`. */
  state(
    key: string,
    resource: Resource,
  ): { limit: number; used: number; remaining: number; reset: number } {
    const budget = this.#budget(key, resource)
    const used = Math.min(budget.used, HOURLY)
    return {
      limit: HOURLY,
      used,
      remaining: HOURLY - used,
      reset: Math.ceil(budget.resetAt / 1000),
    }
  }

  headers(key: string, resource: Resource): Readonly<Record<string, string>> {
    const state = this.state(key, resource)
    return {
      'x-ratelimit-limit': String(state.limit),
      'x-ratelimit-remaining': String(state.remaining),
      'x-ratelimit-reset': String(state.reset),
      'x-ratelimit-used': String(state.used),
      'x-ratelimit-resource': resource,
    }
  }

  #refuseIfOver(budget: Budget, charge: Charge, now: number): void {
    if (budget.used + charge.cost > HOURLY) {
      throw new BudgetSpent(charge.key)
    }
    if (budget.points + charge.points > POINTS_PER_MINUTE[charge.resource]) {
      throw secondary(Math.ceil((budget.minuteEnds - now) / 1000))
    }
    if (!charge.creates) return
    const lastMinute = budget.creations.filter((at) => at > now - MINUTE)
    const [oldest = now] = lastMinute
    if (lastMinute.length >= CREATIONS.minute)
      throw secondary(Math.ceil((oldest + MINUTE - now) / 1000))
    const [first = now] = budget.creations
    if (budget.creations.length >= CREATIONS.hour)
      throw secondary(Math.ceil((first + HOUR - now) / 1000))
  }

  #budget(key: string, resource: Resource): Budget {
    const now = this.#clock.now()
    const name = `${resource} ${key}`
    const known = this.#budgets.get(name) ?? {
      resetAt: now + HOUR,
      used: 0,
      minuteEnds: now + MINUTE,
      points: 0,
      creations: [],
      underWay: 0,
    }
    this.#budgets.set(name, known)
    if (now >= known.resetAt) {
      known.resetAt = now + HOUR
      known.used = 0
    }
    if (now >= known.minuteEnds) {
      known.minuteEnds = now + MINUTE
      known.points = 0
    }
    while ((known.creations[0] ?? now) <= now - HOUR) known.creations.shift()
    return known
  }
}

/** The hourly budget is used up; `x-ratelimit-reset` tells until when. */
export class BudgetSpent extends Refusal {
  constructor(key: string) {
    super(403, { message: `API rate limit exceeded for ${key}.` })
  }
}

function secondary(seconds: number): Refusal {
  const message =
    'You have exceeded a secondary rate limit. Please wait a few minutes before you try again.'
  return new Refusal(403, { message }, { 'retry-after': String(Math.max(1, seconds)) })
}
