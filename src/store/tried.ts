/**
 * When something was tried, kept by the database's clock and told by this process's monotonic one: processes disagree
 * about the time, and a wall clock may be put right by a day between the try and the question how long ago it was.
 */
import { steady } from '../domain/ids.ts'
import type { Steady } from '../domain/ids.ts'
import type { Clock } from '../ports/clock.ts'
import { sql } from './drizzle.ts'
import type { act, projection } from './schema.ts'

export const triedNow = sql`now()`

/** For the database. */
export const triedFrom = (at: Steady | null, clock: Clock) =>
  at === null
    ? null
    : sql`now() - ${Math.max(0, clock.monotonic() - at)} * interval '1 millisecond'`

/** Milliseconds since then; to be read by `triedAt`. */
export const triedAgo = (column: typeof act.triedAt | typeof projection.triedAt) =>
  sql<string | null>`extract(epoch from now() - ${column}) * 1000`

/** Longer ago than that. Milliseconds. */
export const triedBefore = (column: typeof projection.triedAt, milliseconds: number) =>
  sql`${column} <= now() - ${milliseconds} * interval '1 millisecond'`

export const triedAt = (ago: string | null, clock: Clock): Steady | null =>
  ago === null ? null : steady(clock.monotonic() - Number(ago))
