import { randomUUID } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import type { Runner } from '../../../src/domain/runner.ts'
import type { Give } from '../bench.ts'
import { aCommit, aName, aReport, aRunningTask, claim } from '../samples.ts'

const aRunner = (over: Partial<Runner> = {}): Runner => ({
  id: aName('runner'),
  labels: { tiers: ['opus'], profiles: null, repositories: [7, 'ana/shop'] },
  capacity: 3,
  version: '0.1.0',
  jail: 'bwrap',
  publicKey: null,
  ...over,
})
const LONG = 60_000

export function runnerStories(give: Give): void {
  describe('a runner', () => {
    test('is known from when it registers until it retires, with all that it said, and admission sees it', async () => {
      const { store } = give()
      const runner = aRunner({ publicKey: 'a key', jail: 'none' })
      await store.register(runner, LONG)
      expect(await store.alive()).toContainEqual(runner)
      expect((await store.admission.view()).runners).toContainEqual(runner)
      const wider = { ...runner, capacity: 5 }
      await store.register(wider, LONG)
      expect((await store.alive()).filter(({ id }) => id === runner.id)).toEqual([wider])
      await store.retire(runner.id)
      expect((await store.alive()).map(({ id }) => id)).not.toContain(runner.id)
    })

    test('that says nothing any more is gone when its time is up, and has to register again', async () => {
      const { store } = give()
      const runner = aRunner()
      const alive = async () => (await store.alive()).some(({ id }) => id === runner.id)
      await store.register(runner, LONG)
      expect(await store.keep(runner.id, LONG)).toBe(true)
      expect(await store.keep(runner.id, 1)).toBe(true)
      await expect.poll(alive).toBe(false)
      expect(await store.keep(runner.id, LONG)).toBe(false)
      expect(await alive()).toBe(false)
      await store.register(runner, LONG)
      expect(await alive()).toBe(true)
      expect(await store.keep(aName('nobody'), LONG)).toBe(false)
    })

    test('is told of when it comes and when it goes, not when it merely goes on', async () => {
      const { store } = give()
      const runner = aRunner()
      let told = 0
      const unsubscribe = store.onRunner(() => (told += 1))
      await store.register(runner, LONG)
      await expect.poll(() => told).toBe(1)
      await store.keep(runner.id, LONG)
      await store.retire(runner.id)
      await expect.poll(() => told).toBe(2)
      unsubscribe()
      await store.register(runner, LONG)
      expect(told).toBe(2)
    })
  })

  describe('the lead', () => {
    test('is one’s at a time, until it is given back or runs out', async () => {
      const { store } = give()
      const what = aName('lead')
      const asked = ['a', 'b', 'c'].map((holder) => store.lead.take(what, holder, LONG))
      expect((await Promise.all(asked)).filter(Boolean)).toHaveLength(1)
      const other = aName('lead')
      expect(await store.lead.take(other, 'a', LONG)).toBe(true)
      expect(await store.lead.take(other, 'a', LONG), 'kept').toBe(true)
      expect(await store.lead.take(other, 'b', LONG)).toBe(false)
      await store.lead.leave(other, 'b')
      expect(await store.lead.take(other, 'b', LONG), 'only its holder gives it back').toBe(false)
      await store.lead.leave(other, 'a')
      expect(await store.lead.take(other, 'b', 1)).toBe(true)
      await expect.poll(() => store.lead.take(other, 'a', LONG)).toBe(true)
    })
  })
  describe('a request of a runner', () => {
    const question = { kind: 'credential' } as const
    /** A runner with a key that holds an attempt, and what it would ask. */
    const asking = async () => {
      const { store } = give()
      const runner = aRunner({ publicKey: aName('key') })
      await store.register(runner, LONG)
      const { task, attempt } = await aRunningTask(store)
      await claim(store, task, { runner: runner.id })
      const request = { id: randomUUID(), runner: runner.id, attempt, epoch: task.epoch, question }
      const waits = async () =>
        (await store.requests.asked(1_000)).filter(({ id }) => id === request.id)
      return { store, runner, task, attempt, request, waits }
    }

    test('is told of, answered, picked up once by its runner, and leaves nothing behind', async () => {
      const { store, runner, request, waits } = await asking()
      const told: (string | null)[] = []
      const unsubscribe = store.requests.onRequest((id) => told.push(id))
      expect(await store.requests.ask(request)).toBe(true)
      expect(await waits()).toEqual([{ ...request, publicKey: runner.publicKey }])
      await expect.poll(() => told).toEqual([request.id])
      expect(await store.requests.pickUp(request.id, runner.id)).toBeNull()
      await store.requests.answer(request.id, 'sealed')
      await store.requests.answer(request.id, 'another app was slower')
      await expect.poll(() => told.length).toBe(3)
      expect(await waits(), 'answered').toEqual([])
      expect(await store.requests.pickUp(request.id, aName('other'))).toBeNull()
      expect(await store.requests.pickUp(request.id, runner.id)).toBe('sealed')
      expect(await store.requests.pickUp(request.id, runner.id)).toBeNull()
      await store.requests.answer(request.id, 'late')
      unsubscribe()
    })

    test('counts only from the runner that holds the attempt, at its epoch', async () => {
      const { store, request, waits } = await asking()
      const others = [
        { ...request, runner: aName('runner') },
        { ...request, epoch: request.epoch - 1 },
        { ...request, epoch: request.epoch + 1 },
        { ...request, attempt: (await asking()).attempt },
      ]
      for (const other of others) expect(await store.requests.ask(other)).toBe(false)
      expect(await waits()).toEqual([])
    })

    test('is dropped when the attempt has ended meanwhile', async () => {
      const { store, task, attempt, request, waits } = await asking()
      await store.requests.ask(request)
      await store.commit(aCommit(task, { attempt: { id: attempt, ended: aReport('lost') } }))
      expect(await waits()).toEqual([])
      await store.requests.answer(request.id, 'for nobody')
      expect(await store.requests.pickUp(request.id, request.runner)).toBeNull()
    })
  })
}
