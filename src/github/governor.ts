/**
 * One per installation: lets requests through as fast as GitHub allows and no faster. Reads run side by side and never
 * wait for writes; writes run one at a time among all processes of the same book, people's first, then acts, then
 * projections. What was spent is in the book before a write is sent, so a crash forgets nothing.
 */
import type { InstallationId, Instant } from '../domain/ids.ts'
import type { Clock } from '../ports/clock.ts'
import { WorldFault } from '../ports/fault.ts'
import type { PaceBook, Resource } from '../ports/pace-book.ts'
import { createLimits } from './limits.ts'
import type { Ask, Verdict, Wait } from './pace.ts'
import { createReads } from './reads.ts'
import { ignoreWorld, openSharedAccount } from './shared-account.ts'
import type { Headers } from './told.ts'
import { createWrites } from './writes.ts'

export interface GovernorOptions {
  readonly clock: Clock
  readonly book: PaceBook
  readonly installation: InstallationId
  /** Names this life of this process in the book; no other has the same. */
  readonly instance: string
  /** At least this long between one write's answer and the next write. GitHub asks for 1,000. */
  readonly paceMilliseconds: number
  readonly onHeldBack: () => void
}

export interface Governor {
  /**
   * Sends one request, by `send`, when it may go; it counts from then, whatever comes of it. `answered` or `refused` is
   * to be called before `send` ends. Throws `WorldFault` of kind `rate-limited` when it would have to wait long, and of
   * kind `transient` when the book cannot be written.
   */
  run<T>(ask: Ask, operation: string, send: () => Promise<T>): Promise<T>
  answered(resource: Resource, headers: Headers): void
  /** Resolves with when to try again, as soon as other processes and later lives can know it too. */
  refused(resource: Resource, headers: Headers, limit: 'primary' | 'secondary'): Promise<Instant>
  /** Hears no more of other processes. */
  close(): void
}

/**
 * A minute of tries: GitHub seldom tells to wait for longer. The first come soon, each twice as long after the one
 * before: until then the others still send, and most often a store that did not answer answers the next time.
 * Milliseconds; judgements.
 */
const SPREAD_AGAIN = { first: 50, most: 1_000 }
const SPREAD_FOR = 60_000
/** Sat out: up to here. A longer wait is handed back, to be deferred by who keeps the queue. Milliseconds. */
const PATIENCE = 5_000

export function createGovernor(options: GovernorOptions): Governor {
  const { clock, book } = options
  const shared = openSharedAccount({
    ...options,
    onNews: () => {
      // Ahead of the next read, which asks nothing of the store.
      void shared.refresh().catch(ignoreWorld)
      writes.wake()
    },
  })
  const limits = createLimits({ clock, shared })

  function heldBack(verdict: Verdict & { kind: 'wait' }, operation: string): WorldFault {
    options.onHeldBack()
    const retryAt = limits.wallClock(verdict.until)
    return new WorldFault(`${REASON[verdict.why]}, so ${operation} waits.`, {
      kind: 'rate-limited',
      applied: 'no',
      operation,
      retryAt,
    })
  }

  async function spread(): Promise<boolean> {
    try {
      await shared.flush()
      return true
    } catch (error) {
      ignoreWorld(error)
      return false
    }
  }

  async function spreadLater(): Promise<void> {
    const until = clock.monotonic() + SPREAD_FOR
    for (let wait = SPREAD_AGAIN.first; clock.monotonic() < until; wait *= 2) {
      await clock.sleep(Math.min(wait, SPREAD_AGAIN.most))
      if (await spread()) return
    }
  }

  const isLong = (until: number): boolean => until - clock.monotonic() > PATIENCE
  const shares = { clock, shared, limits, isLong, heldBack }
  const reads = createReads({ ...shares, manyProcesses: book.shared })
  const writes = createWrites({ ...shares, ...options })

  return {
    run: (ask, operation, send) =>
      (ask.effect === 'read' ? reads : writes).run(ask, operation, send),
    answered: (resource, headers) => limits.answered(resource, headers),
    async refused(resource, headers, limit) {
      const retryAt = limits.refused(resource, headers, limit)
      // Where the store is away, this process at least knows; the others hear of it as soon as it is back.
      if (!(await spread())) void spreadLater()
      return retryAt
    },
    close: () => shared.close(),
  }
}

const REASON: Readonly<Record<Wait, string>> = {
  told: 'GitHub told us to wait',
  points: "GitHub's points for this minute are used up",
  creations: "GitHub's limit on new content is reached",
  budget: "GitHub's budget for this hour is used up",
  queue: 'Other writes to GitHub go first',
}
