/** Attempts under lease. Leases are written and judged by the database's clock, never by ours: processes disagree about the time. */
import type { Attempt } from '../domain/attempt.ts'
import type { Attempts } from '../ports/store.ts'
import { and, eq, isNull, lt, or, sql } from './drizzle.ts'
import type { Parts } from './parts.ts'
import { attempt } from './schema.ts'

const leaseFor = (milliseconds: number) => sql`now() + ${milliseconds} * interval '1 millisecond'`
const ranOut = lt(attempt.leaseUntil, sql`now()`)

export function openAttempts({ db }: Parts): Attempts {
  return {
    async claim(id, epoch, { runner, milliseconds }) {
      const [row] = await db
        .update(attempt)
        .set({ runner, leaseUntil: leaseFor(milliseconds) })
        .where(
          and(
            eq(attempt.id, id),
            eq(attempt.epoch, epoch),
            isNull(attempt.endedAt),
            or(isNull(attempt.runner), ranOut),
          ),
        )
        .returning()
      return row === undefined ? null : toAttempt(row)
    },

    async beat(id, epoch, { runner, milliseconds, phase, progress }) {
      const [row] = await db
        .update(attempt)
        .set({
          leaseUntil: leaseFor(milliseconds),
          ...(phase === undefined ? {} : { phase }),
          ...(progress === undefined ? {} : { progress }),
        })
        .where(
          and(
            eq(attempt.id, id),
            eq(attempt.epoch, epoch),
            eq(attempt.runner, runner),
            isNull(attempt.endedAt),
          ),
        )
        .returning({ stop: attempt.stop })
      return row === undefined ? { held: false, stop: null } : { held: true, stop: row.stop }
    },

    async orphans(runner) {
      const ours = runner === null ? undefined : eq(attempt.runner, runner)
      const rows = await db
        .select()
        .from(attempt)
        .where(and(isNull(attempt.endedAt), or(ranOut, ours)))
        .orderBy(attempt.startedAt, attempt.id)
      return rows.map(toAttempt)
    },
  }
}

export function toAttempt(row: typeof attempt.$inferSelect): Attempt {
  const { leaseUntil: _lease, actor: _actor, ...rest } = row
  return rest
}
