/** Whoever steals a runner's password can do for its attempts what the runner can, and nothing to anybody else's (T42). */
import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Attempt } from '../../src/domain/attempt.ts'
import type { Sha } from '../../src/domain/ids.ts'
import type { Task } from '../../src/domain/task.ts'
import type { Store } from '../../src/ports/store.ts'
import { openPostgres } from '../../src/store/postgres.ts'
import { roleOf, runnerRoleSql } from '../../src/store/runner-role.ts'
import { openRunnerStore } from '../../src/store/runner-store.ts'
import type { RunnerStore } from '../../src/store/runner-store.ts'
import { systemClock as clock } from '../../src/system/clock.ts'
import { quiet as log } from '../store/bench.ts'
import {
  aRepository,
  aRunningTask,
  aStart,
  aStoredTask,
  admit,
  endFact,
  wishedBy,
} from '../store/samples.ts'
import { runner } from '../support/builders.ts'
import { findPostgres, run, startPostgres } from '../support/postgres.ts'
import type { TestServer } from '../support/postgres.ts'

const found = findPostgres()
const where = found.kind === 'none' ? `not tested: ${found.reason}` : found.kind
const ANY = { tiers: null, profiles: null, repositories: null }

describe.skipIf(found.kind === 'none')(`a stolen runner (${where})`, () => {
  let server: TestServer
  let url: string
  let app: Store
  const opened: (() => Promise<unknown>)[] = []
  beforeAll(async () => {
    server = await startPostgres(found)
    url = await server.createDatabase()
    app = await openPostgres({ url, clock, log })
    for (const name of ['a', 'b']) await run(url, runnerRoleSql(name, null))
    // After an upgrade it is run again.
    await run(url, runnerRoleSql('a', 'x'.repeat(24)))
  })
  afterAll(async () => {
    for (const close of opened) await close()
    await app.close()
    await server.stop()
  })

  const urlOf = (name: string): string => {
    const own = new URL(url)
    own.username = roleOf(name)
    return own.href
  }

  /** A runner under its role, and an attempt that it holds. */
  async function holding(name: string) {
    const store: RunnerStore = await openRunnerStore({ url: urlOf(name), clock, log })
    opened.push(() => store.close())
    const id = `${name}#${randomUUID()}`
    await store.register(runner({ id, publicKey: 'a key' }), 60_000)
    const repository = aRepository()
    await app.repositories.save(repository, [])
    const queued = await aStoredTask(app, { repo: repository.id, wish: wishedBy(7) })
    await admit(app, [aStart(queued)])
    const only = { ...ANY, repositories: [repository.id] }
    const claim = { runner: id, milliseconds: 60_000, limit: 1, only }
    const [attempt] = await store.claim(claim)
    if (attempt === undefined) throw new Error('nothing was claimed')
    const { task } = await app.load(attempt.task)
    if (task === null) throw new Error('there is no task')
    return { store, id, task, attempt }
  }

  const end = (by: string, task: Task, attempt: Attempt) => ({
    runner: by,
    fact: endFact(attempt.id, task),
    bundle: {
      base: '1'.repeat(40) as Sha,
      head: '2'.repeat(40) as Sha,
      bytes: new Uint8Array([1]),
    },
  })

  it('does all that a runner does, under its role', async () => {
    const { store, id, task, attempt } = await holding('a')
    expect((await store.load(task.id)).task).toEqual(task)
    expect(await store.repositories.get(task.repo)).not.toBeNull()
    expect(await store.keep(id, 60_000)).toBe(true)
    const lease = { runner: id, milliseconds: 60_000, phase: 'agent' as const }
    expect(await store.beat(attempt.id, task.epoch, lease)).toEqual({ held: true, stop: null })
    await store.projections.touch(task.id, ['status'])
    const question = { kind: 'briefing' } as const
    const request = {
      id: randomUUID(),
      runner: id,
      attempt: attempt.id,
      epoch: task.epoch,
      question,
    }
    expect(await store.requests.ask(request)).toBe(true)
    await app.requests.answer(request.id, 'sealed')
    expect(await store.requests.pickUp(request.id, id)).toBe('sealed')
    expect(await store.finish(attempt.id, task.epoch, end(id, task, attempt))).toBe(true)
    expect(await app.unconsumed(`task:${task.id}`, 9)).toHaveLength(1)
    expect(await app.bundle(task.id, '2'.repeat(40) as Sha)).not.toBeNull()
    await store.retire(id)
  })

  it('changes nothing of another’s attempt, by the program’s own ways', async () => {
    const { store: thief } = await holding('a')
    const { store: honest, id, task, attempt } = await holding('b')
    const before = await everything()
    expect(await thief.finish(attempt.id, task.epoch, end(id, task, attempt))).toBe(false)
    const lease = { runner: id, milliseconds: 1 }
    expect(await thief.beat(attempt.id, task.epoch, lease)).toEqual({ held: false, stop: null })
    expect(await thief.keep(id, 1)).toBe(false)
    const question = { kind: 'credential' } as const
    const request = {
      id: randomUUID(),
      runner: id,
      attempt: attempt.id,
      epoch: task.epoch,
      question,
    }
    expect(await thief.requests.ask(request)).toBe(false)
    expect((await thief.load(task.id)).task).toBeNull()
    await expect(thief.register(runner({ id, publicKey: 'mine' }), 60_000)).rejects.toThrow(
      'runner',
    )
    await expect(thief.projections.touch(task.id, ['status'])).rejects.toThrow('projection')
    await thief.retire(id)
    expect(await everything()).toEqual(before)
    expect(await honest.requests.ask(request)).toBe(true)
    await app.requests.answer(request.id, 'sealed')
    expect(await thief.requests.pickUp(request.id, id)).toBeNull()
  })

  it('changes and reads nothing of others by any SQL', async () => {
    const mine = await holding('a')
    const { store: honest, task, attempt, id } = await holding('b')
    await honest.finish(attempt.id, task.epoch, end(id, task, attempt))
    const unclaimed = await aRunningTask(app)
    const before = await everything()
    const client = new pg.Client({ connectionString: urlOf('a') })
    await client.connect()
    opened.push(() => client.end())
    const at = `aggregate, kind, repo, fact, received_at`
    const fact = (of: Attempt['id'], epoch: number) =>
      `'{"kind":"attempt-ended","attempt":"${of}","epoch":${epoch},"report":{}}'`
    const insert = (key: string, of: Task, what: string) =>
      `insert into inbox (key, source, ${at}) values ('${key}', 'runner', 'task:${of.id}', 'attempt-ended', null, ${what}, now())`
    const key = (of: Attempt['id'], epoch: number) => `attempt:${of}:${epoch}:end`
    const own = mine.attempt
    const refused = [
      insert(key(attempt.id, task.epoch), task, fact(attempt.id, task.epoch)),
      insert(key(own.id, mine.task.epoch), mine.task, fact(attempt.id, task.epoch)),
      insert(key(own.id, mine.task.epoch - 1), mine.task, fact(own.id, mine.task.epoch - 1)),
      insert('forged', mine.task, fact(own.id, mine.task.epoch)),
      `insert into inbox (key, source, ${at}) values ('x', 'github', 'task:${task.id}', 'label-added', null, '{}', now())`,
      `update attempt set runner = '${id}' where id = '${own.id}'`,
      `update attempt set epoch = 99`,
      `update attempt set ended_at = now()`,
      `update attempt set report = null`,
      `update task set version = 99`,
      `delete from task`,
      `delete from attempt`,
      `insert into act select * from act`,
      `select * from act`,
      `select * from ledger`,
      `select * from pace`,
      `select * from about`,
      `select * from lead`,
      `update slots set version = 0`,
      `select fact from inbox`,
      `update request set answer = '{"sealed":"forged"}'`,
      `update projection set remote_id = '1'`,
      `insert into bundle select attempt, task, epoch, base, head, bytes, stored_at from (select '${attempt.id}' as attempt, '${task.id}' as task, ${task.epoch} as epoch, 'b' as base, 'h' as head, ''::bytea as bytes, now() as stored_at) f`,
      `set role yard`,
      `alter table attempt disable row level security`,
      `create table mine (x int)`,
    ]
    const answerTo = (statement: string): Promise<string> =>
      client.query(statement).then(
        ({ rowCount }) => `${rowCount} rows`,
        (error: unknown) => String(error),
      )
    const obeyed: string[] = []
    for (const statement of refused) {
      const answer = await answerTo(statement)
      if (!/permission denied|row-level security|must be owner/.test(answer))
        obeyed.push(`${statement}: ${answer}`)
    }
    expect(obeyed).toEqual([])
    const changedNothing = [
      `update attempt set phase = 'verifying' where id = '${attempt.id}'`,
      `update attempt set lease_until = now() - interval '1 hour' where runner = '${id}'`,
      `delete from bundle where task = '${task.id}'`,
      `delete from request where runner <> '${mine.id}'`,
      `delete from runner where name = '${id}'`,
    ]
    const touched: string[] = []
    for (const statement of changedNothing) {
      const answer = await answerTo(statement)
      if (answer !== '0 rows') touched.push(`${statement}: ${answer}`)
    }
    expect(touched).toEqual([])
    const seen = async (query: string) => (await client.query(query)).rows.map((row) => row.id)
    expect(await seen(`select id from task`)).toEqual(expect.arrayContaining([mine.task.id]))
    expect(
      await seen(`select id from task where id in ('${task.id}', '${unclaimed.task.id}')`),
    ).toEqual([])
    expect(await seen(`select id from repository where id = ${task.repo}`)).toEqual([])
    expect(await seen(`select id from attempt where runner = '${id}'`)).toEqual([])
    expect(await seen(`select name as id from runner where name = '${id}'`)).toEqual([])
    expect(await everything()).toEqual(before)
  })

  it('reports twice and has reported once', async () => {
    const { store, id, task, attempt } = await holding('a')
    expect(await store.finish(attempt.id, task.epoch, end(id, task, attempt))).toBe(true)
    expect(await store.finish(attempt.id, task.epoch, end(id, task, attempt))).toBe(true)
    expect(await app.unconsumed(`task:${task.id}`, 9)).toHaveLength(1)
  })

  /** All that apps believe, as they have it. */
  const everything = async () =>
    await Promise.all(
      ['task', 'attempt', 'inbox', 'act', 'projection', 'bundle', 'runner', 'slots'].map(
        async (table) =>
          await run(url, `select row_to_json(t)::text as row from ${table} t order by 1`),
      ),
    )
})
