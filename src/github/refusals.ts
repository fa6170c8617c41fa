/**
 * Remembers for a moment that a call was refused for want of a permission: only people can mend that, and until they
 * do each place that calls asks GitHub at most twice a minute (F9).
 */
import type { Clock } from '../ports/clock.ts'
import { WorldFault } from '../ports/fault.ts'

export interface Refusals {
  /** Throws the fault that the same call ended with moments ago. */
  check(call: string): void
  remember(call: string, error: unknown): void
}

const HOLDS = 30_000
const MOST = 1_000

export function createRefusals(clock: Clock): Refusals {
  const known = new Map<string, { readonly fault: WorldFault; readonly until: number }>()
  return {
    check(call) {
      const held = known.get(call)
      if (held === undefined) return
      if (clock.monotonic() < held.until) throw held.fault
      known.delete(call)
    },
    remember(call, error) {
      if (!(error instanceof WorldFault) || !isLasting(error)) return
      const [oldest] = known.keys()
      if (known.size >= MOST && oldest !== undefined) known.delete(oldest)
      known.set(call, { fault: error, until: clock.monotonic() + HOLDS })
    },
  }
}

/** Says something of the credentials, not of the thing that was asked for. */
const isLasting = ({ kind, message, status }: WorldFault): boolean =>
  (kind === 'forbidden' && /not accessible by integration|does not grant/i.test(message)) ||
  (kind === 'gone' && status === 422)
