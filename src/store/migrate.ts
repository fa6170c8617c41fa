/** Brings the tables to this program's form. One set of migrations serves both stores. */
import fs from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Db, Tx } from './database.ts'
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

/** The tables are those of an older version, or there are none, and this process may not make them. */
export class StoreTooOld extends Error {
  constructor() {
    super(
      'The database is not ready for this version of Yardmaster. ' +
        'Start (or update) Yardmaster itself on it first: it makes and migrates the tables.',
    )
    this.name = 'StoreTooOld'
  }
}

type Apply = (config: { migrationsFolder: string }) => Promise<unknown>

/** `apply` is drizzle's migrator of the driver in use. Throws `StoreTooNew` before anything is touched. */
export async function migrateStore(db: Db, apply: Apply): Promise<void> {
  const applied = await lastApplied(db)
  const known = Math.max(...knownSchemas())
  if (applied !== null && applied > known) throw new StoreTooNew()
  if (applied !== known) await apply({ migrationsFolder: MIGRATIONS })
}

/** Makes the tables of an earlier version, one of `knownSchemas`, in an empty database. */
export async function makeSchema(apply: Apply, schema: number): Promise<void> {
  const folder = fs.mkdtempSync(join(tmpdir(), 'yardmaster-schema-'))
  try {
    const journal = readJournal()
    const entries = journal.entries.filter(({ when }) => when <= schema)
    fs.mkdirSync(join(folder, 'meta'))
    fs.writeFileSync(join(folder, 'meta/_journal.json'), JSON.stringify({ ...journal, entries }))
    for (const { tag } of entries)
      fs.copyFileSync(join(MIGRATIONS, `${tag}.sql`), join(folder, `${tag}.sql`))
    await apply({ migrationsFolder: folder })
  } finally {
    fs.rmSync(folder, { recursive: true })
  }
}

/** Names the form of the tables: the moment at which their last migration was written. Null: there are none. */
export async function lastApplied(db: Db | Tx): Promise<number | null> {
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

/** The forms that this program can read and bring forward, oldest first. */
export const knownSchemas = (): readonly number[] => readJournal().entries.map(({ when }) => when)

interface Journal {
  readonly entries: readonly { readonly when: number; readonly tag: string }[]
}

function readJournal(): Journal {
  const journal: unknown = JSON.parse(fs.readFileSync(`${MIGRATIONS}/meta/_journal.json`, 'utf8'))
  return journal as Journal
}
