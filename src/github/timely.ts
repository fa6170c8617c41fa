/** Keeps a write from going out when another process may have taken it over meanwhile: this one was stopped, or slept. */
import { isOver } from '../domain/deadline.ts'
import type { Deadline } from '../domain/deadline.ts'
import type { Clock } from '../ports/clock.ts'
import { WorldFault } from '../ports/fault.ts'

/** Throws `WorldFault`: nothing was sent, and what there is by now is looked for at the next try. */
export function checkTimely(deadline: Deadline, operation: string, clock: Clock): void {
  if (!isOver(deadline, clock)) return
  throw new WorldFault(
    `This machine stood still before ${operation} went out, so it is looked for before it is tried again.`,
    { kind: 'transient', applied: 'no', operation },
  )
}
