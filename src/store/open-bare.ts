/** The embedded database in its folder, held and migrated, and nothing that works on it: no queue, no rooms. */
import fs from 'node:fs'
import { join } from 'node:path'
import type { Clock } from '../ports/clock.ts'
import type { Log } from '../ports/log.ts'
import { openAbout } from './about.ts'
import type { Cluster } from './cluster.ts'
import { openCluster } from './cluster.ts'
import type { Db } from './database.ts'
import { loadPgliteDriver } from './drizzle.ts'
import { lockFolder } from './folder-lock.ts'
import { migrateStore } from './migrate.ts'

/** What the folder held went to a PostgreSQL server. A person's mistake: the message says what to do. */
export class StoreMoved extends Error {
  override name = 'StoreMoved'

  constructor(folder: string, to: string) {
    super(
      `The store in ${folder} was moved to ${to}, and going on here would do its work twice. ` +
        'Set DATABASE_URL to that database. `queue`, `show` and `ledger` still read this copy.',
    )
  }
}

export interface BareOptions {
  readonly folder: string
  readonly clock: Clock
  readonly log: Log
  /** To read only: also a store whose contents were moved elsewhere. */
  readonly evenIfMoved?: boolean
}

export interface BareStore {
  readonly pglite: Cluster['pglite']
  readonly db: Db
  readonly close: () => Promise<void>
}

/** Makes the folder and the database when there are none. Throws `FolderInUse`, `StoreTooNew`, `StoreMoved`, `WorldFault`. */
export async function openBare(options: BareOptions): Promise<BareStore> {
  const { folder, clock, log, evenIfMoved = false } = options
  await using opening = new AsyncDisposableStack()
  fs.mkdirSync(folder, { recursive: true, mode: 0o700 })
  const lock = await lockFolder(folder, clock, log)
  opening.defer(() => lock.release())
  const { pglite, close } = await openCluster(folder, log)
  opening.defer(close)
  const { drizzle, migrate } = loadPgliteDriver()
  const db = drizzle(pglite)
  await migrateStore(db, (config) => migrate(db, config))
  const moved = evenIfMoved ? null : await openAbout({ db }).get('moved')
  if (moved !== null) throw new StoreMoved(folder, moved.to)
  const closing = opening.move()
  return { pglite, db, close: () => closing.disposeAsync() }
}

/** Where the database lies in its folder; absent: none was ever made. */
export const placeOf = (folder: string): string => join(folder, 'pg')
