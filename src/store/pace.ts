/** The shared book of what was spent of GitHub's limits: one row per installation, its time the database's. */
import { installationId, instant, type InstallationId } from '../domain/ids.ts'
import type { PaceBook, PaceState } from '../ports/pace-book.ts'
import { transact } from './database.ts'
import type { Db, Tx } from './database.ts'
import { eq, sql } from './drizzle.ts'
import { guardRoom } from './fault.ts'
import type { Parts } from './parts.ts'
import { pace } from './schema.ts'

/** By the clock that all processes share, and not as of the transaction's beginning. */
const NOW = sql<number>`floor(extract(epoch from clock_timestamp()) * 1000)::float8`

export function openPaceBook({
  db,
  announce,
  pokes,
}: Pick<Parts, 'db' | 'announce' | 'pokes'>): PaceBook {
  const room = guardRoom('store.pace', {
    async load(installation: InstallationId) {
      const [row] = await db
        .select({ version: pace.version, state: pace.state, now: NOW })
        .from(pace)
        .where(eq(pace.installation, installation))
      if (row !== undefined) return { ...row, now: instant(row.now) }
      const answer = await db.execute(sql`select ${NOW} as now`)
      return { version: 0, state: null, now: instant(Number(answer.rows[0]?.['now'])) }
    },

    async compareAndSet(installation: InstallationId, version: number, state: PaceState) {
      if (announce === null) return await write(db, { installation, version, state })
      return await transact(db, async (tx) => {
        const at = await write(tx, { installation, version, state })
        if (at !== null) await announce(tx, 'pace', [`${installation}:${version + 1}`])
        return at
      })
    },
  })

  return {
    ...room,
    shared: announce !== null,
    onChanged: (heard) =>
      pokes.on('pace', (about) => {
        const [installation, version] = (about ?? '').split(':').map(Number)
        heard(
          installation === undefined || version === undefined
            ? null
            : { installation: installationId(installation), version },
        )
      }),
  }
}

/** Null: another version is there. */
async function write(
  tx: Db | Tx,
  page: {
    readonly installation: InstallationId
    readonly version: number
    readonly state: PaceState
  },
) {
  const { installation, version, state } = page
  const next = { version: version + 1, state }
  const [row] = await tx
    .insert(pace)
    .values({ installation, ...next })
    .onConflictDoUpdate({
      target: pace.installation,
      set: next,
      setWhere: eq(pace.version, version),
    })
    .returning({ now: NOW })
  return row === undefined ? null : instant(row.now)
}
