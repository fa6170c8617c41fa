/** Who of several processes does what only one at a time must do: a lease by the database's clock. */
import type { Lead } from '../ports/store.ts'
import { leaseFor } from './attempts.ts'
import { and, eq, sql } from './drizzle.ts'
import type { Parts } from './parts.ts'
import { lead } from './schema.ts'

export function openLead({ db }: Pick<Parts, 'db'>): Lead {
  return {
    async take(what, holder, milliseconds) {
      const until = leaseFor(milliseconds)
      const rows = await db
        .insert(lead)
        .values({ what, holder, until })
        .onConflictDoUpdate({
          target: lead.what,
          set: { holder, until },
          setWhere: sql`${lead.holder} = ${holder} or ${lead.until} < now()`,
        })
        .returning({ what: lead.what })
      return rows.length > 0
    },

    async leave(what, holder) {
      await db.delete(lead).where(and(eq(lead.what, what), eq(lead.holder, holder)))
    },
  }
}
