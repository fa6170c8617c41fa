/**
 * The watchdogs of one agent process: start, silence and wall clock. They read a monotonic clock, so that neither a
 * set clock nor a suspended machine ends an agent, and they act on silence only, never on a count of what it did.
 */
import type { Clock } from '../ports/clock.ts'

export interface Limits {
  readonly startMilliseconds: number
  readonly stallMilliseconds: number
  readonly wallMilliseconds: number
}

export type Overrun = 'start' | 'stall' | 'wall'

/** What the watchdogs look at. Times are readings of `Clock.monotonic`. */
export interface Vigil {
  /** The last evidence of any kind, measured since this process started. */
  readonly lastEvidence: number
  /** It has answered `initialize`. */
  readonly ready: boolean
  /** It waits for us, so its silence is ours. */
  readonly waiting: boolean
}

/** Resolves with the first limit that is overrun; null once `signal` aborts. */
export async function watch(
  clock: Clock,
  limits: Limits,
  look: () => Vigil,
  signal: AbortSignal,
): Promise<Overrun | null> {
  const started = clock.monotonic()
  while (!signal.aborted) {
    const now = clock.monotonic()
    const { lastEvidence, ready, waiting } = look()
    const wall = started + limits.wallMilliseconds
    const start = ready ? Infinity : started + limits.startMilliseconds
    const stall = ready && !waiting ? lastEvidence + limits.stallMilliseconds : Infinity
    if (now >= wall) return 'wall'
    if (now >= start) return 'start'
    if (now >= stall) return 'stall'
    // While it waits for us the stall clock stands still; look again after one stall limit at the latest.
    const next = Math.min(wall, start, stall, now + limits.stallMilliseconds)
    await clock.sleep(Math.max(1, next - now), signal)
  }
  return null
}
