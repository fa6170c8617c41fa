/**
 * The database as the rooms of the store see it: PostgreSQL through Drizzle, embedded or not.
 * Inside a transaction only `tx` is used; on the embedded store anything else waits for ever.
 */
import type { ExtractTablesWithRelations } from 'drizzle-orm'
import type { PgDatabase, PgQueryResultHKT, PgTransaction } from 'drizzle-orm/pg-core'
import { sqlState } from './fault.ts'

/** What both drivers answer to raw SQL. */
interface Rows extends PgQueryResultHKT {
  readonly type: { rows: Record<string, unknown>[] }
}
type NoSchema = Record<string, never>
export type Db = PgDatabase<Rows, NoSchema>
export type Tx = PgTransaction<Rows, NoSchema, ExtractTablesWithRelations<NoSchema>>

/** Thrown inside a transaction when a compare-and-set was lost: rolls back, and the caller hears `false`. */
class Lost extends Error {}

export function lose(): never {
  throw new Lost('compare-and-set was lost')
}

const DEADLOCK = '40P01'
const SERIALIZATION = '40001'
/** Two processes that insert the same keys in different orders; the second try finds them there. */
const TRIES = 5

/** One transaction, tried again when PostgreSQL chose it as the victim of a deadlock. */
export async function transact<T>(db: Db, work: (tx: Tx) => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await db.transaction(work)
    } catch (error) {
      const state = sqlState(error)
      if ((state !== DEADLOCK && state !== SERIALIZATION) || tries === TRIES) throw error
    }
  }
}

/** Like `transact`, for work that may `lose()`: false then, and nothing was written. */
export async function compareAndSet(db: Db, work: (tx: Tx) => Promise<void>): Promise<boolean> {
  try {
    await transact(db, work)
    return true
  } catch (error) {
    if (error instanceof Lost) return false
    throw error
  }
}
