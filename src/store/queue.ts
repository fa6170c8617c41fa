/**
 * The job queue (pg-boss) behind acts: one queue, whose jobs carry only the act's key. The act's row
 * is the intent; a job is a hint that can be lost and is then made again (`reconcile-acts`).
 */
import { randomUUID } from 'node:crypto'
import { createRequire } from 'node:module'
import { fromDrizzle, PgBoss } from 'pg-boss'
import type { ConstructorOptions } from 'pg-boss'
import type { ActKey, Instant } from '../domain/ids.ts'
import type { Clock } from '../ports/clock.ts'
import type { Log } from '../ports/log.ts'
import type { Tx } from './database.ts'
import { sql } from './drizzle.ts'
import { StoreTooNew } from './migrate.ts'

export const QUEUE = 'act'

export interface ActJob {
  readonly key: ActKey
}

export interface NewJob {
  readonly key: ActKey
  /** Not before this moment; null: at once. */
  readonly at: Instant | null
}

export interface Queue {
  /** Makes one job per act inside the caller's transaction; returns the jobs' ids in the same order. */
  enqueue(tx: Tx, jobs: readonly NewJob[]): Promise<readonly string[]>
  /** Calls back with the moment of each job that is not for now. Returns how to stop. */
  onDeferred(heard: (at: Instant) => void): () => void
  readonly boss: PgBoss
  stop(): Promise<void>
}

const DAY = 86_400
/**
 * A handler that throws is tried again after 5 to 10 s, doubled each time up to 5 min. A hundred
 * retries last about eight hours; after that the act, still open, gets a new job at the next
 * reconciliation, so nothing is ever given up silently.
 */
const RETRY = { retryLimit: 100, retryDelay: 5, retryBackoff: true, retryDelayMax: 300 }

/** The version of the queue's tables that this pg-boss was made for; it takes newer ones for its own. */
function knownSchema(): number {
  const about: unknown = createRequire(import.meta.url)('pg-boss/package.json')
  return (about as { pgboss: { schema: number } }).pgboss.schema
}

export interface QueueOptions {
  readonly backend: ConstructorOptions
  /** Seconds without a heartbeat after which another process takes a job over; null: nobody else could. */
  readonly heartbeatSeconds: number | null
  readonly clock: Clock
  readonly log: Log
}

/** Throws `StoreTooNew` when a newer pg-boss made the tables. */
export async function openQueue(from: QueueOptions): Promise<Queue> {
  const { backend, heartbeatSeconds, clock, log } = from
  const boss = new PgBoss({
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
  try {
    await prepare(boss, heartbeatSeconds)
  } catch (error) {
    await boss.stop({ graceful: false })
    throw error
  }
  const listeners = new Set<(at: Instant) => void>()
  return {
    boss,
    async enqueue(tx, jobs) {
      const now = clock.now()
      const rows = jobs.map(({ key, at }) => ({
        id: randomUUID(),
        data: { key } satisfies ActJob,
        // Relative, because the queue counts by the database's clock.
        ...(at !== null && at > now ? { startAfter: (at - now) / 1000 } : {}),
      }))
      if (rows.length > 0) await boss.insert(QUEUE, rows, { db: fromDrizzle(tx, sql) })
      for (const { at } of jobs)
        if (at !== null && at > now) for (const heard of listeners) heard(at)
      return rows.map((row) => row.id)
    },
    onDeferred(heard) {
      listeners.add(heard)
      return () => listeners.delete(heard)
    },
    stop: () => boss.stop({ graceful: true, timeout: 30_000, close: true }),
  }
}

async function prepare(boss: PgBoss, heartbeatSeconds: number | null): Promise<void> {
  if (((await boss.schemaVersion()) ?? 0) > knownSchema()) throw new StoreTooNew()
  const options = {
    ...RETRY,
    ...(heartbeatSeconds === null ? {} : { heartbeatSeconds }),
    // It would wake every worker for each job, and each of them would look: `perform` wakes one.
    notify: false,
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
}
