/** The contract, on a PostgreSQL server; and what only several processes on one server can show. */
import pg from 'pg'
import { afterAll, describe, expect, test } from 'vitest'
import { installationId } from '../../src/domain/ids.ts'
import { createGovernor } from '../../src/github/governor.ts'
import { FRESH } from '../../src/github/pace.ts'
import { NOBODY } from '../../src/github/turns.ts'
import { WorldFault } from '../../src/ports/fault.ts'
import type { PaceChange } from '../../src/ports/pace-book.ts'
import type { Aggregate } from '../../src/ports/store.ts'
import { openPostgres } from '../../src/store/postgres.ts'
import { systemClock } from '../../src/system/clock.ts'
import type { TestServer } from '../support/postgres.ts'
import { findPostgres, run, startPostgres } from '../support/postgres.ts'
import { quiet } from './bench.ts'
import { storeContract } from './contract/all.ts'
import { aCommit, aFact, anAct, aStoredTask, aTask, stored } from './samples.ts'

const found = findPostgres()

const faultKind = (error: unknown): string => {
  if (error instanceof WorldFault) return error.kind
  throw error
}

const where = found.kind === 'none' ? `not tested: ${found.reason}` : found.kind

describe.skipIf(found.kind === 'none')(`on PostgreSQL (${where})`, () => {
  let server: Promise<TestServer> | null = null
  const database = async () => (await (server ??= startPostgres(found))).createDatabase()
  const open = (url: string, clock = systemClock) => openPostgres({ url, clock, log: quiet })
  afterAll(async () => {
    await (await server)?.stop()
  })

  storeContract('the store on PostgreSQL', async () => {
    const url = await database()
    return {
      open: (clock) => open(url, clock),
      query: (statement) => run(url, statement),
      remove: async () => {},
    }
  })

  test('a server that is not there is the world’s fault, a database that is not there is told', async () => {
    const nowhere = 'postgres://yard@127.0.0.1:1/none'
    await expect(open(nowhere)).rejects.toMatchObject({
      kind: 'transient',
      operation: 'store.open',
    })
    const url = new URL(await database())
    url.pathname = '/no_such_database'
    await expect(open(url.href)).rejects.toThrow('database "no_such_database" does not exist')
  })

  describe('two stores on one PostgreSQL, as two processes have them', () => {
    test('both migrate an empty database at once, and both work', async () => {
      const url = await database()
      const stores = await Promise.all([open(url), open(url), open(url)])
      await Promise.all(stores.map((store) => store.append([aFact(aTask().id)])))
      expect(await stores[0]?.pending(10)).toHaveLength(3)
      await Promise.all(stores.map((store) => store.close()))
    })

    test('write in one book, and hear of each other’s pages', async () => {
      const url = await database()
      const [here, there] = [await open(url), await open(url)]
      const heard: (PaceChange | null)[] = []
      there.pace.onChanged((change) => heard.push(change))
      const installation = installationId(77)
      const state = { account: FRESH, turns: NOBODY }
      await here.pace.compareAndSet(installation, 0, state)
      await expect.poll(() => heard).toEqual([{ installation, version: 1 }])
      expect(here.pace.shared).toBe(true)
      expect(await there.pace.compareAndSet(installation, 0, state)).toBeNull()
      await Promise.all([here.close(), there.close()])
    })

    test('write to GitHub one at a time and paced, as if they were one', async () => {
      const url = await database()
      const stores = [await open(url), await open(url)]
      const installation = installationId(78)
      const governors = stores.map(({ pace: book }, n) =>
        createGovernor({
          clock: systemClock,
          book,
          installation,
          instance: `process ${n}`,
          paceMilliseconds: 100,
          onHeldBack: () => {},
        }),
      )
      const times: { readonly from: number; readonly to: number }[] = []
      const write = async (): Promise<void> => {
        const from = performance.now()
        await systemClock.sleep(30)
        times.push({ from, to: performance.now() })
      }
      const ask = { effect: 'edit', lane: 'act', resource: 'core' } as const
      const writes = governors.flatMap((governor) =>
        Array.from({ length: 4 }, () => governor.run(ask, 'write', write)),
      )
      await Promise.all(writes)
      const gaps = times.slice(1).map(({ from }, n) => from - (times[n]?.to ?? 0))
      expect(gaps).toHaveLength(7)
      // The database tells whole milliseconds, and both ends are rounded.
      expect(Math.min(...gaps)).toBeGreaterThanOrEqual(97)
      const state = (await stores[0]?.pace.load(installation))?.state
      expect(state?.account.spent.reduce((sum, { points }) => sum + points, 0)).toBe(40)
      for (const governor of governors) governor.close()
      await Promise.all(stores.map((store) => store.close()))
    })

    test('hear of each other’s facts, again also after the connection broke', async () => {
      const url = await database()
      const [here, there] = [await open(url), await open(url)]
      const heard: (Aggregate | null)[] = []
      there.onAppended((aggregate) => heard.push(aggregate))
      const { id } = aTask()
      await here.append([aFact(id)])
      await expect.poll(() => heard).toEqual([`task:${id}`])
      await run(
        url,
        `select pg_terminate_backend(pid) from pg_stat_activity
          where query like 'listen yardmaster%' and datname = current_database()`,
      )
      // Null: something may have been missed, look everywhere.
      await expect.poll(() => heard, { timeout: 5000 }).toContain(null)
      const { id: next } = aTask()
      await here.append([aFact(next)])
      await expect.poll(() => heard).toContain(`task:${next}`)
      await Promise.all([here.close(), there.close()])
    })

    test('go on when the server threw all their connections out', async () => {
      const url = await database()
      const store = await open(url)
      const performed: string[] = []
      await store.perform(async (key) => {
        performed.push(key)
        await store.settle(key, { status: 'done', remoteId: null, fact: null })
      }, 2)
      await run(
        url,
        `select pg_terminate_backend(pid) from pg_stat_activity
          where datname = current_database() and pid <> pg_backend_pid()`,
      )
      const task = aTask()
      const act = anAct(task)
      const commit = () => store.commit(aCommit(task, { acts: [act] })).catch(faultKind)
      await expect.poll(commit, { timeout: 5000 }).toBe(true)
      await expect.poll(() => performed, { timeout: 8000 }).toEqual([act.key])
      await store.close()
    })

    test('give up on a fact that is not durable in time, and still keep it if it became so', async () => {
      const url = await database()
      const log = quiet
      const store = await openPostgres({ url, clock: systemClock, log, appendDeadline: 300 })
      const { id } = aTask()
      const blocker = new pg.Client({ connectionString: url })
      await blocker.connect()
      await blocker.query('begin; lock table inbox in access exclusive mode')
      const fact = aFact(id)
      await expect(store.append([fact])).rejects.toMatchObject({
        kind: 'transient',
        applied: 'unknown',
      })
      await blocker.query('commit')
      await blocker.end()
      // GitHub delivers again.
      await store.append([fact])
      expect(await store.unconsumed(`task:${id}`, 9)).toHaveLength(1)
      await store.close()
    })

    test('perform an act once between them', async () => {
      const url = await database()
      const stores = [await open(url), await open(url)]
      const performed: string[] = []
      for (const store of stores)
        await store.perform(async (key) => {
          if ((await store.begin(key)) === null) return
          performed.push(key)
          await store.settle(key, { status: 'done', remoteId: null, fact: null })
        }, 4)
      const [first] = stores
      if (first === undefined) throw new Error('there is no store')
      const task = await aStoredTask(first)
      const acts = Array.from({ length: 40 }, () => anAct(task))
      await first.commit(aCommit(await stored(first, task.id), { acts }))
      await expect.poll(async () => (await first.open(task.id)).length, { timeout: 5000 }).toBe(0)
      expect(performed.toSorted()).toEqual(acts.map((act) => String(act.key)).toSorted())
      await Promise.all(stores.map((store) => store.close()))
    })
  })
})
