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

/** Times are readings of `Clock.monotonic`. */
export interface Vigil {
  /** The last evidence of any kind, measured since this process started. */
  lastEvidence(): number
  /** Whose turn it is: it starts, it waits for us (its silence is ours), or it works. */
  phase(): 'starting' | 'waiting' | 'working'
  /** Grows when files are touched: an agent that waits for a long build says nothing, but something happens. */
  traces(): Promise<number>
  /** The traces have grown. */
  onTraces(): void
}

/** Resolves with the first limit that is overrun; null once `signal` aborts. */
export async function watch(
  clock: Clock,
  limits: Limits,
  vigil: Vigil,
  signal: AbortSignal,
): Promise<Overrun | null> {
  const { startMilliseconds, stallMilliseconds, wallMilliseconds } = limits
  const started = clock.monotonic()
  /** Traces as they were after half of the silence that began at `since`. */
  let before = { since: Number.NaN, traces: 0 }

  while (!signal.aborted) {
    const now = clock.monotonic()
    const phase = vigil.phase()
    const since = vigil.lastEvidence()
    const wall = started + wallMilliseconds
    if (now >= wall) return 'wall'
    if (phase === 'starting') {
      if (now >= started + startMilliseconds) return 'start'
      await rest(Math.min(wall, started + startMilliseconds))
      continue
    }
    const silence = phase === 'working' ? now - since : 0
    if (silence >= stallMilliseconds) {
      const traces = await vigil.traces()
      if (before.since === since && traces > before.traces) vigil.onTraces()
      else if (vigil.lastEvidence() === since) return 'stall'
    } else if (silence >= stallMilliseconds / 2 && before.since !== since)
      before = { since, traces: await vigil.traces() }
    else await rest(Math.min(wall, now - silence + due(silence)))
  }
  return null

  /** The next moment of a silence at which something is to be looked at. */
  function due(silence: number): number {
    return silence < stallMilliseconds / 2 ? stallMilliseconds / 2 : stallMilliseconds
  }

  function rest(until: number): Promise<void> {
    const most = stallMilliseconds / 2
    return clock.sleep(Math.max(1, Math.min(most, until - clock.monotonic())), signal)
  }
}
