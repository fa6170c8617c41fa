/** What keeps a store safe and honest, beside what the engine uses of it. */
import type { Store } from '../ports/store.ts'
import type { Upkeep } from '../ports/upkeep.ts'
import type { Db } from './database.ts'
import { guardRoom } from './fault.ts'
import { readHeads, verifyLedgers } from './verify-ledgers.ts'

export type StoreWithUpkeep = Store & { readonly upkeep: Upkeep }

/** `backup` null: the database has tools of its own for that. Its errors are those of the file, told as they are. */
export function openUpkeep(db: Db, backup: Upkeep['backup']): Upkeep {
  const reading = {
    verifyLedgers: (anchored: Parameters<Upkeep['verifyLedgers']>[0]) =>
      verifyLedgers(db, anchored),
    ledgerHeads: () => readHeads(db),
  }
  return { backup, ...guardRoom('store.upkeep', reading) }
}
