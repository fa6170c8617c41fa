/** A moment after which something must not be done any more, by both clocks: one stands still while the machine sleeps, the other may jump. */
import type { Instant } from './ids.ts'
import { later } from './ids.ts'

export interface Deadline {
  readonly wall: Instant
  /** Compare only with the monotonic clock of the same process. */
  readonly monotonic: number
}

interface Clocks {
  now(): Instant
  monotonic(): number
}

export const deadlineIn = (milliseconds: number, clock: Clocks): Deadline => ({
  wall: later(clock.now(), milliseconds),
  monotonic: clock.monotonic() + milliseconds,
})

export const isOver = (deadline: Deadline, clock: Clocks): boolean =>
  clock.now() > deadline.wall || clock.monotonic() > deadline.monotonic

/**
 * How long after what it rests on was read a write may still go out. Far within the minute after which another process
 * may repeat a creation and look at an edit for the last time, and before a lead that was lost could be ours again (two
 * leases of 12 s); a governor's turn takes 5 s at most. Milliseconds.
 */
export const GOES_OUT = 20_000

/** After that long GitHub does, and shows, nothing more of a write whose answer was lost (rule). Milliseconds. */
export const SETTLE = 60_000
