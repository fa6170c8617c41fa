/**
 * One per installation: after failures that say that GitHub or the installation itself is down, calls are refused at
 * once, so that nothing hammers at a closed door and nobody waits for an answer that will not come. Now and then one
 * call is let through to see; its success opens the door for all.
 */
import { instant, later, type InstallationId, type Instant } from '../domain/ids.ts'
import type { Clock } from '../ports/clock.ts'
import { WorldFault } from '../ports/fault.ts'
import type { Log } from '../ports/log.ts'

/** What a call showed: `outage` may be this one request's bad luck, refused `credentials` never are. */
export type Health =
  | { readonly kind: 'well' }
  | { readonly kind: 'outage' | 'credentials'; readonly why: string }

/** An installation that is not asked at present. */
export interface Down {
  readonly since: Instant
  readonly why: string
  readonly nextProbe: Instant
}

export interface Breaker {
  /** `work` reports what its last answer showed, if one came. Throws a passing `WorldFault` while the door is shut. */
  run<T>(operation: string, work: (report: (health: Health) => void) => Promise<T>): Promise<T>
  /** Null: calls go through. */
  down(): Down | null
}

export interface BreakerOptions {
  readonly clock: Clock
  readonly log: Log
  readonly installation: InstallationId
  readonly onOpened: () => void
  readonly onRefused: () => void
}

// Judgements. One failure may be chance, and a burst of reads that fail together is one; five in a row are not.
const FAILURES = 5
const FIRST_WAIT = 5_000
const LONGEST_WAIT = 120_000
/** Refused credentials are mended by people: at most one look a minute (F9). */
const CREDENTIALS_WAIT = 60_000
/** How long a call waits that came while the probe was under way. */
const PROBE_TAKES = 5_000

interface Shut {
  readonly kind: Exclude<Health['kind'], 'well'>
  readonly since: Instant
  readonly why: string
  readonly wait: number
  /** Monotonic. */
  readonly probeAt: number
}

export function createBreaker(options: BreakerOptions): Breaker {
  const { clock, log, installation } = options
  let failures = 0
  let shut: Shut | null = null
  let probing = false

  async function run<T>(
    operation: string,
    work: (report: (health: Health) => void) => Promise<T>,
  ): Promise<T> {
    const probe = shut !== null
    if (shut !== null) {
      if (probing || clock.monotonic() < shut.probeAt) throw refuse(shut, operation)
      probing = true
    }
    let seen: Health | null = null
    try {
      return await work((health) => {
        seen = health
      })
    } finally {
      if (probe) probing = false
      if (seen !== null) learn(seen, probe)
    }
  }

  function learn(health: Health, probe: boolean): void {
    // What was under way when the door shut says nothing about now.
    if (shut !== null && !probe) return
    if (health.kind === 'well') {
      failures = 0
      if (shut !== null)
        log.info({ installation, since: shut.since }, 'GitHub answers for this installation again')
      shut = null
      return
    }
    failures += 1
    if (shut === null && health.kind === 'outage' && failures < FAILURES) return
    const wait = nextWait(shut, health)
    const since = shut?.since ?? clock.now()
    const opened = shut === null
    shut = { ...health, since, wait, probeAt: clock.monotonic() + wait }
    if (!opened) return
    options.onOpened()
    log.warn(
      { installation, why: health.why, nextProbe: wallClock(shut.probeAt) },
      'nothing is asked of GitHub for this installation until it answers a probe',
    )
  }

  function refuse(now: Shut, operation: string): WorldFault {
    options.onRefused()
    const nextProbe = wallClock(now.probeAt)
    const retryAt = probing ? later(clock.now(), PROBE_TAKES) : nextProbe
    return new WorldFault(
      `GitHub has been out of reach for this installation since ${time(now.since)} (${now.why}); it is asked again at ${time(retryAt)}, and ${operation} waits for that.`,
      { kind: 'transient', applied: 'no', operation, retryAt },
    )
  }

  const wallClock = (monotonic: number): Instant =>
    instant(Math.ceil(clock.now() + (monotonic - clock.monotonic())))

  return {
    run,
    down: () =>
      shut === null
        ? null
        : { since: shut.since, why: shut.why, nextProbe: wallClock(shut.probeAt) },
  }
}

function nextWait(shut: Shut | null, health: Health): number {
  if (health.kind === 'credentials') return CREDENTIALS_WAIT
  return shut?.kind === 'outage' ? Math.min(shut.wait * 2, LONGEST_WAIT) : FIRST_WAIT
}

/** Such as `2026-03-01 12:00:00 UTC`. */
const time = (at: Instant): string =>
  `${new Date(at).toISOString().slice(0, 19).replace('T', ' ')} UTC`
