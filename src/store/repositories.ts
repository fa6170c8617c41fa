/** The repositories that Yardmaster was told of. */
import type { Repositories } from '../ports/store.ts'
import { transact } from './database.ts'
import { eq } from './drizzle.ts'
import { consumeFacts } from './inbox.ts'
import type { Bare } from './parts.ts'
import { repository } from './schema.ts'

export function openRepositories(parts: Bare): Repositories {
  const { db } = parts
  return {
    async get(repo) {
      const [row] = await db.select().from(repository).where(eq(repository.id, repo))
      return row?.repository ?? null
    },
    async all() {
      const rows = await db.select().from(repository).orderBy(repository.id)
      return rows.map((row) => row.repository)
    },
    save: (saved, consumed) =>
      transact(db, async (tx) => {
        await tx
          .insert(repository)
          .values({ id: saved.id, repository: saved })
          .onConflictDoUpdate({ target: repository.id, set: { repository: saved } })
        await consumeFacts(tx, consumed, parts)
      }),
  }
}
