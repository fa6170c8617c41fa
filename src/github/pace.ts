/**
 * When a request may go: a pure account of GitHub's limits for one installation. Moments are milliseconds of one
 * clock; the governor keeps two accounts, by its own monotonic clock and by that of the shared book, and heeds both.
 */
import type { Account, Created, Primary, Resource, Spent } from '../ports/pace-book.ts'
import type { Lane } from '../ports/tracker.ts'

export type Effect = 'read' | 'edit' | 'create'

export interface Ask {
  readonly effect: Effect
  readonly resource: Resource
  readonly lane: Lane
}

export type Verdict =
  | { readonly kind: 'go' }
  | { readonly kind: 'wait'; readonly until: number; readonly why: Wait }
export type Wait = 'told' | 'points' | 'creations' | 'budget' | 'queue'

/** Before every moment of any clock; JSON knows no infinity. */
export const NEVER = -1e15

export const FRESH: Account = {
  spent: [],
  creations: [],
  primary: { core: null, graphql: null },
  blockedUntil: NEVER,
  strikes: 0,
}

const MINUTE = 60_000
export const HOUR = 3_600_000
// GitHub counts when requests arrive, we when they are sent: a second of slack for the difference.
export const SLACK = 1_000
// What goes within this time is one entry, counted from its last: the account stays small enough to be written per write.
const GRAIN = 5_000
// GitHub's documents, "Rate limits for the REST API", secondary limits.
const POINTS_PER_MINUTE: Readonly<Record<Resource, number>> = { core: 900, graphql: 2_000 }
const CREATIONS: readonly { readonly window: number; readonly most: number }[] = [
  { window: MINUTE + SLACK, most: 80 },
  { window: HOUR + SLACK, most: 500 },
]
// How full a window may be when a lane adds to it. A judgement: the rest is kept for those who matter more, so that a
// burst of projections cannot make a person or the start of an agent wait.
const SHARE: Readonly<Record<Lane, number>> = { people: 1, act: 0.9, projection: 0.7 }
// What others may never take from a lane, so that nobody starves; people leave the two of it free.
const OWN: Readonly<Record<Lane, number>> = { people: 0.9, act: 0.05, projection: 0.05 }
// What stays of the hour's budget: for those who matter more, and at last for what is under way at that moment.
const RESERVE: Readonly<Record<Lane, number>> = { people: 0.01, act: 0.02, projection: 0.05 }
const READ_RESERVE = 0.01

export const pointsOf = (effect: Effect): number => (effect === 'read' ? 1 : 5)

/** `margin`: points a minute that others may have spent without our knowledge. */
export interface At {
  readonly now: number
  readonly margin: number
}

/** Whether this request may go now, and if not, when to ask again and why. */
export function decide(account: Account, ask: Ask, at: At): Verdict {
  const waits: readonly (readonly [Wait, number])[] = [
    ['told', account.blockedUntil],
    ['budget', budgetFree(account, ask, at.now)],
    ['points', pointsFree(account, ask, at)],
    ['creations', creationsFree(account, ask, at.now)],
  ]
  const [why, until] = waits.reduce((longest, wait) => (wait[1] > longest[1] ? wait : longest))
  return until > at.now ? { kind: 'wait', until, why } : { kind: 'go' }
}

/** A request goes out: it counts, whatever comes of it. */
export function sent(account: Account, ask: Ask, now: number): Account {
  const { resource, lane } = ask
  const spent = account.spent.filter((entry) => entry.at > now - MINUTE - SLACK)
  const creations = account.creations.filter((entry) => entry.at > now - HOUR - SLACK)
  return {
    ...account,
    spent: addSpent(spent, { at: now, points: pointsOf(ask.effect), resource }),
    creations:
      ask.effect === 'create' ? addCreated(creations, { at: now, count: 1, lane }) : creations,
  }
}

const sameGrain = (a: number, b: number): boolean => Math.floor(a / GRAIN) === Math.floor(b / GRAIN)

function addSpent(entries: readonly Spent[], one: Spent): readonly Spent[] {
  const index = entries.findIndex(
    ({ at, resource }) => resource === one.resource && sameGrain(at, one.at),
  )
  const former = entries[index]
  if (former === undefined) return [...entries, one]
  const at = Math.max(former.at, one.at)
  return entries.with(index, { ...one, at, points: former.points + one.points })
}

function addCreated(entries: readonly Created[], one: Created): readonly Created[] {
  const index = entries.findIndex(({ at, lane }) => lane === one.lane && sameGrain(at, one.at))
  const former = entries[index]
  if (former === undefined) return [...entries, one]
  const at = Math.max(former.at, one.at)
  return entries.with(index, { ...one, at, count: former.count + one.count })
}

/** An answer that was no refusal, with the budget that its headers told (null: they told none). */
export function answered(
  account: Account,
  resource: Resource,
  told: Primary | null,
  now: number,
): Account {
  const known = account.primary[resource]
  return {
    ...account,
    strikes: now >= account.blockedUntil ? 0 : account.strikes,
    primary: { ...account.primary, [resource]: newer(known, told, now) },
  }
}

/** Answers come out of order, and others spend too: within one window what remains only falls. */
function newer(known: Primary | null, told: Primary | null, now: number): Primary | null {
  if (told === null || known === null || now >= known.resetAt) return told ?? known
  if (told.resetAt > known.resetAt + MINUTE) return told
  return told.remaining < known.remaining ? told : known
}

export interface Refusal {
  readonly resource: Resource
  /** Milliseconds; null when the answer did not say. */
  readonly retryAfter: number | null
  /** The budget of the hour is used up, to be renewed then; null for other refusals. */
  readonly resetAt: number | null
}

/** GitHub told us to wait: `retry-after`, else the reset, else a minute, doubled each time, an hour at most. */
export function refused(account: Account, refusal: Refusal, now: number): Account {
  if (refusal.retryAfter === null && refusal.resetAt !== null && refusal.resetAt > now) {
    const used = { limit: 0, remaining: 0, resetAt: refusal.resetAt }
    return { ...account, primary: { ...account.primary, [refusal.resource]: used } }
  }
  // Several requests under way at once are refused together: that is one strike.
  const strikes = now < account.blockedUntil ? Math.max(1, account.strikes) : account.strikes + 1
  const wait = refusal.retryAfter ?? Math.min(MINUTE * 2 ** (strikes - 1), HOUR)
  return { ...account, strikes, blockedUntil: Math.max(account.blockedUntil, now + wait) }
}

/** No moment is believed that lies further ahead than any rule of GitHub's: the clock it was written by was set back. */
export function believable(account: Account, now: number): Account {
  const { core, graphql } = account.primary
  const ended = (primary: Primary | null) =>
    primary === null ? null : { ...primary, resetAt: Math.min(primary.resetAt, now + HOUR + SLACK) }
  return {
    ...account,
    spent: account.spent.map((entry) => ({ ...entry, at: Math.min(entry.at, now) })),
    creations: account.creations.map((entry) => ({ ...entry, at: Math.min(entry.at, now) })),
    primary: { core: ended(core), graphql: ended(graphql) },
    blockedUntil: Math.min(account.blockedUntil, now + HOUR),
  }
}

function budgetFree(account: Account, ask: Ask, now: number): number {
  const primary = account.primary[ask.resource]
  if (primary === null || now >= primary.resetAt) return NEVER
  const reserve = (ask.effect === 'read' ? READ_RESERVE : RESERVE[ask.lane]) * primary.limit
  return primary.remaining > reserve ? NEVER : primary.resetAt
}

function pointsFree(account: Account, ask: Ask, { now, margin }: At): number {
  const share = ask.effect === 'read' ? 1 : SHARE[ask.lane]
  const most = (POINTS_PER_MINUTE[ask.resource] - margin) * share
  const entries = account.spent.filter((entry) => entry.resource === ask.resource)
  const room = most - pointsOf(ask.effect)
  return roomAgain(entries, { window: MINUTE + SLACK, room, now })
}

function creationsFree(account: Account, ask: Ask, now: number): number {
  if (ask.effect !== 'create') return NEVER
  const { lane } = ask
  const all = account.creations.map((entry) => ({ ...entry, points: entry.count }))
  const own = all.filter((entry) => entry.lane === lane)
  const moments = CREATIONS.map(({ window, most }) => {
    const free = (entries: typeof all, share: number) =>
      roomAgain(entries, { window, room: most * share - 1, now })
    const inItsOwn = Math.max(free(all, 1), free(own, OWN[lane]))
    return lane === 'people' ? inItsOwn : Math.min(free(all, SHARE[lane]), inItsOwn)
  })
  return Math.max(...moments)
}

/** When what was spent within a sliding window has sunk to `room`: `NEVER` when it has already. */
function roomAgain(
  entries: readonly { readonly at: number; readonly points: number }[],
  limit: { readonly window: number; readonly room: number; readonly now: number },
): number {
  const inside = entries
    .filter((entry) => entry.at > limit.now - limit.window)
    .sort((a, b) => a.at - b.at)
  let sum = inside.reduce((total, entry) => total + entry.points, 0)
  if (sum <= limit.room) return NEVER
  for (const entry of inside) {
    sum -= entry.points
    if (sum <= limit.room) return entry.at + limit.window
  }
  return limit.now + limit.window
}
