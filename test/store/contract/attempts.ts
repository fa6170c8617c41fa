import { describe, expect, test } from 'vitest'
import { instant, later } from '../../../src/domain/ids.ts'
import type { AttemptId, Instant, Sha } from '../../../src/domain/ids.ts'
import type { Attempts, Store } from '../../../src/ports/store.ts'
import type { Give } from '../bench.ts'
import {
  aCommit,
  aName,
  aReport,
  aRunningTask,
  aStart,
  aStoredTask,
  claim,
  endFact,
  stored,
} from '../samples.ts'

const sha = (digit: string) => digit.repeat(40) as Sha
const ANY = { tiers: null, profiles: null, repositories: null }

export function attemptStories(give: Give): void {
  const lease = { runner: 'runner-a', milliseconds: 60_000 }
  const orphansOf = async (store: Store, runner: string | null = null) =>
    (await store.orphans(runner)).map((orphan) => orphan.id)

  describe('an attempt', () => {
    test('is taken by one of many runners', async () => {
      const { store } = give()
      const { task, attempt } = await aRunningTask(store)
      const runners = ['a', 'b', 'c', 'd']
      const taken = await Promise.all(runners.map((runner) => claim(store, task, { runner })))
      expect(taken.flat().map(({ id }) => id)).toEqual([attempt])
      const [by] = taken.flatMap((rows, n) => (rows.length > 0 ? [runners[n]] : []))
      expect((await store.load(task.id)).live).toMatchObject({ runner: by, epoch: task.epoch })
      expect(await claim(store, task, lease)).toEqual([])
    })

    test('is taken only by a runner that serves its profile, tier and repository', async () => {
      const { store } = give()
      const task = await aStoredTask(store)
      const start = aStart(task)
      const attempt = { ...start.attempt, profile: 'claude', tier: 'opus' }
      const { version } = await store.admission.view()
      expect(await store.admission.admit(version, [{ ...start, attempt }], 60_000)).toBe(true)
      const here = { ...ANY, repositories: [task.repo] }
      const ask = async (only: Parameters<Attempts['claim']>[0]['only']) =>
        (await store.claim({ ...lease, limit: 1, only })).map(({ id }) => id)
      expect(await ask({ ...here, profiles: ['codex'] })).toEqual([])
      expect(await ask({ ...here, tiers: ['haiku'] })).toEqual([])
      expect(await ask({ ...here, profiles: [] })).toEqual([])
      const other = await aStoredTask(store)
      expect(await ask({ ...here, repositories: [other.repo] })).toEqual([])
      expect(await ask({ ...here, profiles: ['codex', 'claude'], tiers: ['opus'] })).toEqual([
        attempt.id,
      ])
    })

    test('without a tier is nobody’s who names tiers', async () => {
      const { store } = give()
      const { task, attempt } = await aRunningTask(store)
      const only = { ...ANY, repositories: [task.repo] }
      const tiers = { ...only, tiers: ['opus'] }
      expect(await store.claim({ ...lease, limit: 9, only: tiers })).toEqual([])
      expect((await store.claim({ ...lease, limit: 9, only })).map(({ id }) => id)).toEqual([
        attempt,
      ])
    })

    test('waits in line: a runner takes no more than it asks for, the first admitted first', async () => {
      const { store } = give()
      const started: AttemptId[] = []
      const tasks = []
      for (const later of [0, 1, 2]) {
        const task = await aStoredTask(store)
        const start = aStart(task)
        const at = instant(Number(start.attempt.startedAt) + later)
        const { version } = await store.admission.view()
        const attempt = { ...start.attempt, startedAt: at }
        await store.admission.admit(version, [{ ...start, attempt }], 60_000)
        started.push(attempt.id)
        tasks.push(task.repo)
      }
      const only = { ...ANY, repositories: tasks }
      const first = await store.claim({ ...lease, limit: 2, only })
      expect(first.map(({ id }) => id).toSorted()).toEqual(started.slice(0, 2).toSorted())
      const rest = await store.claim({ ...lease, limit: 2, only })
      expect(rest.map(({ id }) => id)).toEqual(started.slice(2))
    })

    test('is not taken once it has ended', async () => {
      const { store } = give()
      const { task, attempt: id } = await aRunningTask(store)
      await store.commit(aCommit(task, { attempt: { id, ended: aReport() } }))
      expect(await claim(store, task, lease)).toEqual([])
    })

    test('that has ended is told of since a moment, the newest first, with its repository', async () => {
      const { store } = give()
      const since = later(instant(Date.now()), -1)
      const runs = [await aRunningTask(store), await aRunningTask(store), await aRunningTask(store)]
      for (const { task, attempt: id } of runs.slice(1))
        await store.commit(aCommit(task, { attempt: { id, ended: aReport() } }))
      const ours = async (from: Instant) =>
        (await store.ended(from)).filter(({ task }) => runs.some((one) => one.task.id === task))
      const told = await ours(since)
      const expected = runs.slice(1).map(({ task, attempt: id }) => ({ id, repo: task.repo }))
      expect(told.map(({ id, repo }) => ({ id, repo }))).toEqual(expect.arrayContaining(expected))
      expect(told).toHaveLength(2)
      expect(told.every(({ report }) => report !== null)).toBe(true)
      const [newest, oldest] = told.map(({ endedAt }) => endedAt)
      expect(newest).toBeGreaterThanOrEqual(oldest ?? Infinity)
      expect(await ours(later(instant(Date.now()), 1))).toEqual([])
    })

    test('is told of: when it is admitted, and when it must stop', async () => {
      const { store } = give()
      const told: (AttemptId | null)[] = []
      const unsubscribe = store.onAttempt((id) => told.push(id))
      const { task, attempt: id } = await aRunningTask(store)
      await expect.poll(() => told).toContain(id)
      await claim(store, task, lease)
      told.length = 0
      await store.commit(aCommit(task, { attempt: { id, stop: 'withdrawn' } }))
      await expect.poll(() => told).toContain(id)
      unsubscribe()
    })

    test('hears at its heartbeat that it must stop, and keeps its phase and progress', async () => {
      const { store } = give()
      const { task, attempt: id } = await aRunningTask(store)
      await claim(store, task, lease)
      const progress = {
        message: 'reading \0 code',
        plan: [{ text: 'read', status: 'in_progress' }],
        usage: { tokens: 12, cost: null },
        at: instant(Date.now()),
      } as const
      const beat = { ...lease, phase: 'agent', progress } as const
      expect(await store.beat(id, task.epoch, beat)).toEqual({ held: true, stop: null })
      await store.commit(aCommit(task, { attempt: { id, stop: 'withdrawn' } }))
      expect(await store.beat(id, task.epoch, lease)).toEqual({ held: true, stop: 'withdrawn' })
      expect((await store.load(task.id)).live).toMatchObject({ phase: 'agent', progress })
    })

    test('whose lease ran out is an orphan until its runner beats again', async () => {
      const { store } = give()
      const { task, attempt: id } = await aRunningTask(store)
      await claim(store, task, { ...lease, milliseconds: 1 })
      await expect.poll(() => orphansOf(store)).toContain(id)
      expect(await claim(store, task, { runner: 'runner-b' })).toEqual([])
      expect(await store.beat(id, task.epoch, lease)).toEqual({ held: true, stop: null })
      expect(await orphansOf(store)).not.toContain(id)
    })

    test('that nobody has taken in time is an orphan, and still there to be taken', async () => {
      const { store } = give()
      const task = await aStoredTask(store)
      const { version } = await store.admission.view()
      const start = aStart(task)
      await store.admission.admit(version, [start], 1)
      const orphan = async () =>
        (await store.orphans(null)).find(({ id }) => id === start.attempt.id)
      await expect.poll(orphan).toMatchObject({ runner: null })
      expect(await claim(store, task, lease)).toHaveLength(1)
      expect(await orphan()).toBeUndefined()
    })

    test('that nobody has taken yet is no orphan before its time', async () => {
      const { store } = give()
      const { attempt } = await aRunningTask(store)
      expect(await orphansOf(store)).not.toContain(attempt)
    })

    test('of a former life of this runner is an orphan although its lease still runs', async () => {
      const { store } = give()
      const { task, attempt: id } = await aRunningTask(store)
      const runner = aName('runner')
      await claim(store, task, { runner })
      expect(await orphansOf(store, runner)).toContain(id)
      expect(await orphansOf(store, aName('runner'))).not.toContain(id)
    })
  })

  describe('the end of an attempt', () => {
    const end = (id: AttemptId, task: Parameters<typeof endFact>[1]) => ({
      runner: lease.runner,
      fact: endFact(id, task),
      bundle: null,
    })

    test('is written by the one who holds it, and by nobody else', async () => {
      const { store } = give()
      const { task, attempt: id } = await aRunningTask(store)
      const inbox = () => store.unconsumed(`task:${task.id}`, 9)
      expect(await store.finish(id, task.epoch, end(id, task)), 'nobody holds it').toBe(false)
      await claim(store, task, lease)
      const wrong = { ...end(id, task), runner: 'runner-b' }
      expect(await store.finish(id, task.epoch, wrong), 'another holds it').toBe(false)
      expect(await store.finish(id, task.epoch - 1, end(id, task)), 'an old epoch').toBe(false)
      expect(await inbox()).toEqual([])
      expect(await store.finish(id, task.epoch, end(id, task))).toBe(true)
      expect(await store.finish(id, task.epoch, end(id, task)), 'told twice').toBe(true)
      expect(await inbox()).toMatchObject([endFact(id, task)])
    })

    test('comes too late once the attempt is over: neither fact nor work is written, and no beat counts', async () => {
      const { store } = give()
      const { task, attempt: id } = await aRunningTask(store)
      await claim(store, task, lease)
      await store.commit(aCommit(task, { attempt: { id, ended: aReport('lost') } }))
      const bundle = { base: sha('1'), head: sha('2'), bytes: new Uint8Array([1]) }
      expect(await store.finish(id, task.epoch, { ...end(id, task), bundle })).toBe(false)
      expect(await store.unconsumed(`task:${task.id}`, 9)).toEqual([])
      expect(await store.bundle(task.id, bundle.head)).toBeNull()
      expect(await store.beat(id, task.epoch, lease)).toEqual({ held: false, stop: null })
    })

    test('keeps the work for whoever publishes it, byte by byte, until it is superseded', async () => {
      const { store } = give()
      const { task, attempt: id } = await aRunningTask(store)
      await claim(store, task, lease)
      const bytes = Uint8Array.from({ length: 70_000 }, (_, n) => (n * 31) % 256)
      const first = { base: sha('1'), head: sha('2'), bytes }
      await store.finish(id, task.epoch, { ...end(id, task), bundle: first })
      const kept = await store.bundle(task.id, first.head)
      expect(kept).toMatchObject({ base: first.base, head: first.head })
      expect(Buffer.compare(kept?.bytes ?? new Uint8Array(), bytes)).toBe(0)
      expect(await store.bundle(task.id, sha('3'))).toBeNull()
      const second = { ...first, head: sha('4') }
      await store.finish(id, task.epoch, { ...end(id, task), bundle: second })
      expect(await store.bundle(task.id, first.head)).toBeNull()
      expect(await store.bundle(task.id, second.head)).not.toBeNull()
    })

    test('keeps work that is not published; drops it once it waits for review, or is done', async () => {
      const { store } = give()
      const head = sha('5')
      const kept = async (fields: Parameters<typeof aCommit>[0]) => {
        await store.commit(aCommit(fields))
        return (await store.bundle(fields.id, head)) !== null
      }
      const finished = async () => {
        const { task, attempt: id } = await aRunningTask(store)
        await claim(store, task, lease)
        const bundle = { base: sha('1'), head, bytes: new Uint8Array([7]) }
        await store.finish(id, task.epoch, { ...end(id, task), bundle })
        return task
      }
      const pull = { number: 9, head, url: 'https://example.test/9' } as never
      const reviewed = await finished()
      expect(await kept({ ...reviewed, state: { kind: 'publishing' } })).toBe(true)
      const waiting = await stored(store, reviewed.id)
      expect(await kept({ ...waiting, state: { kind: 'in-review', pull }, pushed: head })).toBe(
        false,
      )
      const failed = await finished()
      expect(await kept({ ...failed, state: { kind: 'failed', reason: 'refused' } })).toBe(true)
      const over = await stored(store, failed.id)
      expect(await kept({ ...over, state: { kind: 'done', reason: 'merged' } })).toBe(false)
    })
  })
}
