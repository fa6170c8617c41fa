/**
 * The watchdogs of one agent process: start, first event, silence and wall clock. They read a monotonic clock, so that
 * neither a set clock nor a suspended machine ends an agent, and they act on silence only, never on a count of what it
 * did. A silent agent is nudged once; one that stays silent is ended.
 */
import type { Clock } from '../ports/clock.ts'

export interface Limits {
  readonly startMilliseconds: number
  readonly firstMilliseconds: number
  readonly stallMilliseconds: number
  readonly wallMilliseconds: number
}

export type Overrun = 'start' | 'first' | 'stall' | 'wall'

/** Times are readings of `Clock.monotonic`. */
export interface Vigil {
  /** The last evidence of any kind, measured since this process started. */
  lastEvidence(): number
  /** Whose turn it is: it starts, it waits for us (its silence is ours), or it works. */
  phase(): 'starting' | 'waiting' | 'working'
  /** False: it was told something, and nothing has come since. */
  heard(): boolean
  /** Grows when files are touched: an agent that waits for a long build says nothing, but something happens. */
  traces(): Promise<number>
  /** The traces have grown. */
  onTraces(): void
  /** Asks it to go on, which counts as evidence of this moment; false: it was asked before, or cannot be. */
  nudge(): boolean
}

/** Resolves with the first limit that is overrun; null once `signal` aborts. */
export async function watch(
  clock: Clock,
  limits: Limits,
  vigil: Vigil,
  signal: AbortSignal,
): Promise<Overrun | null> {
  const { startMilliseconds, firstMilliseconds, stallMilliseconds, wallMilliseconds } = limits
  const started = clock.monotonic()
  /** Traces as they were after half of the silence that began at `since`. */
  let before = { since: Number.NaN, traces: 0 }
  let nudgedAt = Number.NaN

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
    const patience = patienceFor(since)
    const silence = phase === 'working' ? now - since : 0
    if (silence >= patience) {
      const traces = await vigil.traces()
      if (before.since === since && traces > before.traces) vigil.onTraces()
      else if (vigil.lastEvidence() === since) {
        if (!vigil.nudge()) return vigil.heard() ? 'stall' : 'first'
        nudgedAt = vigil.lastEvidence()
      }
    } else if (silence >= patience / 2 && before.since !== since)
      before = { since, traces: await vigil.traces() }
    else await rest(Math.min(wall, now - silence + due(silence, patience)))
  }
  return null

  /** What does not even answer a nudge is waited for half as long. */
  function patienceFor(since: number): number {
    if (nudgedAt === since) return stallMilliseconds / 2
    return vigil.heard() ? stallMilliseconds : Math.min(firstMilliseconds, stallMilliseconds)
  }

  /** The next moment of a silence at which something is to be looked at. */
  function due(silence: number, patience: number): number {
    return silence < patience / 2 ? patience / 2 : patience
  }

  function rest(until: number): Promise<void> {
    const most = Math.min(firstMilliseconds, stallMilliseconds) / 2
    return clock.sleep(Math.max(1, Math.min(most, until - clock.monotonic())), signal)
  }
}
