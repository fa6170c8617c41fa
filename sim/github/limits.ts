/** GitHub's own limits, as its documents give them, and an account of every request that broke one or came while we were told to wait. */
import type { SimProcess } from '../process.ts'

export interface Limits {
  /** Null: let through. */
  admit(effect: 'read' | 'edit' | 'create', now: number): Limited | null
  /** That process was told at that moment to wait until then. */
  told(told: Told): void
  /** A request was sent by that process. */
  sent(sent: Sent): void
  readonly breaches: string[]
  /** Until when it told anybody to wait. */
  readonly toldUntil: () => number
}

interface Sent {
  readonly by: string
  readonly at: number
  readonly write: boolean
}

interface Told {
  readonly by: Pick<SimProcess, 'name' | 'diedAt'>
  readonly at: number
  readonly until: number
}

interface Limited {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
}

const MINUTE = 60_000
const HOUR = 3_600_000
const CREATIONS = [
  { window: MINUTE, most: 80 },
  { window: HOUR, most: 500 },
] as const
const POINTS_PER_MINUTE = 900
/** GitHub asks for a second between two writes; clocks and lines differ by a little. Milliseconds. */
const APART = 900
/** What was reserved in the book when the answer came is on its way already. Milliseconds. */
const UNDER_WAY = 500
/** Within which other processes must have heard what one was told. Milliseconds. */
const HEARD = 2_000

/** Whoever died at once could tell nobody. */
function isHeard({ by, at }: Told, now: number): boolean {
  const died = by.diedAt()
  return now > at + HEARD && (died === null || died > at + HEARD)
}

/** One installation's. */
export function createLimits(): Limits {
  const creations: number[] = []
  const points: { readonly at: number; readonly points: number }[] = []
  const breaches: string[] = []
  let forbidden: readonly Told[] = []
  let wroteAt = -Infinity

  function exceeded(effect: 'read' | 'edit' | 'create', now: number): string | null {
    const cost = effect === 'read' ? 1 : 5
    points.push({ at: now, points: cost })
    while (points[0] !== undefined && points[0].at <= now - MINUTE) points.shift()
    const spent = points.reduce((sum, entry) => sum + entry.points, 0)
    if (spent > POINTS_PER_MINUTE) return `${spent} points in a minute`
    if (effect !== 'create') return null
    creations.push(now)
    while (creations[0] !== undefined && creations[0] <= now - HOUR) creations.shift()
    for (const { window, most } of CREATIONS) {
      const made = creations.filter((at) => at > now - window).length
      if (made > most) return `${made} creations in ${window / 1000} s`
    }
    return null
  }

  return {
    breaches,
    admit(effect, now) {
      const why = exceeded(effect, now)
      if (why === null) return null
      breaches.push(why)
      return { status: 403, headers: { 'retry-after': '60' } }
    },
    toldUntil: () => Math.max(-Infinity, ...forbidden.map(({ until }) => until)),
    told(told) {
      forbidden = [...forbidden.filter(({ until }) => until > told.at), told]
    },
    sent({ by, at: now, write }) {
      if (write && now - wroteAt < APART)
        breaches.push(`a write ${Math.round(now - wroteAt)} ms after the one before`)
      if (write) wroteAt = now
      for (const told of forbidden)
        if (
          now < told.until &&
          (told.by.name === by ? now > told.at + UNDER_WAY : isHeard(told, now))
        )
          breaches.push(`${by} asked ${Math.round(told.until - now)} ms before the told moment`)
    },
  }
}
