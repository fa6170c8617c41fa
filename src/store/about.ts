/** What is known of the store itself: one row for each key. */
import type { About, AboutStore } from '../ports/store.ts'
import { eq } from './drizzle.ts'
import type { Parts } from './parts.ts'
import { about } from './schema.ts'

export function openAbout({ db }: Pick<Parts, 'db'>): About {
  return {
    async get<Key extends keyof AboutStore>(key: Key) {
      const [row] = await db.select({ value: about.value }).from(about).where(eq(about.key, key))
      return row === undefined ? null : (row.value as AboutStore[Key])
    },
    async set(key, value) {
      if (value === null) return void (await db.delete(about).where(eq(about.key, key)))
      await db
        .insert(about)
        .values({ key, value })
        .onConflictDoUpdate({ target: about.key, set: { value } })
    },
  }
}
