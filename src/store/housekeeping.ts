/**
 * What a PostgreSQL server does by itself in the background and the embedded one does not: checkpoints,
 * without which its log grows for ever and each start after a crash replays all of it, and vacuum.
 */
import type { PGlite } from '@electric-sql/pglite'
import type { Clock } from '../ports/clock.ts'
import type { Log } from '../ports/log.ts'

/** One segment of PostgreSQL's log: about 100 ms of recovery after a crash, and some 10,000 facts. */
const DUE_BYTES = 16 * 1024 * 1024
/** Milliseconds between two looks; a look costs one query. */
const EVERY = 60_000

/** Tidies up when enough was written since the last time. Returns whether it was due. */
export async function tidy(pglite: PGlite): Promise<boolean> {
  const { rows } = await pglite.query<{ written: string }>(
    `select pg_wal_lsn_diff(pg_current_wal_lsn(), redo_lsn) as written from pg_control_checkpoint()`,
  )
  if (Number(rows[0]?.written) < DUE_BYTES) return false
  const tables = await pglite.query<{ name: string }>(
    `select format('%I.%I', schemaname, relname) as name from pg_stat_user_tables`,
  )
  // Table by table: each statement keeps the whole process waiting, so each should be short.
  for (const { name } of tables.rows) await pglite.exec(`vacuum (analyze) ${name}`)
  await pglite.exec('checkpoint')
  return true
}

/** Looks each minute until stopped. */
export function startHousekeeping(pglite: PGlite, clock: Clock, log: Log): () => Promise<void> {
  const stopping = new AbortController()
  async function run(): Promise<void> {
    for (;;) {
      await clock.sleep(EVERY, stopping.signal)
      if (stopping.signal.aborted) return
      try {
        await tidy(pglite)
      } catch (error) {
        log.warn({ err: error }, 'the store could not be tidied up; tried again in a minute')
      }
    }
  }
  const running = run()
  return async () => {
    stopping.abort()
    await running
  }
}
