/** A store with a life behind it moves to a PostgreSQL server: nothing lost, nothing doubled, and never half. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, describe, expect, test } from 'vitest'
import type { ActKey, TaskId } from '../../src/domain/ids.ts'
import type { Store } from '../../src/ports/store.ts'
import { moveStore } from '../../src/store/backup/move.ts'
import { openEmbedded, StoreMoved } from '../../src/store/embedded.ts'
import { openPostgres } from '../../src/store/postgres.ts'
import { systemClock } from '../../src/system/clock.ts'
import type { TestServer } from '../support/postgres.ts'
import { findPostgres, run, startPostgres } from '../support/postgres.ts'
import { copyStore } from '../support/store-template.ts'
import { quiet } from './bench.ts'
import { live } from './live-history.ts'
import { aCommit, aFact, aStoredTask, aTask, stored } from './samples.ts'

const found = findPostgres()
const where = found.kind === 'none' ? `not tested: ${found.reason}` : found.kind
const base = mkdtempSync(join(tmpdir(), 'yard-move-'))
let places = 0
afterAll(() => rmSync(base, { recursive: true, force: true }))

const common = { clock: systemClock, log: quiet }
const open = (folder: string) => openEmbedded({ folder, ...common })
const move = (folder: string, url: string) => moveStore({ folder, url, ...common })

async function aFolder(tasks: number) {
  const folder = join(base, `store-${(places += 1)}`)
  await copyStore(folder)
  const store = await open(folder)
  const ids = await live(store, tasks)
  const told = await tell(store, ids)
  await store.close()
  return { folder, ids, told }
}

/** All that a store tells of tasks. */
async function tell(store: Store, ids: readonly TaskId[]) {
  const of = <T>(ask: (id: TaskId) => Promise<T>) => Promise.all(ids.map(ask))
  return {
    all: await store.list({}),
    loads: await of((id) => store.load(id)),
    ledgers: await of((id) => store.ledger(id)),
    attempts: await of((id) => store.attempts(id)),
    open: await of((id) => store.open(id)),
    waiting: await of((id) => store.unconsumed(`task:${id}`, 99)),
    repositories: await store.repositories.all(),
    view: await store.admission.view(),
  }
}

describe.skipIf(found.kind === 'none')(
  `a move to PostgreSQL (${where})`,
  { timeout: 90_000 },
  () => {
    let server: Promise<TestServer> | null = null
    const database = async () => (await (server ??= startPostgres(found))).createDatabase()
    afterAll(async () => {
      await (await server)?.stop()
    })

    test('takes everything along, and the work goes on there', async () => {
      const { folder, ids, told } = await aFolder(4)
      const url = await database()
      expect(await move(folder, url)).toMatchObject({ tasks: told.all.length, already: false })
      const store = await openPostgres({ url, ...common })
      expect(await tell(store, ids)).toEqual(told)
      expect((await store.upkeep.verifyLedgers([])).broken).toEqual([])
      // Not restored: nothing happened that it does not know of.
      expect(await store.about.get('looks-first')).toBeNull()

      // Acts have jobs again, each once; a fact that is known stays known; numbers go on.
      const performed: ActKey[] = []
      await store.perform(async (key) => {
        if ((await store.begin(key)) === null) return
        performed.push(key)
        await store.settle(key, { status: 'done', remoteId: null, fact: null })
      }, 2)
      const task = await stored(store, ids[0] as TaskId)
      const fresh = aFact(task.id)
      const [waiting] = told.waiting[0] ?? []
      if (waiting === undefined) throw new Error('no fact waits')
      await store.append([fresh, waiting])
      const facts = await store.unconsumed(`task:${task.id}`, 99)
      expect(facts).toHaveLength((told.waiting[0]?.length ?? 0) + 1)
      expect(facts.at(-1)?.key).toBe(fresh.key)
      const [later] = told.open[0] ?? []
      if (later === undefined) throw new Error('no act is open')
      await store.defer(later.key, systemClock.now(), null)
      await expect.poll(() => performed, { timeout: 10_000 }).toEqual([later.key])
      await store.close()
    })

    test('leaves a store behind that can be read, and refuses to work', async () => {
      const { folder, ids, told } = await aFolder(1)
      const url = await database()
      await move(folder, url)
      await expect(open(folder)).rejects.toThrow(StoreMoved)
      await expect(open(folder)).rejects.toThrow(
        new RegExp(`moved to PostgreSQL yard_.*DATABASE_URL`),
      )
      await expect(move(folder, await database())).rejects.toThrow(StoreMoved)
      const old = await openEmbedded({ folder, ...common, evenIfMoved: true })
      expect((await tell(old, ids)).ledgers).toEqual(told.ledgers)
      await old.close()
    })

    test('never goes where other work is', async () => {
      const { folder } = await aFolder(1)
      const url = await database()
      const other = await openPostgres({ url, ...common })
      const theirs = await aStoredTask(other)
      await expect(move(folder, url)).rejects.toMatchObject({ name: 'StoreNotEmpty' })
      expect((await other.list({})).map(({ id }) => id)).toEqual([theirs.id])
      await other.close()
      await (await open(folder)).close()
    })

    test('that is cut off leaves the target empty, and succeeds when it is run again', async () => {
      const { folder, ids, told } = await aFolder(2)
      const url = await database()
      await (await openPostgres({ url, ...common })).close()
      const blocker = new pg.Client({ connectionString: url })
      await blocker.connect()
      // It gets as far as the last table, and is thrown out there.
      await blocker.query('begin; lock table task in share mode; lock table snapshot in share mode')
      await blocker.query('rollback; begin; lock table snapshot in share mode')
      const moving = move(folder, url).catch((error: unknown) => error)
      await expect
        .poll(() => run(url, WAITERS), { timeout: 20_000 })
        .toEqual([{ query: expect.stringContaining('snapshot') }])
      await run(url, WAITERS.replace('query', 'pg_terminate_backend(pid)'))
      expect(await moving).toMatchObject({ name: 'WorldFault', kind: 'transient' })
      await blocker.end()
      expect(await run(url, 'select count(*)::int as n from task')).toEqual([{ n: 0 }])
      await (await open(folder)).close()
      await move(folder, url)
      const store = await openPostgres({ url, ...common })
      expect((await tell(store, ids)).loads).toEqual(told.loads)
      await store.close()
    })

    test('that was cut off after its last row but one is only marked when it is run again', async () => {
      const { folder } = await aFolder(1)
      const url = await database()
      await move(folder, url)
      await meddle(folder, `delete from about where key = 'moved'`)
      const store = await openPostgres({ url, ...common })
      const task = aTask()
      await store.commit(aCommit(task))
      expect(await move(folder, url)).toMatchObject({ already: true })
      await expect(open(folder)).rejects.toThrow(StoreMoved)
      expect((await store.load(task.id)).task?.version).toBe(1)
      await store.close()
    })

    test('stops before a ledger that was changed, and the target stays empty', async () => {
      const { folder, ids } = await aFolder(1)
      await meddle(
        folder,
        `alter table ledger disable trigger all; delete from ledger where task = '${ids[0]}' and n = 2`,
      )
      const url = await database()
      await expect(move(folder, url)).rejects.toMatchObject({
        name: 'LedgerBroken',
        broken: [{ task: ids[0], n: 2 }],
      })
      expect(await run(url, 'select count(*)::int as n from task')).toEqual([{ n: 0 }])
      expect(await moveStore({ folder, url, ...common, evenIfBroken: true })).toMatchObject({
        already: false,
      })
    })
  },
)

/** Who waits for a lock in this database. */
const WAITERS = `select query from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`

async function meddle(folder: string, statement: string): Promise<void> {
  const { openCluster } = await import('../../src/store/cluster.ts')
  const { pglite, close } = await openCluster(folder, quiet)
  await pglite.exec(statement)
  await close()
}
