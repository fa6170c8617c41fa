/** Reads: side by side up to a number, never waiting for a write, and for the store only after a while; written in the book by the dozen. */
import type { Clock } from '../ports/clock.ts'
import type { WorldFault } from '../ports/fault.ts'
import type { Limits } from './limits.ts'
import type { Ask, Verdict } from './pace.ts'
import { ignoreWorld, type SharedAccount } from './shared-account.ts'

export interface Shares {
  readonly clock: Clock
  readonly shared: SharedAccount
  readonly limits: Limits
  /** Longer than is sat out. */
  readonly isLong: (until: number) => boolean
  readonly heldBack: (verdict: Verdict & { kind: 'wait' }, operation: string) => WorldFault
}

// GitHub allows 100 at once; of several processes nobody counts the others.
const AT_ONCE = { alone: 20, amongMany: 10 }
// So many reads are told to the book in one commit; so many at most are unknown to it (see `MARGIN` in limits.ts).
const SOON = 15
const MOST_UNWRITTEN = 30

export function createReads(shares: Shares & { readonly manyProcesses: boolean }) {
  const { clock, shared, limits } = shares
  let free = shares.manyProcesses ? AT_ONCE.amongMany : AT_ONCE.alone
  const waiting: (() => void)[] = []
  let writing = false

  async function run<T>(ask: Ask, operation: string, send: () => Promise<T>): Promise<T> {
    if (free > 0) free -= 1
    else await new Promise<void>((resolve) => waiting.push(resolve))
    try {
      await go(ask, operation)
      return await send()
    } finally {
      const next = waiting.shift()
      if (next === undefined) free += 1
      else next()
    }
  }

  /** Counted in the same moment in which it was allowed, or twenty would be allowed together. */
  async function go(ask: Ask, operation: string): Promise<void> {
    for (;;) {
      // The first of a process, because a former life may have been told to wait; and the first after a while where
      // another process may have been.
      if (!shared.isRecent()) {
        shared.doubt()
        await shared.refresh()
      }
      const verdict = limits.decide(ask, null)
      if (verdict.kind === 'wait') {
        if (shares.isLong(verdict.until)) throw shares.heldBack(verdict, operation)
        await clock.sleep(verdict.until - clock.monotonic())
      } else if (shared.unwritten() >= MOST_UNWRITTEN) await shared.flush()
      else {
        limits.sentRead(ask)
        return tellBook()
      }
    }
  }

  function tellBook(): void {
    if (writing || shared.unwritten() < SOON) return
    writing = true
    const written = () => {
      writing = false
    }
    void shared.flush().catch(ignoreWorld).finally(written)
  }

  return { run }
}
