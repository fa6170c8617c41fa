/**
 * When a request may go: a pure account of GitHub's limits for one installation. All moments are
 * monotonic milliseconds, so a jump of the wall clock opens no forbidden window.
 */
import type { Lane } from '../ports/tracker.ts'

export type Effect = 'read' | 'edit' | 'create'
export type Resource = 'core' | 'graphql'

export interface Ask {
  readonly effect: Effect
  readonly resource: Resource
  readonly lane: Lane
}

export interface PaceState {
  /** When the last write's answer came. */
  readonly wroteAt: number
  readonly spent: readonly Spent[]
  readonly creations: readonly number[]
  readonly primary: Readonly<Record<Resource, Primary | null>>
  /** Nothing at all goes before this moment. */
  readonly blockedUntil: number
  /** Refusals in a row, for the exponential wait. */
  readonly strikes: number
}

interface Spent {
  readonly at: number
  readonly points: number
  readonly resource: Resource
}

/** The hour's budget, as the last answer told it. */
export interface Primary {
  readonly limit: number
  readonly remaining: number
  readonly resetAt: number
}

export type Verdict =
  | { readonly kind: 'go' }
  | { readonly kind: 'wait'; readonly until: number; readonly why: Wait }
export type Wait = 'pace' | 'told' | 'points' | 'creations' | 'budget'

export const FRESH: PaceState = {
  wroteAt: -Infinity,
  spent: [],
  creations: [],
  primary: { core: null, graphql: null },
  blockedUntil: -Infinity,
  strikes: 0,
}

const MINUTE = 60_000
const HOUR = 3_600_000
// GitHub counts when requests arrive, we when they are sent: a second of slack for the difference.
const SLACK = 1_000
// GitHub's documents, "Rate limits for the REST API", secondary limits.
const POINTS_PER_MINUTE: Readonly<Record<Resource, number>> = { core: 900, graphql: 2_000 }
const CREATIONS: readonly { readonly window: number; readonly most: number }[] = [
  { window: MINUTE + SLACK, most: 80 },
  { window: HOUR + SLACK, most: 500 },
]
// What each lane may use of a window. A judgement: the rest is kept for those who matter more, so
// that a burst of projections cannot make a person or the start of an agent wait.
const SHARE: Readonly<Record<Lane, number>> = { people: 1, act: 0.9, projection: 0.7 }
const RESERVE: Readonly<Record<Lane, number>> = { people: 0, act: 0.02, projection: 0.05 }

export const pointsOf = (effect: Effect): number => (effect === 'read' ? 1 : 5)

/** Whether this request may go now, and if not, when to ask again and why. */
export function decide(state: PaceState, ask: Ask, now: number, paceMilliseconds: number): Verdict {
  const waits: readonly (readonly [Wait, number])[] = [
    ['told', state.blockedUntil],
    ['budget', budgetFree(state, ask, now)],
    ['points', pointsFree(state, ask, now)],
    ['creations', creationsFree(state, ask, now)],
    ['pace', ask.effect === 'read' ? -Infinity : state.wroteAt + paceMilliseconds],
  ]
  const [why, until] = waits.reduce((longest, wait) => (wait[1] > longest[1] ? wait : longest))
  return until > now ? { kind: 'wait', until, why } : { kind: 'go' }
}

/** A request was sent: it counts, whatever comes of it. */
export function sent(state: PaceState, ask: Ask, now: number): PaceState {
  const spent = state.spent.filter((entry) => entry.at > now - MINUTE - SLACK)
  const creations = state.creations.filter((at) => at > now - HOUR - SLACK)
  return {
    ...state,
    spent: [...spent, { at: now, points: pointsOf(ask.effect), resource: ask.resource }],
    creations: ask.effect === 'create' ? [...creations, now] : creations,
  }
}

/** A write's answer came (or never will): the next one is paced from here, so the gap holds at GitHub's end too. */
export const wrote = (state: PaceState, now: number): PaceState => ({ ...state, wroteAt: now })

/** An answer that was no refusal, with the budget that its headers told (null: they told none). */
export function answered(
  state: PaceState,
  resource: Resource,
  primary: Primary | null,
  now: number,
): PaceState {
  return {
    ...state,
    strikes: now >= state.blockedUntil ? 0 : state.strikes,
    primary: primary === null ? state.primary : { ...state.primary, [resource]: primary },
  }
}

export interface Refusal {
  readonly resource: Resource
  /** Milliseconds; null when the answer did not say. */
  readonly retryAfter: number | null
  /** The budget of the hour is used up, to be renewed then; null for other refusals. */
  readonly resetAt: number | null
}

/** GitHub told us to wait: `retry-after`, else the reset, else a minute, doubled each time, an hour at most. */
export function refused(state: PaceState, refusal: Refusal, now: number): PaceState {
  if (refusal.retryAfter === null && refusal.resetAt !== null) {
    const used = { limit: 0, remaining: 0, resetAt: refusal.resetAt }
    return { ...state, primary: { ...state.primary, [refusal.resource]: used } }
  }
  // Several requests under way at once are refused together: that is one strike.
  const strikes = now < state.blockedUntil ? Math.max(1, state.strikes) : state.strikes + 1
  const wait = refusal.retryAfter ?? Math.min(MINUTE * 2 ** (strikes - 1), HOUR)
  return { ...state, strikes, blockedUntil: Math.max(state.blockedUntil, now + wait) }
}

function budgetFree(state: PaceState, ask: Ask, now: number): number {
  const primary = state.primary[ask.resource]
  if (primary === null || now >= primary.resetAt) return -Infinity
  const reserve = ask.effect === 'read' ? 0 : RESERVE[ask.lane] * primary.limit
  return primary.remaining > reserve ? -Infinity : primary.resetAt
}

function pointsFree(state: PaceState, ask: Ask, now: number): number {
  const share = ask.effect === 'read' ? 1 : SHARE[ask.lane]
  const room = POINTS_PER_MINUTE[ask.resource] * share - pointsOf(ask.effect)
  const entries = state.spent.filter((entry) => entry.resource === ask.resource)
  return roomAgain(entries, { window: MINUTE + SLACK, room, now })
}

function creationsFree(state: PaceState, ask: Ask, now: number): number {
  if (ask.effect !== 'create') return -Infinity
  const entries = state.creations.map((at) => ({ at, points: 1 }))
  const moments = CREATIONS.map(({ window, most }) =>
    roomAgain(entries, { window, room: most * SHARE[ask.lane] - 1, now }),
  )
  return Math.max(...moments)
}

/** When what was spent within a sliding window has sunk to `room`: -Infinity when it has already. */
function roomAgain(
  entries: readonly { readonly at: number; readonly points: number }[],
  limit: { readonly window: number; readonly room: number; readonly now: number },
): number {
  const inside = entries.filter((entry) => entry.at > limit.now - limit.window)
  let sum = inside.reduce((total, entry) => total + entry.points, 0)
  if (sum <= limit.room) return -Infinity
  for (const entry of inside) {
    sum -= entry.points
    if (sum <= limit.room) return entry.at + limit.window
  }
  return limit.now + limit.window
}
