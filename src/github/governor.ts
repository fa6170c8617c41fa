/**
 * One per installation: lets requests through as fast as GitHub allows and no faster. Reads run side by
 * side and never wait for writes; writes run one at a time, people's first, then acts, then projections.
 */
import { instant, type Instant } from '../domain/ids.ts'
import type { Clock } from '../ports/clock.ts'
import { WorldFault } from '../ports/fault.ts'
import type { Lane } from '../ports/tracker.ts'
import * as pace from './pace.ts'

export interface GovernorOptions {
  readonly clock: Clock
  /** At least this long between one write's answer and the next write. GitHub asks for 1,000. */
  readonly paceMilliseconds: number
  readonly onHeldBack: () => void
}

export interface Governor {
  /** Runs `perform` when it may. Throws `WorldFault` of kind `rate-limited` when that would take too long. */
  run<T>(ask: pace.Ask, operation: string, perform: () => Promise<T>): Promise<T>
  /** A request goes out (again). */
  sent(ask: pace.Ask): void
  answered(resource: pace.Resource, headers: Headers): void
  /** Returns when to try again. */
  refused(resource: pace.Resource, headers: Headers, limit: 'primary' | 'secondary'): Instant
}

type Headers = Readonly<Record<string, string | number | undefined>>

interface Waiting {
  readonly ask: pace.Ask
  readonly operation: string
  /** Runs the write; settles when its answer came, whatever it was. */
  readonly perform: () => Promise<void>
  readonly refuse: (error: WorldFault) => void
}

// A wait up to here is sat out; a longer one is handed back, to be deferred by who keeps the queue.
const PATIENCE = 5_000
const READS_AT_ONCE = 20
const LANES: readonly Lane[] = ['people', 'act', 'projection']
// `x-ratelimit-reset` is in whole seconds.
const ROUNDING = 1_000

export function createGovernor(options: GovernorOptions): Governor {
  const { clock, paceMilliseconds } = options
  let state = pace.FRESH
  let readsFree = READS_AT_ONCE
  const readers: (() => void)[] = []
  const writers: Readonly<Record<Lane, Waiting[]>> = { people: [], act: [], projection: [] }
  let writing = false

  async function run<T>(ask: pace.Ask, operation: string, perform: () => Promise<T>): Promise<T> {
    return ask.effect === 'read'
      ? await read(ask, operation, perform)
      : await new Promise<T>((resolve, reject) => {
          const write = () => perform().then(resolve, reject)
          writers[ask.lane].push({ ask, operation, perform: write, refuse: reject })
          if (!writing) void writeAll()
        })
  }

  async function read<T>(ask: pace.Ask, operation: string, perform: () => Promise<T>) {
    if (readsFree > 0) readsFree -= 1
    else await new Promise<void>((resolve) => readers.push(resolve))
    try {
      for (;;) {
        const verdict = pace.decide(state, ask, clock.monotonic(), paceMilliseconds)
        if (verdict.kind === 'go') return await perform()
        if (isLong(verdict)) throw heldBack(verdict, operation)
        await clock.sleep(verdict.until - clock.monotonic())
      }
    } finally {
      const next = readers.shift()
      if (next === undefined) readsFree += 1
      else next()
    }
  }

  /** Never rejects: each failure goes to the one who asked. Who is next is decided after each wait, so that a person's write overtakes. */
  async function writeAll(): Promise<void> {
    writing = true
    for (let lane = nextLane(); lane !== undefined; lane = nextLane()) {
      const first = writers[lane][0]
      if (first === undefined) continue
      const verdict = pace.decide(state, first.ask, clock.monotonic(), paceMilliseconds)
      if (verdict.kind === 'wait' && !isLong(verdict)) {
        await clock.sleep(verdict.until - clock.monotonic())
        continue
      }
      writers[lane].shift()
      if (verdict.kind === 'wait') {
        first.refuse(heldBack(verdict, first.operation))
        continue
      }
      await first.perform()
      state = pace.wrote(state, clock.monotonic())
    }
    writing = false
  }

  const nextLane = (): Lane | undefined => LANES.find((lane) => writers[lane].length > 0)

  const isLong = (verdict: pace.Verdict): boolean =>
    verdict.kind === 'wait' &&
    verdict.why !== 'pace' &&
    verdict.until - clock.monotonic() > PATIENCE

  function heldBack(verdict: pace.Verdict & { kind: 'wait' }, operation: string): WorldFault {
    options.onHeldBack()
    const retryAt = wallClock(verdict.until)
    return new WorldFault(`${REASON[verdict.why]}, so ${operation} waits.`, {
      kind: 'rate-limited',
      applied: 'no',
      operation,
      retryAt,
    })
  }

  const wallClock = (monotonic: number): Instant =>
    instant(Math.ceil(clock.now() + (monotonic - clock.monotonic())))

  return {
    run,
    sent(ask) {
      state = pace.sent(state, ask, clock.monotonic())
    },
    answered(resource, headers) {
      const resetAt = resetOf(headers)
      const [limit, remaining] = [
        number(headers['x-ratelimit-limit']),
        number(headers['x-ratelimit-remaining']),
      ]
      const known = resetAt !== null && limit !== null && remaining !== null
      const primary = known ? { limit, remaining, resetAt } : null
      state = pace.answered(state, resource, primary, clock.monotonic())
    },
    refused(resource, headers, limit) {
      const seconds = number(headers['retry-after'])
      const resetAt = limit === 'primary' ? resetOf(headers) : null
      const retryAfter = seconds === null ? null : seconds * 1_000
      state = pace.refused(state, { resource, retryAfter, resetAt }, clock.monotonic())
      return wallClock(Math.max(state.blockedUntil, retryAfter === null ? (resetAt ?? 0) : 0))
    },
  }

  /** The wall clock's reset as a monotonic moment; between now and an hour from now, whatever the clocks say. */
  function resetOf(headers: Headers): number | null {
    const seconds = number(headers['x-ratelimit-reset'])
    if (seconds === null) return null
    const wait = seconds * 1_000 - clock.now() + ROUNDING
    return clock.monotonic() + Math.min(Math.max(wait, 0), 3_600_000)
  }
}

const REASON: Readonly<Record<pace.Wait, string>> = {
  pace: 'Writes to GitHub are paced',
  told: 'GitHub told us to wait',
  points: "GitHub's points for this minute are used up",
  creations: "GitHub's limit on new content is reached",
  budget: "GitHub's budget for this hour is used up",
}

function number(header: string | number | undefined): number | null {
  if (header === undefined || header === '') return null
  const value = Number(header)
  return Number.isFinite(value) && value >= 0 ? value : null
}
