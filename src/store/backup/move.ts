/**
 * Moves everything from an embedded store to a PostgreSQL server: one transaction there, so an interrupted move leaves
 * the target empty; the old store stays whole and readable, and refuses to work once the move is complete.
 */
import { createHash } from 'node:crypto'
import type { Clock } from '../../ports/clock.ts'
import type { Log } from '../../ports/log.ts'
import { openAbout } from '../about.ts'
import type { Db, Tx } from '../database.ts'
import { loadPostgresDriver, sql } from '../drizzle.ts'
import { translate } from '../fault.ts'
import { openBare } from '../open-bare.ts'
import { migrateAlone, openPool } from '../postgres.ts'
import { isUnused } from '../rebuild.ts'
import { verifyLedgers } from '../verify-ledgers.ts'
import { exportRows } from './export-rows.ts'
import { importRows } from './import-rows.ts'
import { LedgerBroken, StoreNotEmpty } from './restore.ts'

export interface MoveOptions {
  /** Of the embedded store, which no process may hold. */
  readonly folder: string
  /** Such as `postgres://user:password@host:5432/database`. */
  readonly url: string
  readonly clock: Clock
  readonly log: Log
  /** Moves although chains are broken: they stay so, and every verification will say it. */
  readonly evenIfBroken?: boolean
}

export interface Moved {
  /** The target, without credentials. */
  readonly to: string
  readonly rows: number
  readonly tasks: number
  /** The target held all of it already: an earlier move was cut off after its last step but one. */
  readonly already: boolean
}

/** Throws `FolderInUse`, `StoreMoved`, `StoreNotEmpty`, `LedgerBroken`, `WorldFault`; then the target is as it was. */
export async function moveStore(options: MoveOptions): Promise<Moved> {
  try {
    return await move(options)
  } catch (error) {
    throw translate('store.move', error)
  }
}

async function move(options: MoveOptions): Promise<Moved> {
  const { folder, url, clock, log } = options
  await using closing = new AsyncDisposableStack()
  const source = await openBare({ folder, clock, log })
  closing.defer(() => source.close())
  const pool = openPool(url, log, { max: 2, connectionTimeoutMillis: 10_000 })
  closing.defer(() => pool.end())
  await migrateAlone(pool)
  const target: Db = loadPostgresDriver().drizzle(pool)
  const moved = await copy(source.db, target, options)
  const to = nameOf(url)
  await openAbout({ db: source.db }).set('moved', { at: clock.now(), to })
  return { ...moved, to }
}

async function copy(
  source: Db,
  target: Db,
  { clock, url, evenIfBroken = false }: MoveOptions,
): Promise<Omit<Moved, 'to'>> {
  return await source.transaction(
    async (from) => {
      return await target.transaction(async (into) => {
        // A Yardmaster that starts there meanwhile waits, and then finds all of it.
        await into.execute(sql`lock table repository, task, inbox in access exclusive mode`)
        if (!(await isUnused(into))) return await recognise(from, into, url)
        const counted = digesting(exportRows(from))
        const counts = await importRows(into, counted.lines)
        const { tasks, broken } = await verifyLedgers(into)
        if (broken.length > 0 && !evenIfBroken)
          throw new LedgerBroken(
            'The ledgers of this store were changed after they were written.',
            broken,
          )
        const { rows, sha256 } = counted.end()
        const written = [...counts.values()].reduce((a, b) => a + b, 0)
        if (written !== rows) throw new Error(`${rows} rows were read and ${written} written`)
        await openAbout({ db: into }).set('moved-here', { at: clock.now(), sha256 })
        return { rows, tasks, already: false }
      })
    },
    { isolationLevel: 'repeatable read', accessMode: 'read only' },
  )
}

/** A target that holds work may hold ours: then only the mark on the old store is missing. */
async function recognise(from: Tx, target: Tx, url: string): Promise<Omit<Moved, 'to'>> {
  const here = await openAbout({ db: target }).get('moved-here')
  const counted = digesting(exportRows(from))
  for await (const _ of counted.lines);
  const { rows, sha256 } = counted.end()
  if (here?.sha256 !== sha256)
    throw new StoreNotEmpty(
      `${nameOf(url)} is not empty: it holds other work. Make a new database (createdb) and move into that one.`,
    )
  return { rows, tasks: 0, already: true }
}

/** The same lines, counted and digested on their way. */
function digesting(lines: AsyncIterable<string>) {
  const hash = createHash('sha256')
  let rows = 0
  async function* passing(): AsyncGenerator<string> {
    for await (const line of lines) {
      if (line.startsWith('[')) rows += 1
      hash.update(`${line}\n`)
      yield line
    }
  }
  return { lines: passing(), end: () => ({ rows, sha256: hash.digest('hex') }) }
}

/** Where it is, and nothing with which one could get in. */
export function nameOf(url: string): string {
  const { hostname, port, pathname, searchParams } = new URL(url)
  const host = searchParams.get('host') ?? hostname
  return `PostgreSQL ${pathname.slice(1) || '(default database)'} at ${host}${port === '' ? '' : `:${port}`}`
}
