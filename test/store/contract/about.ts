import { describe, expect, test } from 'vitest'
import { actKey, attemptId, later, instant } from '../../../src/domain/ids.ts'
import type { Attempt } from '../../../src/domain/attempt.ts'
import { chain, LEDGER_START } from '../../../src/domain/ledger.ts'
import { snapshotHash } from '../../../src/domain/snapshot.ts'
import type { Give } from '../bench.ts'
import { aRepository, aReport, aTask, stored, wishedBy } from '../samples.ts'

/** The first of a store's stories: they see it before anything was written. */
export function aboutStories(give: Give): void {
  describe('the store itself', () => {
    test('is empty until it is told of a repository', async () => {
      const { store } = give()
      expect(await store.rebuild.isEmpty()).toBe(true)
      await store.about.set('rebuilding', instant(1))
      expect(await store.rebuild.isEmpty()).toBe(true)
      await store.about.set('rebuilding', null)
      await store.repositories.save(aRepository(), [])
      expect(await store.rebuild.isEmpty()).toBe(false)
    })

    test('remembers what is said of it until it is told to forget', async () => {
      const { store } = give()
      expect(await store.about.get('looks-first')).toBeNull()
      await store.about.set('looks-first', instant(5))
      await store.about.set('looks-first', instant(7))
      expect(await store.about.get('looks-first')).toBe(7)
      expect(await store.about.get('rebuilding')).toBeNull()
      await store.about.set('looks-first', null)
      expect(await store.about.get('looks-first')).toBeNull()
    })
  })

  describe('a task that is known from elsewhere', () => {
    test('comes with its attempts, ledger, snapshot and surfaces, once', async () => {
      const { store } = give()
      const snapshot = { title: 'Say hello', body: 'Please.' }
      const wished = wishedBy(77)
      const wish = wished === null ? null : { ...wished, snapshot: snapshotHash(snapshot) }
      const task = aTask({ attempts: 1, epoch: 1004, wish })
      const attempt: Attempt = {
        id: attemptId(task.id, 1),
        task: task.id,
        n: 1,
        epoch: 4,
        profile: 'patch',
        tier: null,
        phase: 'agent',
        runner: null,
        startedAt: instant(Date.now()),
        endedAt: instant(Date.now()),
        stop: null,
        allowance: null,
        progress: null,
        report: aReport('it crashed'),
      }
      const at = instant(Date.now())
      const ledger = chain(task.id, LEDGER_START, [
        { event: 'task.rebuilt', why: 'from a comment', by: null, at, data: {} },
      ])
      const wake = {
        key: actKey(`wake:${task.id}:${task.epoch}:remind:1`),
        task: task.id,
        epoch: task.epoch,
        notBefore: later(at, 3_600_000),
        detail: { kind: 'wake', timer: 'remind', question: 1, at: later(at, 3_600_000) },
      } as const
      const told = { surfaces: ['status'], acts: [wake] } as const
      const rebuilt = { task, attempts: [attempt], ledger, snapshot, ...told }
      expect(await store.rebuild.restore(rebuilt)).toBe(true)
      expect(await store.rebuild.restore(rebuilt)).toBe(false)
      expect(await stored(store, task.id)).toEqual({ ...task, version: 1 })
      expect(await store.attempts(task.id)).toEqual([attempt])
      expect(await store.ledger(task.id)).toEqual(ledger)
      expect(await store.snapshot(snapshotHash(snapshot))).toEqual(snapshot)
      expect(await store.open(task.id)).toMatchObject([wake])
      const stale = await store.projections.stale(1_000)
      expect(stale.filter((row) => row.task === task.id)).toHaveLength(1)
      expect((await store.admission.view()).startedByActor.get(77)).toBe(1)
    })
  })
}
