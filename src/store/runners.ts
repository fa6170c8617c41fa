/** The runners that are alive: each keeps its own row by a heartbeat, written and judged by the database's clock. */
import type { Runner } from '../domain/runner.ts'
import type { Runners } from '../ports/store.ts'
import { leaseFor } from './attempts.ts'
import type { Db, Tx } from './database.ts'
import { transact } from './database.ts'
import { and, asc, eq, gt, lt, sql } from './drizzle.ts'
import type { Bare } from './parts.ts'
import { runner } from './schema.ts'

/** A row that nobody renews is of no use to anybody; kept this long for whoever looks what happened. */
const FORGOTTEN = sql`now() - interval '1 day'`
const alive = gt(runner.seenUntil, sql`now()`)

export function openRunners(parts: Bare): Omit<Runners, 'onRunner'> {
  const { db, pokes, announce } = parts

  async function told(id: string, write: (tx: Tx) => Promise<unknown>): Promise<void> {
    await transact(db, async (tx) => {
      await write(tx)
      await announce?.(tx, 'runner', [id])
    })
    pokes.fire('runner', [id])
  }

  return {
    register: ({ id, labels, capacity, version, jail, publicKey }, milliseconds) =>
      told(id, async (tx) => {
        await tx.delete(runner).where(lt(runner.seenUntil, FORGOTTEN))
        const seenUntil = leaseFor(milliseconds)
        const set = { labels: { ...labels, jail }, capacity, version, publicKey, seenUntil }
        await tx
          .insert(runner)
          .values({ name: id, ...set })
          .onConflictDoUpdate({ target: runner.name, set })
      }),

    async keep(id, milliseconds) {
      const rows = await db
        .update(runner)
        .set({ seenUntil: leaseFor(milliseconds) })
        .where(and(eq(runner.name, id), alive))
        .returning({ id: runner.name })
      return rows.length > 0
    },

    retire: (id) => told(id, (tx) => tx.delete(runner).where(eq(runner.name, id))),

    alive: () => readRunners(db),
  }
}

export async function readRunners(db: Db | Tx): Promise<readonly Runner[]> {
  const rows = await db.select().from(runner).where(alive).orderBy(asc(runner.name))
  return rows.map(({ name, labels, capacity, version, publicKey }) => {
    const { jail, ...rest } = labels
    return { id: name, labels: rest, capacity, version, publicKey, jail }
  })
}
