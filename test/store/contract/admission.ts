import { describe, expect, test } from 'vitest'
import { instant, later } from '../../../src/domain/ids.ts'
import { rest, stop } from '../../../src/domain/pause.ts'
import type { Give } from '../bench.ts'
import {
  aCommit,
  admit,
  aName,
  aRepository,
  aRunningTask,
  aStart,
  aStoredTask,
  stored,
  wishedBy,
} from '../samples.ts'

const DAY = 86_400_000

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
  })
}
