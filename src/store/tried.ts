/**
 * When something was tried, kept by the database's clock and told by ours: processes disagree about the time, and the
 * clock of one that died may have been wrong.
 */
import { instant } from '../domain/ids.ts'
import type { Instant } from '../domain/ids.ts'
import type { Clock } from '../ports/clock.ts'
import { sql } from './drizzle.ts'
import type { act, projection } from './schema.ts'

export const triedNow = sql`now()`

/** A moment of our clock, for the database. */
export const triedFrom = (at: Instant | null, clock: Clock) =>
  at === null ? null : sql`now() - ${Math.max(0, clock.now() - at)} * interval '1 millisecond'`

/** Milliseconds since then; to be read by `triedAt`. */
export const triedAgo = (column: typeof act.triedAt | typeof projection.triedAt) =>
  sql<string | null>`extract(epoch from now() - ${column}) * 1000`

/** Longer ago than that. Milliseconds. */
export const triedBefore = (column: typeof projection.triedAt, milliseconds: number) =>
  sql`${column} <= now() - ${milliseconds} * interval '1 millisecond'`

export const triedAt = (ago: string | null, clock: Clock): Instant | null =>
  ago === null ? null : instant(Math.floor(clock.now() - Number(ago)))
