/** Acts and surfaces in memory, with the queue that performs acts: one process at a time, again after it died. */
import { LONGEST_REST } from '../../src/domain/backoff.ts'
import { SETTLE } from '../../src/domain/deadline.ts'
import { later, steady } from '../../src/domain/ids.ts'
import type { Steady } from '../../src/domain/ids.ts'
import type { Clock } from '../../src/ports/clock.ts'
import type { Acts, ProjectionRow, Projections } from '../../src/ports/store.ts'
import type { ActRecord, Database, MemoryStoreOptions } from './database.ts'
import { insertFacts, tell } from './inbox.ts'
import { touchSurfaces } from './tasks.ts'

/** As the queue does: a handler that throws is tried again after so long, doubled each time. Milliseconds. */
const RETRY_FIRST = 5_000
const RETRY_MOST = 300_000

export function openActs(
  database: Database,
  options: Pick<MemoryStoreOptions, 'clock' | 'process' | 'enter'>,
): Acts {
  const { clock, process } = options
  let handler: ((key: ActRecord['row']['key']) => Promise<void>) | null = null
  let free = 0
  const underWay = new Set<Promise<void>>()

  function pump(): void {
    if (handler === null) return
    for (const record of database.acts.values()) {
      if (free === 0) return
      const { row, heldBy } = record
      if (row.status !== 'open' || heldBy !== null) continue
      const at = row.notBefore ?? 0
      const believed = row.detail.kind === 'wake' || at <= later(clock.now(), LONGEST_REST)
      if (at > clock.now() && believed) wakeAt(at)
      else start(record, handler)
    }
  }

  const heard = (): void => options.enter(pump)
  const { kept, told } = triedBy(database, clock)

  function wakeAt(at: number): void {
    void clock.sleep(Math.max(1, at - clock.now())).then(pump)
  }

  function start(record: ActRecord, perform: NonNullable<typeof handler>): void {
    record.heldBy = process
    free -= 1
    const work = perform(record.row.key)
      .then(
        () => {
          record.throws = 0
        },
        () => {
          const rest = Math.min(RETRY_FIRST * 2 ** record.throws, RETRY_MOST)
          record.throws += 1
          record.row = { ...record.row, notBefore: later(clock.now(), rest) }
        },
      )
      .finally(() => {
        if (record.heldBy === process) record.heldBy = null
        free += 1
        underWay.delete(work)
        pump()
      })
    underWay.add(work)
  }

  return {
    async begin(key) {
      const record = database.acts.get(key)
      if (record === undefined || record.row.status !== 'open') return null
      const begun = { ...record.row, tries: record.row.tries + 1 }
      record.row = { ...begun, triedAt: kept(steady(clock.monotonic())) }
      return { ...begun, triedAt: told(begun.triedAt) }
    },
    async settle(key, { status, fact }) {
      const record = database.acts.get(key)
      if (record === undefined) throw new Error(`there is no act ${key} to settle`)
      const { row } = record
      if (row.status === 'done' || row.status === 'failed') return
      const about = fact?.fact
      const tells = about?.kind === 'act-done' || about?.kind === 'act-failed'
      const stale = row.status === 'called-off' || (tells && about.epoch !== row.epoch)
      record.row = { ...row, status: stale ? row.status : status }
      if (fact !== null) tell(database, insertFacts(database, [fact], clock))
    },
    async defer(key, at, triedAt) {
      const record = database.acts.get(key)
      if (record === undefined || record.row.status !== 'open') return
      record.row = { ...record.row, notBefore: at, triedAt: kept(triedAt) }
      wakeAt(at)
    },
    async open(task) {
      return [...database.acts.values()]
        .map(({ row }) => row)
        .filter((row) => row.task === task && row.status === 'open')
        .map((row) => ({ ...row, triedAt: told(row.triedAt) }))
    },
    async perform(given, concurrency) {
      handler = given
      free = concurrency
      database.onActs.add(heard)
      pump()
    },
    async stopPerforming() {
      handler = null
      database.onActs.delete(heard)
      await Promise.all(underWay)
    },
  }
}

/** Moments of tries are kept by the database's clock and told by the process's own monotonic one. */
function triedBy(database: Database, clock: Clock) {
  const shift = (at: Steady | null, by: number): Steady | null =>
    at === null ? null : steady(at + by)
  return {
    kept: (at: Steady | null) => shift(at, database.now() - clock.monotonic()),
    told: (at: Steady | null) => shift(at, clock.monotonic() - database.now()),
  }
}

export function openProjections(database: Database, clock: Clock): Projections {
  const { kept, told } = triedBy(database, clock)
  const at = (row: { readonly task: string; readonly surface: string }) =>
    database.projections.get(`${row.task} ${row.surface}`)
  return {
    async stale(limit, settle = SETTLE) {
      const now = clock.now()
      const age = ({ triedAt }: ProjectionRow): number =>
        triedAt === null ? NaN : database.now() - triedAt
      return [...database.projections.values()]
        .filter(({ row, lookedAt, notBefore }) => {
          const rests =
            notBefore !== null && notBefore > now && notBefore <= later(now, LONGEST_REST)
          return (row.generation > lookedAt || age(row) >= settle) && !rests
        })
        .toSorted((a, b) => a.staleSince - b.staleSince || (a.row.task < b.row.task ? -1 : 1))
        .slice(0, limit)
        .map(({ row }) => ({ ...row, triedAt: told(row.triedAt), inDoubt: age(row) < settle }))
    },
    async touch(task, surfaces) {
      touchSurfaces(database, { task, surfaces }, clock)
    },
    async row(task, surface) {
      const record = at({ task, surface })
      if (record === undefined) return null
      const { row } = record
      const age = row.triedAt === null ? NaN : database.now() - row.triedAt
      return { ...row, triedAt: told(row.triedAt), inDoubt: age < SETTLE }
    },
    async intend(task, surface) {
      const record = at({ task, surface })
      if (record !== undefined)
        record.row = { ...record.row, triedAt: kept(steady(clock.monotonic())) }
    },
    async done(row, { hash, remoteId, written }) {
      const record = at(row)
      if (record === undefined || record.lookedAt > row.generation) return
      const triedAt = row.inDoubt ? record.row.triedAt : null
      record.row = { ...record.row, writtenHash: hash, remoteId, written, triedAt }
      record.lookedAt = row.generation
      record.notBefore = null
      record.staleSince = clock.now()
    },
    async postpone(row, until, triedAt) {
      const record = at(row)
      if (record === undefined) return
      record.notBefore = until
      record.row = { ...record.row, triedAt: kept(triedAt) }
    },
  }
}
