/** The store on a PostgreSQL server, shared by any number of processes. */
import pg from 'pg'
import type { Clock } from '../ports/clock.ts'
import type { Log } from '../ports/log.ts'
import { assembleStore } from './assemble.ts'
import { loadPostgresDriver } from './drizzle.ts'
import { translate } from './fault.ts'
import { announceOn, listenTo } from './listen.ts'
import { migrateStore } from './migrate.ts'
import { createPokes } from './pokes.ts'
import { startPruning } from './prune.ts'
import { openQueue } from './queue.ts'
import { reconcileActs } from './reconcile-acts.ts'
import type { StoreWithUpkeep } from './upkeep.ts'
import { openUpkeep } from './upkeep.ts'

export interface PostgresOptions {
  /** Such as `postgres://user:password@host:5432/database`. */
  readonly url: string
  readonly clock: Clock
  readonly log: Log
  /** Milliseconds after which an append gives up: 8,000 by default, because GitHub hangs up after 10 s. */
  readonly appendDeadline?: number
}

/**
 * A network that swallows packets must not hold a caller for ever. Milliseconds; ours take a few, so
 * these are judgements.
 */
export const PATIENCE = {
  connectionTimeoutMillis: 10_000,
  query_timeout: 30_000,
  idle_in_transaction_session_timeout: 30_000,
  keepAlive: true,
  keepAliveInitialDelayMillis: 10_000,
}

/** Any number; the same in every process, so that they migrate one after the other. */
const MIGRATING = 7_237_110_251

/**
 * Throws `StoreTooNew` when a newer program wrote the database, `WorldFault` when the server cannot be
 * reached, and PostgreSQL's own words when it refuses the user or the database.
 */
export async function openPostgres(options: PostgresOptions): Promise<StoreWithUpkeep> {
  try {
    return await open(options)
  } catch (error) {
    throw translate('store.open', error)
  }
}

async function open(options: PostgresOptions): Promise<StoreWithUpkeep> {
  const { url, clock, log, appendDeadline = 8000 } = options
  await using opening = new AsyncDisposableStack()
  const pool = openPool(url, log, { max: 10, ...PATIENCE })
  opening.defer(() => pool.end())
  await migrateAlone(pool)
  const db = loadPostgresDriver().drizzle(pool)
  const pokes = createPokes()
  const ears = await listenTo({ url, pokes, log })
  opening.defer(() => ears.close())
  const queue = await openQueue({
    // A process that died is noticed after 10 s without a heartbeat, looked for each 5 s.
    backend: {
      connectionString: url,
      max: 4,
      superviseIntervalSeconds: 5,
      monitorIntervalSeconds: 5,
    },
    heartbeatSeconds: 10,
    clock,
    log,
  })
  opening.defer(() => queue.stop())
  const announce = announceOn(ears.self)
  const parts = { db, queue, clock, log, pokes, announce, appendDeadline }
  await reconcileActs(parts)
  opening.defer(startPruning(db, clock, log))
  const ping = async () => {
    await pool.query('select 1')
  }
  const closing = opening.move()
  const close = () => closing.disposeAsync()
  return {
    ...assembleStore({ kind: 'postgres', parts, ping, close }),
    upkeep: openUpkeep(db, null),
  }
}

/** Connections that break are replaced at their next use. */
export function openPool(url: string, log: Log, options: pg.PoolConfig): pg.Pool {
  const pool = new pg.Pool({ connectionString: url, ...options })
  pool.on('error', (error) => log.warn({ err: error }, 'a database connection broke'))
  // The pool listens to connections that nobody uses; one that breaks between two statements of a transaction is
  // nobody's, and would end the process. The next statement on it is refused anyway.
  pool.on('connect', (client) => client.on('error', () => {}))
  return pool
}

export async function migrateAlone(pool: pg.Pool): Promise<void> {
  const { drizzle, migrate } = loadPostgresDriver()
  const client = await pool.connect()
  try {
    await client.query('select pg_advisory_lock($1)', [MIGRATING])
    const db = drizzle(client)
    await migrateStore(db, (config) => migrate(db, config))
    await client.query('select pg_advisory_unlock($1)', [MIGRATING])
    client.release()
  } catch (error) {
    // The connection ends, and its lock with it.
    client.release(true)
    throw error
  }
}
