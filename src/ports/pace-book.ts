/**
 * What each installation has spent of GitHub's limits and whose turn it is to write: one document per installation,
 * shared by all processes on one store and kept over restarts. All moments in it are the book's own time.
 */
import type { InstallationId, Instant } from '../domain/ids.ts'
import type { Lane } from './tracker.ts'

export interface PaceBook {
  /** Other processes may write in it at the same time. */
  readonly shared: boolean
  /** Version 0 and no state: nothing was written yet. Throws `WorldFault` when the store does not answer. */
  load(installation: InstallationId): Promise<PaceEntry>
  /** The book's time when it was written; null: somebody was faster, nothing was written. */
  compareAndSet(
    installation: InstallationId,
    version: number,
    state: PaceState,
  ): Promise<Instant | null>
  /** Calls back, as a hint, with what others wrote (it may be our own); null: something may have been missed. Returns how to stop. */
  onChanged(heard: (change: PaceChange | null) => void): () => void
}

export interface PaceEntry {
  readonly version: number
  readonly state: PaceState | null
  /** The book's time: the database's clock where processes share it. */
  readonly now: Instant
}

export interface PaceChange {
  readonly installation: InstallationId
  readonly version: number
}

export interface PaceState {
  readonly account: Account
  readonly turns: Turns
}

/** What was spent. Moments are milliseconds of whichever one clock its owner measures by. */
export interface Account {
  readonly spent: readonly Spent[]
  readonly creations: readonly Created[]
  readonly primary: Readonly<Record<Resource, Primary | null>>
  /** Nothing at all goes before this moment. */
  readonly blockedUntil: number
  /** Refusals in a row, for the exponential wait. */
  readonly strikes: number
}

/** GitHub counts REST and GraphQL apart. */
export type Resource = 'core' | 'graphql'

/** What went within a few seconds; `at` is the last of it. */
export interface Spent {
  readonly at: number
  readonly points: number
  readonly resource: Resource
}

export interface Created {
  readonly at: number
  readonly count: number
  readonly lane: Lane
}

/** The hour's budget, as the last answer told it. */
export interface Primary {
  readonly limit: number
  readonly remaining: number
  readonly resetAt: number
}

/** Who writes: one at a time, among all processes. */
export interface Turns {
  /** No write before this moment. */
  readonly nextAt: number
  /** Writes now, or died at it; void after `until`. */
  readonly holder: { readonly by: string; readonly until: number } | null
  /** Processes that found somebody else writing, so that the better lane goes first among all of them. */
  readonly wants: readonly Want[]
  /** Writes in a row that overtook somebody in a lower lane. */
  readonly streak: number
}

export interface Waiter {
  readonly by: string
  readonly lane: Lane
  readonly since: number
}

/** Void after `until`: a process that died wants nothing. */
export interface Want extends Waiter {
  readonly until: number
}
