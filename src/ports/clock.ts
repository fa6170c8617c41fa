import type { Instant } from '../domain/ids.ts'

export interface Clock {
  /** Wall clock, for deadlines that outlive the process. */
  now(): Instant
  /** Milliseconds that only go forward, for watchdogs; compare only with itself. */
  monotonic(): number
  /** Resolves after that many milliseconds, or at once (without error) when the signal aborts. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>
}
