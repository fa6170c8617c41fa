/**
 * The embedded store: PostgreSQL as WebAssembly (PGlite) inside this process, on a folder of its own
 * that one process holds at a time. The order of start: lock, open, migrate, queue.
 */
import { fromPglite } from 'pg-boss'
import type { Clock } from '../ports/clock.ts'
import type { Log } from '../ports/log.ts'
import { assembleStore } from './assemble.ts'
import { writeBackup } from './backup/backup-file.ts'
import { translate } from './fault.ts'
import { startHousekeeping } from './housekeeping.ts'
import { openBare } from './open-bare.ts'
import { createPokes } from './pokes.ts'
import { startPruning } from './prune.ts'
import { openQueue } from './queue.ts'
import { dropOrphanedJobs, reconcileActs } from './reconcile-acts.ts'
import type { StoreWithUpkeep } from './upkeep.ts'
import { openUpkeep } from './upkeep.ts'

export { FolderInUse } from './folder-lock.ts'
export { StoreTooNew } from './migrate.ts'
export { StoreMoved } from './open-bare.ts'

export interface EmbeddedOptions {
  /** Made when it does not exist, readable by its owner only. */
  readonly folder: string
  readonly clock: Clock
  readonly log: Log
  /** Milliseconds after which an append gives up: 8,000 by default, because GitHub hangs up after 10 s. */
  readonly appendDeadline?: number
  /** To read only: opens also a store whose contents were moved to a PostgreSQL server. */
  readonly evenIfMoved?: boolean
}

/** Seconds between two looks of the queue for jobs that hang; nobody else could hold them. */
const SUPERVISION = 300

/**
 * Throws `FolderInUse` when another live process holds the folder, `StoreTooNew` when a newer program
 * wrote it, `StoreMoved` when its contents went elsewhere, and `WorldFault` when PostgreSQL cannot start on it.
 */
export async function openEmbedded(options: EmbeddedOptions): Promise<StoreWithUpkeep> {
  try {
    return await open(options)
  } catch (error) {
    throw translate('store.open', error)
  }
}

async function open(options: EmbeddedOptions): Promise<StoreWithUpkeep> {
  const { folder, clock, log, appendDeadline = 8000, evenIfMoved = false } = options
  await using opening = new AsyncDisposableStack()
  const bare = await openBare({ folder, clock, log, evenIfMoved })
  opening.defer(() => bare.close())
  const { pglite, db } = bare
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
  opening.defer(startPruning(db, clock, log))
  const ping = async () => {
    await pglite.query('select 1')
  }
  const closing = opening.move()
  const upkeep = openUpkeep(db, (file) => writeBackup(db, file, clock.now()))
  const close = () => closing.disposeAsync()
  return { ...assembleStore({ kind: 'embedded', parts, ping, close }), upkeep }
}
