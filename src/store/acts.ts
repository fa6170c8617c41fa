/** The acts' rows: begun, settled, deferred. Performing them is `perform`. */
import type { Clock } from '../ports/clock.ts'
import type { Acts, ActRow, NewFact } from '../ports/store.ts'
import { compareAndSet, lose, transact } from './database.ts'
import { and, asc, eq, getTableColumns, sql } from './drizzle.ts'
import { insertFacts } from './inbox.ts'
import type { Parts } from './parts.ts'
import { act } from './schema.ts'
import { triedAgo, triedAt, triedFrom, triedNow } from './tried.ts'

export type ActRows = Pick<Acts, 'begin' | 'settle' | 'defer' | 'open'>

export function openActs(parts: Parts): ActRows {
  const { db, queue, pokes, clock } = parts
  return {
    async begin(key) {
      const tried = db
        .select({ key: act.key, ago: triedAgo(act.triedAt).as('ago') })
        .from(act)
        .where(eq(act.key, key))
        .as('former')
      const [row] = await db
        .update(act)
        .set({ tries: sql`${act.tries} + 1`, triedAt: triedNow })
        .from(tried)
        .where(and(eq(act.key, tried.key), eq(act.key, key), eq(act.status, 'open')))
        .returning({ ...getTableColumns(act), ago: tried.ago })
      return row === undefined ? null : toAct(row, clock)
    },

    async settle(key, { status, remoteId, fact }) {
      const fresh = await transact(db, async (tx) => {
        const [row] = await tx.select().from(act).where(eq(act.key, key)).for('update')
        if (row === undefined) throw new Error(`there is no act ${key} to settle`)
        if (row.status === 'done' || row.status === 'failed') return []
        // Called off or wanted anew meanwhile: the effect is recorded, the newer intent stands.
        const stale = row.status === 'called-off' || epochOf(fact, row.epoch) !== row.epoch
        await tx
          .update(act)
          .set({ status: stale ? row.status : status, remoteId: remoteId ?? row.remoteId })
          .where(eq(act.key, key))
        if (fact === null) return []
        const aggregates = await insertFacts(tx, [fact], parts)
        await parts.announce?.(tx, 'inbox', aggregates)
        return aggregates
      })
      pokes.fire('inbox', fresh)
    },

    async defer(key, at, tried) {
      const deferred = await compareAndSet(db, async (tx) => {
        const [jobId] = await queue.enqueue(tx, [{ key, at }])
        const rows = await tx
          .update(act)
          .set({
            notBefore: at,
            triedAt: triedFrom(tried, clock),
            ...(jobId === undefined ? {} : { jobId }),
          })
          .where(and(eq(act.key, key), eq(act.status, 'open')))
          .returning({ key: act.key })
        if (rows.length === 0) lose()
      })
      if (deferred && at <= clock.now()) pokes.fire('act', [null])
    },

    async open(task) {
      const rows = await db
        .select({ ...getTableColumns(act), ago: triedAgo(act.triedAt) })
        .from(act)
        .where(and(eq(act.task, task), eq(act.status, 'open')))
        .orderBy(asc(act.intendedAt), asc(act.key))
      return rows.map((row) => toAct(row, clock))
    },
  }
}

/** The epoch that an outcome speaks of. */
function epochOf(fact: NewFact | null, otherwise: number): number {
  const about = fact?.fact
  return about?.kind === 'act-done' || about?.kind === 'act-failed' ? about.epoch : otherwise
}

function toAct(
  row: typeof act.$inferSelect & { readonly ago: string | null },
  clock: Clock,
): ActRow {
  const { key, task, epoch, detail, status, tries, notBefore, intendedAt, ago } = row
  const tried = triedAt(ago, clock)
  return { key, task, epoch, detail, status, tries, notBefore, intendedAt, triedAt: tried }
}
