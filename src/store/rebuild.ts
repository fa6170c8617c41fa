/** Writes tasks that are known from GitHub alone, into a store that knew nothing. */
import type { Rebuild } from '../ports/store.ts'
import { writeTask } from './commit-task.ts'
import type { Db, Tx } from './database.ts'
import { compareAndSet } from './database.ts'
import type { Parts } from './parts.ts'
import { intendActs } from './intend-acts.ts'
import { touchSurfaces } from './projections.ts'
import { attempt, inbox, repository, snapshot, task } from './schema.ts'
import { snapshotHash } from '../domain/snapshot.ts'

export function openRebuild(parts: Parts): Rebuild {
  const { db } = parts
  return {
    isEmpty: () => isUnused(db),

    async restore(rebuilt) {
      const restored = await compareAndSet(db, async (tx) => {
        const { id, wish } = rebuilt.task
        await writeTask(tx, rebuilt.task, 0, rebuilt.ledger)
        const actor = wish?.by.id ?? null
        if (rebuilt.attempts.length > 0)
          await tx
            .insert(attempt)
            .values(
              rebuilt.attempts.map((one) => ({ ...one, actor, usage: one.report?.usage ?? null })),
            )
        if (rebuilt.snapshot !== null) {
          const row = { hash: snapshotHash(rebuilt.snapshot), snapshot: rebuilt.snapshot }
          await tx.insert(snapshot).values(row).onConflictDoNothing()
        }
        await intendActs(tx, rebuilt.acts, parts)
        await touchSurfaces(tx, { task: id, surfaces: rebuilt.surfaces }, parts)
      })
      if (restored) parts.pokes.fire('act', [rebuilt.task.id])
      return restored
    },
  }
}

/** No repository, no task and no fact has ever been written. */
export async function isUnused(db: Db | Tx): Promise<boolean> {
  for (const table of [repository, task, inbox]) {
    const rows = await db.select().from(table).limit(1)
    if (rows.length > 0) return false
  }
  return true
}
