/** Brings the tables to this program's form. One set of migrations serves both stores. */
import fs from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Db } from './database.ts'
import { sql } from './drizzle.ts'

const MIGRATIONS = fileURLToPath(new URL('./migrations', import.meta.url))

/** The store was written by a newer version of the program. A person's mistake: the message says what to do. */
export class StoreTooNew extends Error {
  constructor() {
    super(
      'The store was last used by a newer version of Yardmaster, and this older one cannot read it. ' +
        'Start the newer version, or restore a backup from before the upgrade.',
    )
    this.name = 'StoreTooNew'
  }
}

/** `apply` is drizzle's migrator of the driver in use. Throws `StoreTooNew` before anything is touched. */
export async function migrateStore(
  db: Db,
  apply: (config: { migrationsFolder: string }) => Promise<unknown>,
): Promise<void> {
  const applied = await lastApplied(db)
  const known = lastKnown()
  if (applied !== null && applied > known) throw new StoreTooNew()
  if (applied !== known) await apply({ migrationsFolder: MIGRATIONS })
}

async function lastApplied(db: Db): Promise<number | null> {
  const table = sql.raw('drizzle.__drizzle_migrations')
  const exists = await db
    .select({ name: sql`to_regclass('drizzle.__drizzle_migrations')` })
    .from(sql`(values (1)) as one`)
  if (exists[0]?.name === null) return null
  const [row] = await db
    .select({ last: sql`max(created_at)`.mapWith(Number) })
    .from(sql`${table} as applied`)
  return row?.last ?? null
}

function lastKnown(): number {
  const journal: unknown = JSON.parse(fs.readFileSync(`${MIGRATIONS}/meta/_journal.json`, 'utf8'))
  const { entries } = journal as { entries: readonly { when: number }[] }
  return Math.max(...entries.map((entry) => entry.when))
}
