/**
 * The job queue (pg-boss) behind acts: one queue, whose jobs carry only the act's key. The act's row
 * is the intent; a job is a hint that can be lost and is then made again (`reconcile-acts`).
 */
import { randomUUID } from 'node:crypto'
import { sql } from './drizzle.ts'
import { fromDrizzle, PgBoss } from 'pg-boss'
import type { ConstructorOptions } from 'pg-boss'
import type { ActKey } from '../domain/ids.ts'
import type { Log } from '../ports/log.ts'
import type { Tx } from './database.ts'

export const QUEUE = 'act'

export interface ActJob {
  readonly key: ActKey
}

export interface Queue {
  /** Makes one job per act inside the caller's transaction; returns the jobs' ids in the same order. */
  enqueue(tx: Tx, jobs: readonly { key: ActKey; delay: number }[]): Promise<readonly string[]>
  readonly boss: PgBoss
  stop(): Promise<void>
}

const DAY = 86_400
/**
 * A handler that throws is tried again after 5 s, doubled each time up to 5 min (pg-boss takes a
 * random half off). A hundred retries last about eight hours; after that the act, still open, gets a
 * new job at the next reconciliation, so nothing is ever given up silently.
 */
const RETRY = { retryLimit: 100, retryDelay: 5, retryBackoff: true, retryDelayMax: 300 }

export async function openQueue(
  backend: ConstructorOptions,
  heartbeat: { readonly heartbeatSeconds: number } | null,
  log: Log,
): Promise<Queue> {
  const boss = new PgBoss({
    useListenNotify: true,
    schedule: false,
    registerInstance: false,
    monitorVacuum: false,
    warningQueueSize: 10_000,
    // No flows are used: look for them as seldom as pg-boss allows (its default is every 5 s).
    flowIntervalSeconds: DAY,
    // Finished jobs are worth nothing (the act's row says what came of it): swept each hour.
    maintenanceIntervalSeconds: 3600,
    openTelemetry: { enabled: false },
    ...backend,
  })
  boss.on('error', (error) => log.warn({ err: error }, 'the job queue met an error'))
  boss.on('warning', (warning) => log.warn({ warning }, 'the job queue warns'))
  await boss.start()
  const options = {
    ...RETRY,
    ...heartbeat,
    notify: true,
    // Nothing over 60 s runs in a job; one that still runs after 5 min is taken to hang.
    expireInSeconds: 300,
    retentionSeconds: 365 * DAY,
    deleteAfterSeconds: 3600,
  }
  const known = await boss.getQueue(QUEUE)
  if (known === null) await boss.createQueue(QUEUE, options)
  else await boss.updateQueue(QUEUE, options)
  // Fills the queue cache now: filled later, inside a transaction, it would wait for that transaction.
  await boss.insert(QUEUE, [])
  return {
    boss,
    async enqueue(tx, jobs) {
      const rows = jobs.map(({ key, delay }) => ({
        id: randomUUID(),
        data: { key } satisfies ActJob,
        ...(delay > 0 ? { startAfter: delay / 1000 } : {}),
      }))
      if (rows.length > 0) await boss.insert(QUEUE, rows, { db: fromDrizzle(tx, sql) })
      return rows.map((row) => row.id)
    },
    stop: () => boss.stop({ graceful: true, timeout: 30_000, close: true }),
  }
}
