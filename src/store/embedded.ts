/**
 * The embedded store: PostgreSQL as WebAssembly (PGlite) inside this process, on a folder of its own.
 * Made durable and small, and held by one process at a time.
 */
import fs from 'node:fs'
import path from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import { fromPglite } from 'pg-boss'
import type { Clock } from '../ports/clock.ts'
import type { Log } from '../ports/log.ts'
import type { Store } from '../ports/store.ts'
import { assembleStore } from './assemble.ts'
import { loadPgliteDriver } from './drizzle.ts'
import { DurableFiles, syncPath, syncTree } from './durable-files.ts'
import { lockFolder } from './folder-lock.ts'
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

/** Throws `FolderInUse` when another live process holds the folder, `StoreTooNew` when a newer program wrote it. */
export async function openEmbedded(options: EmbeddedOptions): Promise<Store> {
  const { folder, clock, log, appendDeadline = 8000 } = options
  fs.mkdirSync(folder, { recursive: true, mode: 0o700 })
  const lock = lockFolder(folder)
  try {
    const pglite = await openCluster(folder)
    const { drizzle, migrate } = loadPgliteDriver()
    const db = drizzle(pglite)
    await migrateStore(db, (config) => migrate(db, config))
    const backend = { backend: 'pglite', db: fromPglite(pglite), reindex: false } as const
    const queue = await openQueue({
      backend: { ...backend, superviseIntervalSeconds: 300 },
      heartbeatSeconds: null,
      clock,
      log,
    })
    const announce = () => Promise.resolve()
    const parts = { db, queue, clock, log, pokes: createPokes(), announce, appendDeadline }
    await dropOrphanedJobs(parts)
    await reconcileActs(parts)
    return assembleStore({
      kind: 'embedded',
      parts,
      ping: async () => {
        await pglite.query('select 1')
      },
      close: async () => {
        await pglite.close()
        lock.release()
      },
    })
  } catch (error) {
    lock.release()
    throw error
  }
}

/**
 * Without `-F` PostgreSQL flushes; `fsync` because PGlite's fdatasync is a stub; 2 MB of shared
 * buffers because every page is in the operating system's cache anyway (158 MB instead of 313 MB).
 */
const START = [
  ...PGlite.defaultStartParams.filter((parameter) => parameter !== '-F'),
  '-c',
  'wal_sync_method=fsync',
  '-c',
  'shared_buffers=2MB',
]

/** Makes the cluster aside and moves it into place whole, so that a crash in between leaves none. */
async function openCluster(folder: string): Promise<PGlite> {
  const cluster = path.join(folder, 'pg')
  if (!fs.existsSync(cluster)) {
    const fresh = path.join(folder, 'pg.new')
    fs.rmSync(fresh, { recursive: true, force: true })
    const pglite = await open(fresh)
    await pglite.close()
    syncTree(fresh)
    fs.renameSync(fresh, cluster)
    syncPath(folder)
  }
  return await open(cluster)
}

const open = (cluster: string): Promise<PGlite> =>
  PGlite.create({ fs: new DurableFiles(cluster), startParams: START })
