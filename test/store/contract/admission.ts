import { describe, expect, test } from 'vitest'
import { instant, later } from '../../../src/domain/ids.ts'
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
      const pause = { scope: aName('profile'), until: instant(Date.now()), reason: 'at its limit' }
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
      await store.admission.unpause(pause.scope)
      expect((await store.admission.view()).pauses).not.toContainEqual(pause)
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
