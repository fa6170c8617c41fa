/**
 * Deletes what nobody will ask for again. Facts that were dealt with stay for as long as GitHub could deliver them
 * again (T38); after that, handling is by state, so an older replay is harmless. Acts stay: their keys are the memory
 * of what was done once.
 */
import type { Clock } from '../ports/clock.ts'
import type { Log } from '../ports/log.ts'
import { later } from '../domain/ids.ts'
import { TERMINAL } from '../domain/task.ts'
import type { Db } from './database.ts'
import { and, eq, inArray, lt } from './drizzle.ts'
import { bundle, inbox, task } from './schema.ts'

const DAY = 86_400_000
/** A judgement above T38's: GitHub itself delivers again for three days only. */
export const KEEP_FACTS = 90 * DAY
/** Work of tasks that have ended without it; a person may still want to look at it. A judgement. */
export const KEEP_WORK = 30 * DAY
/** Rows in one statement: some 10 ms of the embedded store, during which it does nothing else. */
const BATCH = 500
/** Milliseconds between two rounds; an hour's facts are few. */
const EVERY = 3_600_000

/** Returns how many rows went. */
export async function prune(db: Db, clock: Clock): Promise<number> {
  const now = clock.now()
  let gone = 0
  for (;;) {
    const old = db
      .select({ seq: inbox.seq })
      .from(inbox)
      .where(lt(inbox.consumedAt, later(now, -KEEP_FACTS)))
      .limit(BATCH)
    const rows = await db.delete(inbox).where(inArray(inbox.seq, old)).returning({ seq: inbox.seq })
    gone += rows.length
    if (rows.length < BATCH) break
  }
  const ended = db
    .select({ attempt: bundle.attempt })
    .from(bundle)
    .innerJoin(task, eq(task.id, bundle.task))
    .where(and(inArray(task.state, [...TERMINAL]), lt(bundle.storedAt, later(now, -KEEP_WORK))))
  const bundles = await db
    .delete(bundle)
    .where(inArray(bundle.attempt, ended))
    .returning({ attempt: bundle.attempt })
  return gone + bundles.length
}

/** At start and each hour until stopped. */
export function startPruning(db: Db, clock: Clock, log: Log): () => Promise<void> {
  const stopping = new AbortController()
  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      try {
        await prune(db, clock)
      } catch (error) {
        log.warn({ err: error }, 'old facts could not be deleted; tried again in an hour')
      }
      await clock.sleep(EVERY, stopping.signal)
    }
  }
  const running = run()
  return async () => {
    stopping.abort()
    await running
  }
}
