/**
 * The embedded store: PostgreSQL as WebAssembly (PGlite) inside this process, on a folder of its own
 * that one process holds at a time. The order of start: lock, open, migrate, queue.
 */
import fs from 'node:fs'
import { fromPglite } from 'pg-boss'
import type { Clock } from '../ports/clock.ts'
import type { Log } from '../ports/log.ts'
import type { Store } from '../ports/store.ts'
import { assembleStore } from './assemble.ts'
import { openCluster } from './cluster.ts'
import { loadPgliteDriver } from './drizzle.ts'
import { translate } from './fault.ts'
import { lockFolder } from './folder-lock.ts'
import { startHousekeeping } from './housekeeping.ts'
import { migrateStore } from './migrate.ts'
import { createPokes } from './pokes.ts'
import { openQueue } from './queue.ts'
import { dropOrphanedJobs, reconcileActs } from './reconcile-acts.ts'

export { FolderInUse } from './folder-lock.ts'
export { StoreTooNew } from './migrate.ts'

export interface EmbeddedOptions {
  /** Made when it does not exist, readable by its owner only. */
  readonly folder: string
  readonly clock: Clock
  readonly log: Log
  /** Milliseconds after which an append gives up: 8,000 by default, because GitHub hangs up after 10 s. */
  readonly appendDeadline?: number
}

/** Seconds between two looks of the queue for jobs that hang; nobody else could hold them. */
const SUPERVISION = 300

/**
 * Throws `FolderInUse` when another live process holds the folder, `StoreTooNew` when a newer program
 * wrote it, and `WorldFault` when PostgreSQL cannot start on it.
 */
export async function openEmbedded(options: EmbeddedOptions): Promise<Store> {
  try {
    return await open(options)
  } catch (error) {
    throw translate('store.open', error)
  }
}

async function open(options: EmbeddedOptions): Promise<Store> {
  const { folder, clock, log, appendDeadline = 8000 } = options
  await using opening = new AsyncDisposableStack()
  fs.mkdirSync(folder, { recursive: true, mode: 0o700 })
  const lock = await lockFolder(folder, clock, log)
  opening.defer(() => lock.release())
  const cluster = await openCluster(folder, log)
  opening.defer(() => cluster.close())
  const { pglite } = cluster
  const { drizzle, migrate } = loadPgliteDriver()
  const db = drizzle(pglite)
  await migrateStore(db, (config) => migrate(db, config))
  const queue = await openQueue({
    backend: {
      backend: 'pglite',
      db: fromPglite(pglite),
      reindex: false,
      superviseIntervalSeconds: SUPERVISION,
    },
    heartbeatSeconds: null,
    clock,
    log,
  })
  opening.defer(() => queue.stop())
  const pokes = createPokes()
  const parts = { db, queue, clock, log, pokes, announce: null, appendDeadline }
  await dropOrphanedJobs(parts)
  await reconcileActs(parts)
  opening.defer(startHousekeeping(pglite, clock, log))
  const ping = async () => {
    await pglite.query('select 1')
  }
  const closing = opening.move()
  return assembleStore({ kind: 'embedded', parts, ping, close: () => closing.disposeAsync() })
}
