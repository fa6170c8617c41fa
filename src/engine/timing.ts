/** How long an attempt's lease holds and how often it is looked at; together they bound how late a lost attempt is taken over. And how long a lost write may take. */
import { SETTLE } from '../domain/deadline.ts'

export interface Timing {
  /** A lease outlives three missed heartbeats, so that a slow disk does not cost an attempt. */
  readonly lease: number
  readonly heartbeat: number
  /** Between two looks for attempts that nobody has, and for leases that ran out. */
  readonly look: number
  /** After that long nothing comes any more of a write to GitHub whose answer was lost (rule: a minute). */
  readonly settle: number
  /** How long a runner counts as alive, and how often it says so. */
  readonly registration: { readonly lease: number; readonly heartbeat: number }
}

/** Milliseconds. A process that dies right after a heartbeat is missed at 12 s and noticed at 14 s: the promise is 20 s. */
export const TIMING: Timing = {
  lease: 12_000,
  heartbeat: 3_000,
  look: 2_000,
  settle: SETTLE,
  registration: { lease: 12_000, heartbeat: 3_000 },
}

/** Nobody else uses an embedded store: its one runner is there whenever the store is, and an idle disk may sleep. */
export const ALONE: Timing['registration'] = {
  lease: 100 * 365 * 86_400_000,
  heartbeat: 86_400_000,
}
