/**
 * Makes a store of a backup: aside, whole and verified, and moved into place at the end. What the store did after the
 * backup was made is known to GitHub only, so from then on every creation looks there first.
 */
import fs from 'node:fs'
import { join } from 'node:path'
import type { Instant } from '../../domain/ids.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Log } from '../../ports/log.ts'
import type { BrokenChain } from '../../ports/upkeep.ts'
import { openAbout } from '../about.ts'
import { startCluster } from '../cluster.ts'
import type { Db } from '../database.ts'
import { loadPgliteDriver } from '../drizzle.ts'
import { syncPath, syncTree } from '../durable-files.ts'
import { lockFolder } from '../folder-lock.ts'
import { knownSchemas, makeSchema, migrateStore } from '../migrate.ts'
import { openBare, placeOf } from '../open-bare.ts'
import { isUnused } from '../rebuild.ts'
import { verifyLedgers } from '../verify-ledgers.ts'
import { BackupUnusable, checkBackup, rowsOfBackup } from './backup-file.ts'
import { importRows } from './import-rows.ts'

/** There is work in the store that the backup would replace. A person's mistake: the message says what to do. */
export class StoreNotEmpty extends Error {
  override name = 'StoreNotEmpty'
}

/** Some chains do not hold: somebody changed what was decided. */
export class LedgerBroken extends Error {
  override name = 'LedgerBroken'
  readonly broken: readonly BrokenChain[]

  constructor(message: string, broken: readonly BrokenChain[]) {
    super(message)
    this.broken = broken
  }
}

export interface RestoreOptions {
  readonly file: string
  /** Of the store; made when it does not exist. */
  readonly folder: string
  readonly clock: Clock
  readonly log: Log
  /** Restores although chains are broken: they stay so, and every verification will say it. */
  readonly evenIfBroken?: boolean
}

export interface Restored {
  /** When the backup was made. */
  readonly from: Instant
  readonly rows: number
  readonly tasks: number
  readonly broken: readonly BrokenChain[]
}

/** Throws `FolderInUse`, `StoreNotEmpty`, `BackupUnusable`, `LedgerBroken`; then the folder is as it was. */
export async function restoreBackup(options: RestoreOptions): Promise<Restored> {
  const { file, folder, clock, log } = options
  const { schema, at } = await checkBackup(file)
  if (!knownSchemas().includes(schema))
    throw new BackupUnusable(
      `${file} was made by a newer version of Yardmaster. Restore it with that version.`,
    )
  fs.mkdirSync(folder, { recursive: true, mode: 0o700 })
  await refuseWork(options)
  const lock = await lockFolder(folder, clock, log)
  const aside = join(folder, 'pg.restoring')
  try {
    const restored = await fill(aside, { ...options, schema, at })
    syncTree(aside)
    const place = placeOf(folder)
    fs.rmSync(place, { recursive: true, force: true })
    fs.renameSync(aside, place)
    syncPath(folder)
    return restored
  } finally {
    fs.rmSync(aside, { recursive: true, force: true })
    lock.release()
  }
}

/** A store that was started once and never used may go. */
async function refuseWork({ folder, clock, log }: RestoreOptions): Promise<void> {
  if (!fs.existsSync(placeOf(folder))) return
  const { db, close } = await openBare({ folder, clock, log, evenIfMoved: true })
  try {
    if (await isUnused(db)) return
  } finally {
    await close()
  }
  throw new StoreNotEmpty(
    `The store in ${folder} is in use: it holds work. Stop Yardmaster, move that folder away ` +
      `(mv '${folder}' '${folder}.old'), and restore again.`,
  )
}

async function fill(
  place: string,
  from: RestoreOptions & { readonly schema: number; readonly at: Instant },
): Promise<Restored> {
  const { file, log, schema, at, evenIfBroken = false } = from
  fs.rmSync(place, { recursive: true, force: true })
  const { pglite, close } = await startCluster(place, log)
  try {
    const { drizzle, migrate } = loadPgliteDriver()
    const db: Db = drizzle(pglite)
    await makeSchema((config) => migrate(drizzle(pglite), config), schema)
    const counts = await db.transaction((tx) => importRows(tx, rowsOfBackup(file)))
    await migrateStore(db, (config) => migrate(drizzle(pglite), config))
    const { broken, tasks } = await verifyLedgers(db)
    if (broken.length > 0 && !evenIfBroken)
      throw new LedgerBroken(`The ledgers in ${file} were changed after they were written.`, broken)
    const about = openAbout({ db })
    await about.set('looks-first', at)
    await about.set('moved', null)
    await pglite.exec('checkpoint')
    return { from: at, rows: [...counts.values()].reduce((a, b) => a + b, 0), tasks, broken }
  } finally {
    await close()
  }
}
