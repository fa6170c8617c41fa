/**
 * Whose turn it is to write, among all processes that share an installation: one write at a time, the better lane
 * first and within a lane who has waited longest. Pure; a turn and a want that are not renewed in time are void.
 */
import type { Turns, Waiter, Want } from '../ports/pace-book.ts'
import type { Lane } from '../ports/tracker.ts'
import { NEVER } from './pace.ts'

export const NOBODY: Turns = { nextAt: NEVER, holder: null, wants: [], streak: 0 }

/** How long a turn holds: longer than one request may take, which ends earlier by itself. Milliseconds. */
export const LEASE = 20_000
/** How long a want holds without being renewed: so long does a dead process keep others waiting. Milliseconds. */
export const WANT = 3_000
/** After so many writes that overtook somebody, the one who has waited longest in a lower lane goes: nobody starves. A judgement. */
export const OVERTAKES = 10

const RANK: Readonly<Record<Lane, number>> = { people: 0, act: 1, projection: 2 }

/** One process and what waits in it, at most one per lane. */
export interface Mine {
  readonly by: string
  readonly waiting: readonly Waiter[]
}

export type Turn =
  | { readonly kind: 'ours'; readonly lane: Lane }
  /** Ours next, and not before `until`. */
  | { readonly kind: 'paced'; readonly until: number }
  | { readonly kind: 'others'; readonly until: number }

/** Null when nothing waits here. */
export function whoseTurn(turns: Turns, mine: Mine, now: number): Turn | null {
  if (mine.waiting.length === 0) return null
  const { holder, nextAt } = turns
  if (holder !== null && holder.by !== mine.by && holder.until > now)
    return { kind: 'others', until: holder.until }
  const others = livingWants(turns, mine.by, now)
  const next = nextOf([...others, ...mine.waiting], turns.streak)
  if (next === null) return null
  if (next.by !== mine.by)
    return { kind: 'others', until: Math.max(nextAt, ...others.map(({ until }) => until)) }
  return nextAt > now ? { kind: 'paced', until: nextAt } : { kind: 'ours', lane: next.lane }
}

/** Null when nobody waits. All processes must come to the same answer, or each would wait for the other. */
export function nextOf(waiters: readonly Waiter[], streak: number): Waiter | null {
  const longestFirst = waiters.toSorted((a, b) => a.since - b.since || (a.by < b.by ? -1 : 1))
  const bestRank = Math.min(...longestFirst.map(({ lane }) => RANK[lane]))
  const below = longestFirst.find(({ lane }) => RANK[lane] > bestRank)
  if (streak >= OVERTAKES && below !== undefined) return below
  return longestFirst.find(({ lane }) => RANK[lane] === bestRank) ?? null
}

/** We write: what was ours by `whoseTurn`. */
export function taken(
  turns: Turns,
  mine: Mine,
  at: { readonly lane: Lane; readonly now: number; readonly paceMilliseconds: number },
): Turns {
  const others = livingWants(turns, mine.by, at.now)
  const ranks = [...others, ...mine.waiting].map(({ lane }) => RANK[lane] - RANK[at.lane])
  // Who goes although a better lane waits has had what the count is for.
  const overtakes = ranks.some((rank) => rank > 0) && !ranks.some((rank) => rank < 0)
  return {
    nextAt: at.now + at.paceMilliseconds,
    holder: { by: mine.by, until: at.now + LEASE },
    // Ours are shown again when the answer came.
    wants: others,
    streak: overtakes ? turns.streak + 1 : 0,
  }
}

/** Our write's answer came (or never will): the gap counts from here, so that it holds at GitHub's end too. */
export const ended = (turns: Turns, by: string, nextAt: number): Turns => ({
  ...turns,
  nextAt: Math.max(turns.nextAt, nextAt),
  holder: turns.holder?.by === by ? null : turns.holder,
})

/** What waits here, for others to see; null when they see it already. */
export function registered(turns: Turns, mine: Mine, now: number): Turns | null {
  const known = turns.wants.filter(({ by }) => by === mine.by)
  const current = mine.waiting.every((one) =>
    known.some((want) => want.lane === one.lane && want.until > now + WANT / 2),
  )
  if (current && known.length === mine.waiting.length) return null
  const wants: readonly Want[] = mine.waiting.map((one) => ({ ...one, until: now + WANT }))
  return { ...turns, wants: [...livingWants(turns, mine.by, now), ...wants] }
}

/** No moment is believed that lies further ahead than these rules allow: the clock it was written by was set back. */
export function believableTurns(turns: Turns, now: number, paceMilliseconds: number): Turns {
  const { holder } = turns
  return {
    ...turns,
    nextAt: Math.min(turns.nextAt, now + paceMilliseconds),
    holder: holder === null ? null : { ...holder, until: Math.min(holder.until, now + LEASE) },
    wants: turns.wants.map((want) => ({
      ...want,
      since: Math.min(want.since, now),
      until: Math.min(want.until, now + WANT),
    })),
  }
}

const livingWants = (turns: Turns, by: string, now: number): readonly Want[] =>
  turns.wants.filter((want) => want.by !== by && want.until > now)
