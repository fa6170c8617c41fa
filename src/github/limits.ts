/**
 * GitHub's limits for one installation as this process heeds them: by its own account, whose clock nobody can set, and
 * by the book that all processes share. A request goes only when both let it.
 */
import { instant, type Instant } from '../domain/ids.ts'
import type { Clock } from '../ports/clock.ts'
import type { Account, Primary, Resource } from '../ports/pace-book.ts'
import * as pace from './pace.ts'
import { onAccount, type SharedAccount } from './shared-account.ts'
import { readTold, type Headers } from './told.ts'

export interface Limits {
  /** Moments are monotonic. `shared`: the book's newest account, or null to ask by what is known of it. */
  decide(ask: pace.Ask, shared: Account | null): pace.Verdict
  /** Goes out now. Its place in the book is the caller's to write. */
  sent(ask: pace.Ask): void
  /** Reads are noted, to be written in the book by the dozen. */
  sentRead(ask: pace.Ask): void
  answered(resource: Resource, headers: Headers): void
  /** Returns when to try again. */
  refused(resource: Resource, headers: Headers, limit: 'primary' | 'secondary'): Instant
  wallClock(monotonic: number): Instant
}

// Points a minute that other processes may have spent unknown to the book: `MOST_UNWRITTEN` each, for five of them.
const MARGIN = 150

export function createLimits({
  clock,
  shared,
}: {
  readonly clock: Clock
  readonly shared: SharedAccount
}): Limits {
  let own = pace.FRESH

  function decide(ask: pace.Ask, newest: Account | null): pace.Verdict {
    const mine = pace.decide(own, ask, { now: clock.monotonic(), margin: 0 })
    const page = shared.current()
    if (page === null) return mine
    const account = newest ?? page.state.account
    const ours = pace.decide(account, ask, { now: page.now, margin: MARGIN })
    if (ours.kind === 'go') return mine
    const until = shared.monotonicOf(ours.until)
    return mine.kind === 'wait' && mine.until >= until ? mine : { ...ours, until }
  }

  /** In both accounts, each by its own clock. */
  function both(reads: number, change: (account: Account, at: number) => Account): void {
    const at = clock.monotonic()
    own = change(own, at)
    shared.note({ reads, at, apply: onAccount(change) })
  }

  const wallClock = (monotonic: number): Instant =>
    instant(Math.ceil(clock.now() + (monotonic - clock.monotonic())))

  return {
    decide,
    sent(ask) {
      own = pace.sent(own, ask, clock.monotonic())
    },
    sentRead: (ask) => both(1, (account, at) => pace.sent(account, ask, at)),
    answered(resource, headers) {
      const { budget, resetIn } = readTold(headers, clock)
      both(0, (account, at) => {
        const told: Primary | null =
          budget === null || resetIn === null ? null : { ...budget, resetAt: at + resetIn }
        return pace.answered(account, resource, told, at)
      })
    },
    refused(resource, headers, limit) {
      const { retryAfter, resetIn } = readTold(headers, clock)
      both(0, (account, at) => {
        const resetAt = limit === 'primary' && resetIn !== null ? at + resetIn : null
        return pace.refused(account, { resource, retryAfter, resetAt }, at)
      })
      const now = clock.monotonic()
      const again = pace.decide(own, { effect: 'read', resource, lane: 'act' }, { now, margin: 0 })
      return wallClock(again.kind === 'wait' ? again.until : now)
    },
    wallClock,
  }
}
