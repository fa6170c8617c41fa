/** Keeps a creation from going out when another process may have repeated it meanwhile: this one was stopped, or slept. */
import { isOver } from '../domain/deadline.ts'
import type { Deadline } from '../domain/deadline.ts'
import type { Clock } from '../ports/clock.ts'
import { WorldFault } from '../ports/fault.ts'

/** Rides in Octokit's own options of a request. Throws `WorldFault`: nothing was sent, and it is looked for at the next try. */
export function checkTimely(deadline: Deadline | undefined, operation: string, clock: Clock): void {
  if (deadline === undefined || !isOver(deadline, clock)) return
  throw new WorldFault(
    `This machine stood still before ${operation} went out, so it is looked for before it is tried again.`,
    { kind: 'transient', applied: 'no', operation },
  )
}
