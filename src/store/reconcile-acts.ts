/**
 * No intent is ever stranded: an open act whose job is gone (a crash, retries used up, a lost queue)
 * gets a new one. Run at start and each minute.
 */
import { and, eq, sql } from './drizzle.ts'
import { transact } from './database.ts'
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

/** Returns how many acts got a new job. */
export async function reconcileActs(parts: Pick<Parts, 'db' | 'queue'>): Promise<number> {
  const stranded = await parts.db
    .select({ key: act.key, jobId: act.jobId, notBefore: act.notBefore })
    .from(act)
    .where(
      and(
        eq(act.status, 'open'),
        sql`not exists (select from pgboss.job where job.name = ${QUEUE} and job.id = ${act.jobId}
          and job.state in ('created', 'retry', 'active'))`,
      ),
    )
  for (const { key, jobId, notBefore } of stranded) {
    await transact(parts.db, async (tx) => {
      const [renewed] = await parts.queue.enqueue(tx, [{ key, at: notBefore }])
      if (renewed === undefined) throw new Error(`the queue made no job for act ${key}`)
      // Another process may have done the same: then the job that lost is dropped when it comes up.
      await tx
        .update(act)
        .set({ jobId: renewed })
        .where(and(eq(act.key, key), eq(act.jobId, jobId), eq(act.status, 'open')))
    })
  }
  return stranded.length
}
