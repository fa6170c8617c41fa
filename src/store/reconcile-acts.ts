/**
 * No intent is ever stranded: an open act whose job is gone (a crash, retries used up, a lost queue)
 * gets a new one. Run at start and each minute.
 */
import { transact } from './database.ts'
import { and, eq, sql } from './drizzle.ts'
import type { Parts } from './parts.ts'
import { QUEUE } from './queue.ts'
import { act } from './schema.ts'

/**
 * On the embedded store no other process can hold a job, so at start every `active` job is an orphan
 * of our former life. Left alone it would run again only when it expires, minutes later.
 */
export async function dropOrphanedJobs({ db }: Pick<Parts, 'db'>): Promise<void> {
  await db.execute(sql`delete from pgboss.job where name = ${QUEUE} and state = 'active'`)
}

/** Acts per transaction: some 50 ms at most, during which the embedded store does nothing else. */
const BATCH = 100

/** Returns how many acts got a new job. */
export async function reconcileActs(parts: Pick<Parts, 'db' | 'queue'>): Promise<number> {
  // `not in`, because it is hashed whatever the planner knows: `not exists` became a nested loop on
  // tables that were never analysed, 13 s for 6,000 open acts.
  const live = sql`select id from pgboss.job
    where name = ${QUEUE} and state in ('created', 'retry', 'active')`
  const stranded = await parts.db
    .select({ key: act.key, jobId: act.jobId, at: act.notBefore })
    .from(act)
    .where(and(eq(act.status, 'open'), sql`${act.jobId} not in (${live})`))
  for (let from = 0; from < stranded.length; from += BATCH) {
    const batch = stranded.slice(from, from + BATCH)
    await transact(parts.db, async (tx) => {
      const jobs = await parts.queue.enqueue(tx, batch)
      for (const [index, { key, jobId }] of batch.entries()) {
        // Another process may have done the same: the job that lost is dropped when it comes up.
        await tx
          .update(act)
          .set({ jobId: jobs[index] ?? jobId })
          .where(and(eq(act.key, key), eq(act.jobId, jobId), eq(act.status, 'open')))
      }
    })
  }
  return stranded.length
}
