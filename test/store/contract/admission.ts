import { describe, expect, test } from 'vitest'
import type { Spending } from '../../../src/domain/budget.ts'
import type { Task } from '../../../src/domain/task.ts'
import { instant, later } from '../../../src/domain/ids.ts'
import { rest, stop } from '../../../src/domain/pause.ts'
import type { Give } from '../bench.ts'
import {
  aCommit,
  admit,
  aName,
  aRepository,
  aReport,
  aRunningTask,
  aStart,
  aStoredTask,
  aTask,
  stored,
  wishedBy,
} from '../samples.ts'

const DAY = 86_400_000

const spentOf = (spent: readonly Spending[], { id }: Task): readonly Spending[] =>
  spent.filter(({ task }) => task === id)

export function admissionStories(give: Give): void {
  describe('admission', () => {
    test('sees what waits, what lives, the repositories, the pauses and who started how much', async () => {
      const { store } = give()
      const actor = Number(aName('').slice(1))
      const repository = aRepository()
      await store.repositories.save(repository, [])
      const queued = await aStoredTask(store, { repo: repository.id, wish: wishedBy(actor) })
      const running = await aStoredTask(store, { repo: repository.id, wish: wishedBy(actor) })
      const longAgo = await aStoredTask(store, { repo: repository.id, wish: wishedBy(actor) })
      const old = aStart(longAgo)
      const startedAt = later(instant(Date.now()), -DAY - 1000)
      const start = aStart(running)
      const starts = [start, { ...old, attempt: { ...old.attempt, startedAt } }]
      expect(await admit(store, starts)).toBe(true)
      const pause = rest(aName('profile'), instant(Date.now()), 'at its limit')
      await store.admission.pause({ ...pause, reason: 'overwritten' })
      await store.admission.pause(pause)

      const view = await store.admission.view()
      expect(view.queued).toContainEqual(queued)
      expect(view.live).toContainEqual({ ...start.attempt, repo: repository.id, actor, losses: 0 })
      expect(view.repositories).toContainEqual(repository)
      expect(view.pauses).toContainEqual(pause)
      expect(view.startedByActor.get(actor)).toBe(1)
      expect(view.served.filter(({ repo }) => repo === repository.id)).toEqual([
        { repo: repository.id, actor, last: start.attempt.startedAt },
      ])
    })

    test('tells what waits in the same order, wherever the rows lie by now', async () => {
      const { store } = give()
      const { id: repo } = aRepository()
      for (const number of [3, 1, 2]) await aStoredTask(store, { repo, number })
      const waiting = async () =>
        (await store.admission.view()).queued.filter((task) => task.repo === repo)
      const [first] = await waiting()
      if (first === undefined) throw new Error('nothing waits')
      await store.commit(aCommit(first))
      expect((await waiting()).map(({ number }) => number)).toEqual([1, 2, 3])
    })

    test('a pause holds until somebody ends it, and when that was is remembered', async () => {
      const { store } = give()
      const pause = stop(aName('hold'), { reason: 'why', by: 'ana', now: true, cause: '1-2.3' })
      await store.admission.pause(pause)
      expect(await store.admission.pauses()).toContainEqual(pause)
      const before = Date.now()
      await store.admission.unpause(pause.scope)
      await store.admission.unpause(aName('nobody paused this'))
      const ended = (await store.admission.pauses()).find(({ scope }) => scope === pause.scope)
      expect(ended).toEqual({ ...pause, now: false, until: expect.any(Number) })
      expect(ended?.until).toBeGreaterThanOrEqual(before)
    })

    test('what was planned before a pause is not admitted after it', async () => {
      const { store } = give()
      const task = await aStoredTask(store)
      const { version } = await store.admission.view()
      await store.admission.pause(stop(aName('hold'), { reason: '' }))
      expect(await store.admission.admit(version, [aStart(task)], 60_000)).toBe(false)
      expect((await store.load(task.id)).live).toBeNull()
    })

    test('gives out slots for one view once', async () => {
      const { store } = give()
      const tasks = [await aStoredTask(store), await aStoredTask(store)]
      const { version } = await store.admission.view()
      const given = await Promise.all(
        tasks.map((task) => store.admission.admit(version, [aStart(task)], 60_000)),
      )
      expect(given.filter(Boolean)).toHaveLength(1)
      const live = await Promise.all(tasks.map(async (task) => (await store.load(task.id)).live))
      expect(live.filter((attempt) => attempt !== null)).toHaveLength(1)
    })

    test('starts all or none', async () => {
      const { store } = give()
      const [fresh, changed] = [await aStoredTask(store), await aStoredTask(store)]
      await store.commit(aCommit({ ...changed, priority: 9 }))
      const before = await store.admission.view()
      expect(await admit(store, [aStart(fresh), aStart(changed)])).toBe(false)
      expect(await stored(store, fresh.id)).toEqual(fresh)
      expect(await store.open(fresh.id)).toEqual([])
      expect((await store.admission.view()).version).toBe(before.version)
    })

    test('makes a second live attempt impossible, whatever asks for it', async () => {
      const { store } = give()
      const { task } = await aRunningTask(store)
      const { ledger } = await store.load(task.id)
      await expect(admit(store, [aStart(task, ledger)])).rejects.toThrow('attempt')
      expect(await store.attempts(task.id)).toHaveLength(1)
    })

    test('tells what attempts were allowed and have used, once they have ended', async () => {
      const { store } = give()
      const task = await aStoredTask(store)
      const start = aStart(task)
      const allowance = { cost: 4.5, tokens: 9_000_000 }
      const usage = { tokens: 12_000, cost: 0.25, model: 'small' }
      const attempt = { ...start.attempt, allowance }
      expect(await admit(store, [{ ...start, attempt }])).toBe(true)
      expect(spentOf(await store.admission.spent(), task)).toEqual([])
      expect((await store.load(task.id)).live).toMatchObject({ allowance })
      const running = await stored(store, task.id)
      const ended = { ...aReport('it crashed'), usage }
      await store.commit(aCommit(running, { attempt: { id: attempt.id, ended } }))
      const spent = {
        task: task.id,
        repo: task.repo,
        n: 1,
        endedAt: expect.any(Number),
        usage,
        allowance,
      }
      expect(spentOf(await store.admission.spent(), task)).toEqual([spent])
      expect(spentOf((await store.admission.view()).spent, task)).toEqual([spent])
    })

    test('forgets what was spent a day ago, but not of a task that waits for a slot', async () => {
      const { store } = give()
      const endedAt = later(instant(Date.now()), -DAY - 1_000)
      const restored = async (fields: Partial<Task>) => {
        const task = aTask({ attempts: 1, ...fields })
        const { attempt } = aStart({ ...task, attempts: 0 })
        const past = { startedAt: endedAt, endedAt, report: aReport('it crashed') }
        const attempts = [{ ...attempt, ...past }]
        const nothing = { ledger: [], surfaces: [], acts: [], snapshot: null }
        await store.rebuild.restore({ task, attempts, ...nothing })
        return task
      }
      const waits = await restored({})
      const done = await restored({ state: { kind: 'done', reason: 'merged' } })
      const now = await store.admission.spent()
      expect([...spentOf(now, waits), ...spentOf(now, done)]).toEqual([])
      const { spent } = await store.admission.view()
      expect(spentOf(spent, waits)).toMatchObject([{ n: 1, usage: { tokens: null, cost: null } }])
      expect(spentOf(spent, done)).toEqual([])
    })
  })
}
