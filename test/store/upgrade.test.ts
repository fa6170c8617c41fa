/**
 * Every form that the tables had in a release, with rows that the program of then wrote while it worked (the last of
 * them when it was killed), brought to today's form and worked on by today's program.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { decideTask } from '../../src/domain/decide/task.ts'
import type { Fact, TaskFact } from '../../src/domain/fact.ts'
import type { ActKey } from '../../src/domain/ids.ts'
import { chain } from '../../src/domain/ledger.ts'
import type { Attempt } from '../../src/domain/attempt.ts'
import type { Task } from '../../src/domain/task.ts'
import type { Store } from '../../src/ports/store.ts'
import type { Db } from '../../src/store/database.ts'
import { importRows } from '../../src/store/backup/import-rows.ts'
import { openCluster } from '../../src/store/cluster.ts'
import { loadPgliteDriver, loadPostgresDriver } from '../../src/store/drizzle.ts'
import { openEmbedded } from '../../src/store/embedded.ts'
import { knownSchemas, makeSchema } from '../../src/store/migrate.ts'
import { openPool, openPostgres } from '../../src/store/postgres.ts'
import type { StoreWithUpkeep } from '../../src/store/upkeep.ts'
import { systemClock } from '../../src/system/clock.ts'
import {
  ana,
  attempt,
  issue,
  report,
  repository,
  snapshot,
  task,
  world,
} from '../support/builders.ts'
import type { TestServer } from '../support/postgres.ts'
import { findPostgres, startPostgres } from '../support/postgres.ts'
import { quiet } from './bench.ts'
import { aCommit } from './samples.ts'

const RECORDED = join(import.meta.dirname, '../fixtures/store')
const releases = readdirSync(RECORDED).map((name) => ({ name, lines: readLines(name) }))
const found = findPostgres()
const base = mkdtempSync(join(tmpdir(), 'yard-upgrade-'))
afterAll(() => rmSync(base, { recursive: true, force: true }))

function readLines(name: string): readonly string[] {
  return readFileSync(join(RECORDED, name), 'utf8').trimEnd().split('\n')
}

test('each release has its recorded rows', () => {
  // The schema that 0.1.0 shipped; the next release adds its own.
  expect(releases.map(({ name }) => name)).toEqual(['0001-one-row-of-slots.jsonl'])
})

describe.each(releases)('a store of $name', { timeout: 90_000 }, ({ name, lines }) => {
  const { schema } = JSON.parse(lines[0] ?? '') as { readonly schema: number }
  const rows = lines.slice(1, -1)
  async function* stream(): AsyncGenerator<string> {
    yield* rows
  }
  /** What it was before: one array for each row of a table. */
  const recorded = (table: string): readonly (readonly (string | null)[])[] => {
    const begin = rows.findIndex((line) => line.startsWith(`{"table":"${table}"`))
    const rest = rows.slice(begin + 1)
    const end = rest.findIndex((line) => !line.startsWith('['))
    return rest.slice(0, end === -1 ? undefined : end).map((line) => JSON.parse(line))
  }
  /** Nulls are empty. */
  const column = (table: string, wanted: string): readonly string[] => {
    const header = rows.find((line) => line.startsWith(`{"table":"${table}"`)) ?? '{}'
    const at = (JSON.parse(header) as { columns: string[] }).columns.indexOf(wanted)
    return recorded(table).map((row) => row[at] ?? '')
  }

  async function fill(db: Db, apply: Parameters<typeof makeSchema>[0]): Promise<void> {
    await makeSchema(apply, schema)
    await db.transaction((tx) => importRows(tx, stream()))
  }

  function upgraded(kind: string, prepare: () => Promise<() => Promise<StoreWithUpkeep>>): void {
    describe(`${kind}, today`, () => {
      let open: () => Promise<StoreWithUpkeep>
      let store: StoreWithUpkeep
      beforeAll(async () => {
        open = await prepare()
        store = await open()
      })
      afterAll(() => store.close())

      test('keeps every task, attempt, fact and ledger, and each can be read', async () => {
        const tasks = await store.list({})
        expect(tasks.map(({ id }) => id).toSorted()).toEqual(column('task', 'id').toSorted())
        for (const one of tasks) {
          expect(missing(one, task())).toEqual([])
          expect(missing(one.report ?? report(), report())).toEqual([])
          expect((await store.load(one.id)).ledger.n).toBe((await store.ledger(one.id)).length)
          const blessed = one.wish === null ? {} : await store.snapshot(one.wish.snapshot)
          expect(blessed).not.toBeNull()
        }
        const opened = tasks.flatMap(({ id, repo, pull }) => (pull ? [{ id, repo, pull }] : []))
        expect(opened.length).toBeGreaterThan(0)
        for (const { id, repo, pull } of opened)
          expect((await store.findByPull(repo, pull.number))?.id).toBe(id)
        const attempts = await attemptsOf(store, tasks)
        expect(attempts).toHaveLength(recorded('attempt').length)
        for (const one of attempts) {
          expect(missing(one, attempt())).toEqual([])
          expect(missing(one.report ?? report(), report())).toEqual([])
        }
        for (const one of await store.repositories.all())
          expect(missing(one, repository())).toEqual([])
        const { broken, entries } = await store.upkeep.verifyLedgers([])
        expect({ broken, entries }).toEqual({ broken: [], entries: recorded('ledger').length })
      })

      test('loses nothing that was under way', async () => {
        const { live } = await store.admission.view()
        const running =
          recorded('attempt').length - column('attempt', 'ended_at').filter(Boolean).length
        expect(running).toBeGreaterThan(0)
        expect(live).toHaveLength(running)
        const orphans = await store.orphans('embedded')
        expect(orphans.map(({ id }) => id).toSorted()).toEqual(live.map(({ id }) => id).toSorted())
        // Whatever was still to be done has a job again; what nobody performs any more is called off.
        const status = column('act', 'status')
        const kinds = column('act', 'kind')
        const due = column('act', 'key').filter(
          (_, at) => status[at] === 'open' && kinds[at] !== 'start-attempt',
        )
        expect(due.length).toBeGreaterThan(0)
        const seen = new Set<ActKey>()
        await store.perform(async (key) => {
          const row = await store.begin(key)
          if (row !== null) seen.add(row.key)
          await store.settle(key, { status: 'failed', remoteId: null, fact: null })
        }, 2)
        await expect.poll(() => [...seen].toSorted(), { timeout: 20_000 }).toEqual(due.toSorted())
        await store.stopPerforming()
        const surfaces = (await store.projections.stale(99)).map(({ surface }) => surface)
        expect(surfaces.filter((surface) => surface.startsWith('check:'))).not.toEqual([])
      })

      test('is decided on: what was told then, and what is told now', async () => {
        const facts = column('inbox', 'fact').map((text) => JSON.parse(text) as Fact)
        expect(new Set(facts.map(({ kind }) => kind)).size).toBeGreaterThan(8)
        for (const one of await store.list({}))
          for (const fact of facts.filter(isTaskFact)) {
            const { live } = await store.load(one.id)
            expect(() => decideTask({ task: one, live }, fact, world())).not.toThrow()
          }
        const now = systemClock.now()
        for (const { id } of await store.list({})) {
          const loaded = await store.load(id)
          if (loaded.task === null) throw new Error(`${id} is gone`)
          const closed: TaskFact = {
            kind: 'issue-closed',
            actor: ana,
            issue: issue(),
            at: now,
            via: 'webhook',
          }
          const decided = decideTask(
            { task: loaded.task, live: loaded.live },
            closed,
            world({ now }),
          )
          if (decided === null) continue
          const { next, acts, surfaces, attempt: end, callOff } = decided
          const ledger = chain(id, loaded.ledger, decided.ledger)
          const fields = {
            expected: loaded.task.version,
            acts,
            surfaces,
            attempt: end,
            callOff,
            ledger,
          }
          expect(await store.commit(aCommit(next, { ...fields, snapshot }))).toBe(true)
        }
        const open = await store.list({ states: ['queued', 'running', 'publishing', 'in-review'] })
        expect(open.filter(({ state }) => state.kind !== 'running')).toEqual([])
      })

      test('is started again, as it was left', async () => {
        const before = await store.list({})
        await store.close()
        store = await open()
        expect(await store.list({})).toEqual(before)
        expect((await store.upkeep.verifyLedgers([])).broken).toEqual([])
      })
    })
  }

  test('is older than today', () => {
    expect(knownSchemas().indexOf(schema)).toBeGreaterThanOrEqual(0)
    expect(knownSchemas().at(-1)).toBeGreaterThan(schema)
  })

  upgraded('embedded', async () => {
    const folder = join(base, name)
    const { pglite, close } = await openCluster(await madeFolder(folder), quiet)
    const { drizzle, migrate } = loadPgliteDriver()
    await fill(drizzle(pglite), (config) => migrate(drizzle(pglite), config))
    await close()
    return () => openEmbedded({ folder, clock: systemClock, log: quiet })
  })

  describe.skipIf(found.kind === 'none')('on a server', () => {
    let server: TestServer
    afterAll(() => server.stop())
    upgraded('PostgreSQL', async () => {
      server = await startPostgres(found)
      const url = await server.createDatabase()
      const pool = openPool(url, quiet, {})
      const { drizzle, migrate } = loadPostgresDriver()
      await fill(drizzle(pool), (config) => migrate(drizzle(pool), config))
      await pool.end()
      return () => openPostgres({ url, clock: systemClock, log: quiet })
    })
  })
})

async function madeFolder(folder: string): Promise<string> {
  const { mkdir } = await import('node:fs/promises')
  await mkdir(folder)
  return folder
}

const isTaskFact = (fact: Fact): fact is TaskFact =>
  fact.kind !== 'branch-moved' && fact.kind !== 'repository-seen' && fact.kind !== 'repository-gone'

/** Fields that today's program expects, by its own types, and the row as it was read does not have. */
const missing = (read: object, like: object): readonly string[] =>
  Object.keys(like).filter((key) => !(key in read))

async function attemptsOf(store: Store, tasks: readonly Task[]): Promise<readonly Attempt[]> {
  const all = await Promise.all(tasks.map(({ id }) => store.attempts(id)))
  return all.flat()
}
