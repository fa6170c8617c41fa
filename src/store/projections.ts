/** Which surfaces are out of date, and what was last written on each. A generation counts wishes; only the newest is written. */
import { LONGEST_REST } from '../domain/backoff.ts'
import { SETTLE } from '../domain/deadline.ts'
import { later } from '../domain/ids.ts'
import type { TaskId } from '../domain/ids.ts'
import type { Surface } from '../domain/projection.ts'
import type { Clock } from '../ports/clock.ts'
import type { ProjectionRow, Projections } from '../ports/store.ts'
import type { Db, Tx } from './database.ts'
import { and, asc, eq, getTableColumns, gt, isNull, lte, or, sql } from './drizzle.ts'
import type { Parts } from './parts.ts'
import { projection } from './schema.ts'
import { triedAgo, triedAt, triedBefore, triedFrom, triedNow } from './tried.ts'

/** Marks surfaces as out of date. One that already was keeps its place in the line. */
export async function touchSurfaces(
  tx: Db | Tx,
  touched: { readonly task: TaskId; readonly surfaces: readonly Surface[] },
  { clock }: Pick<Parts, 'clock'>,
): Promise<void> {
  const surfaces = [...new Set(touched.surfaces)]
  if (surfaces.length === 0) return
  const staleSince = clock.now()
  await tx
    .insert(projection)
    .values(
      surfaces.map((surface) => ({
        task: touched.task,
        surface,
        generation: 1,
        lookedAt: 0,
        staleSince,
      })),
    )
    .onConflictDoUpdate({
      target: [projection.task, projection.surface],
      set: {
        generation: sql`${projection.generation} + 1`,
        staleSince: sql`case when ${projection.generation} > ${projection.lookedAt}
          then ${projection.staleSince} else excluded.stale_since end`,
      },
    })
}

export function openProjections(parts: Parts): Projections {
  const { db, clock } = parts
  const at = (task: TaskId, surface: Surface) =>
    and(eq(projection.task, task), eq(projection.surface, surface))
  return {
    async stale(limit, settle = SETTLE) {
      const rows = await db
        .select({ ...getTableColumns(projection), ago: triedAgo(projection.triedAt) })
        .from(projection)
        .where(
          and(
            or(
              gt(projection.generation, projection.lookedAt),
              triedBefore(projection.triedAt, settle),
            ),
            or(
              isNull(projection.notBefore),
              lte(projection.notBefore, clock.now()),
              gt(projection.notBefore, later(clock.now(), LONGEST_REST)),
            ),
          ),
        )
        .orderBy(asc(projection.staleSince), asc(projection.task), asc(projection.surface))
        .limit(limit)
      return rows.map((row) => toProjection(row, settle, clock))
    },

    async row(task, surface) {
      const [row] = await db
        .select({ ...getTableColumns(projection), ago: triedAgo(projection.triedAt) })
        .from(projection)
        .where(at(task, surface))
      return row === undefined ? null : toProjection(row, SETTLE, clock)
    },

    touch: (task, surfaces) => touchSurfaces(db, { task, surfaces }, parts),

    async intend(task, surface) {
      await db.update(projection).set({ triedAt: triedNow }).where(at(task, surface))
    },

    async done(row, { hash, remoteId, written }) {
      await db
        .update(projection)
        .set({
          lookedAt: row.generation,
          writtenHash: hash,
          remoteId,
          written,
          ...(row.inDoubt ? {} : { triedAt: null }),
          notBefore: null,
          // Still out of date if it was touched meanwhile: then it waits since now.
          staleSince: clock.now(),
        })
        // A slower writer's older look must not undo a newer one.
        .where(and(at(row.task, row.surface), lte(projection.lookedAt, row.generation)))
    },

    async postpone(row, until, tried) {
      await db
        .update(projection)
        .set({ notBefore: until, triedAt: triedFrom(tried, clock) })
        .where(at(row.task, row.surface))
    },
  }
}

function toProjection(
  row: typeof projection.$inferSelect & { readonly ago: string | null },
  settle: number,
  clock: Clock,
): ProjectionRow {
  const { task, surface, generation, writtenHash, remoteId, ago, written } = row
  const tried = triedAt(ago, clock)
  const inDoubt = ago !== null && Number(ago) < settle
  return { task, surface, generation, writtenHash, remoteId, triedAt: tried, inDoubt, written }
}
