import { describe, expect, test } from 'vitest'
import { instant, issueId } from '../../../src/domain/ids.ts'
import type { TaskId } from '../../../src/domain/ids.ts'
import type { Aggregate, NewFact } from '../../../src/ports/store.ts'
import type { Give } from '../bench.ts'
import { aFact, aName, aStoredTask, aTask } from '../samples.ts'

export function inboxStories(give: Give): void {
  describe('the inbox', () => {
    test('gives the facts of one aggregate back in their order, as they were', async () => {
      const { store } = give()
      const { id } = aTask()
      const facts = [aFact(id), aFact(id), aFact(id)]
      await store.append(facts.slice(0, 2))
      await store.append(facts.slice(2))
      const found = await store.unconsumed(`task:${id}`, 10)
      expect(found.map(({ seq: _seq, receivedAt: _at, ...fact }) => fact)).toEqual(facts)
      expect(found.map((fact) => fact.seq)).toEqual(
        found.map((fact) => fact.seq).toSorted(ascending),
      )
      expect(await store.unconsumed(`task:${id}`, 2)).toHaveLength(2)
    })

    test('drops a second fact with the same key, also within one append', async () => {
      const { store } = give()
      const { id } = aTask()
      const key = aName('delivery')
      await Promise.all([
        store.append([aFact(id, key), aFact(id, key)]),
        store.append([aFact(id, key)]),
        store.append([aFact(id, key)]),
      ])
      await store.append([aFact(id, key)])
      expect(await store.unconsumed(`task:${id}`, 10)).toHaveLength(1)
    })

    test('keeps every one of many facts that come at once', async () => {
      const { store } = give()
      const { id } = aTask()
      await Promise.all(Array.from({ length: 1200 }, () => store.append([aFact(id)])))
      expect(await store.unconsumed(`task:${id}`, 5000)).toHaveLength(1200)
      await store.consume((await store.unconsumed(`task:${id}`, 5000)).map((fact) => fact.seq))
      expect(await store.unconsumed(`task:${id}`, 5000)).toEqual([])
    })

    test('keeps waiting what may come to something: with a task, behind a label, or beside one', async () => {
      const { store } = give()
      const beginning = ['label-added'] as const
      const [taken, behind, beside] = [await aStoredTask(store), aTask(), aTask()]
      const label = (id: TaskId): NewFact => ({
        ...aFact(id),
        fact: {
          kind: 'label-added',
          label: 'yardmaster',
          actor: null,
          issue: { id: issueId(1), number: 7, title: '', body: '', open: true, labels: [] },
          at: instant(0),
          via: 'webhook',
          editedSince: false,
        },
      })
      await store.append([label(behind.id)], beginning)
      await store.append([aFact(behind.id), aFact(taken.id)], beginning)
      await store.append([aFact(beside.id), label(beside.id)], beginning)
      const waits = async (id: TaskId) => (await store.unconsumed(`task:${id}`, 9)).length
      expect([await waits(taken.id), await waits(behind.id), await waits(beside.id)]).toEqual([
        1, 2, 2,
      ])
    })

    test('lets what nothing can come of wait for nobody, once it was looked at', async () => {
      const { store } = give()
      const { id } = aTask()
      const key = aName('delivery')
      await store.append([aFact(id, key), aFact(id)], ['label-added'])
      expect(await store.sift([`task:${id}`], ['label-added'])).toEqual([])
      // It was stored all the same: the delivery sent again is known.
      await store.append([aFact(id, key)])
      expect(await store.unconsumed(`task:${id}`, 9)).toEqual([])
    })

    test('lists the aggregates that wait, the longest-waiting first', async () => {
      const { store } = give()
      const [first, second] = [aTask().id, aTask().id]
      await store.append([aFact(first), aFact(second)])
      await store.append([aFact(first)])
      const waiting = async () =>
        (await store.pending(1000)).filter((name) => name.endsWith(first) || name.endsWith(second))
      expect(await waiting()).toEqual([`task:${first}`, `task:${second}`])
      const [earliest] = await store.unconsumed(`task:${first}`, 1)
      await store.consume([earliest?.seq ?? 0])
      expect(await waiting()).toEqual([`task:${second}`, `task:${first}`])
    })

    test('keeps text that PostgreSQL would refuse: NUL and half a surrogate pair', async () => {
      const { store } = give()
      const { id } = aTask()
      const fact = aFact(id, aName('delivery'), 'a\0b \ud83d c')
      const neighbour = aFact(id)
      await Promise.all([
        store.append([aFact(id)]),
        store.append([fact]),
        store.append([neighbour]),
      ])
      const found = await store.unconsumed(`task:${id}`, 10)
      expect(found.map((entry) => entry.fact)).toEqual(
        expect.arrayContaining([fact.fact, neighbour.fact]),
      )
    })

    test('refuses a fact without dragging down those that were to be committed with it', async () => {
      const { store } = give()
      const { id } = aTask()
      const spoiled = { ...aFact(id), key: `${aName('delivery')}\0` }
      const outcomes = await Promise.allSettled([
        store.append([aFact(id)]),
        ...Array.from({ length: 5 }, () => store.append([aFact(id)])),
        store.append([spoiled]),
      ])
      expect(outcomes.map((outcome) => outcome.status)).toEqual([
        ...Array.from({ length: 6 }, () => 'fulfilled'),
        'rejected',
      ])
      expect(await store.unconsumed(`task:${id}`, 10)).toHaveLength(6)
    })

    test('pokes those who listen after the facts are durable, and once they stopped no more', async () => {
      const { store } = give()
      const { id } = aTask()
      const heard: (Aggregate | null)[] = []
      const stop = store.onAppended((aggregate) => heard.push(aggregate))
      await store.append([aFact(id), aFact(id)])
      expect(heard).toEqual([`task:${id}`])
      const key = aName('delivery')
      await store.append([aFact(id, key)])
      await store.append([aFact(id, key)])
      expect(heard).toHaveLength(2)
      stop()
      await store.append([aFact(id)])
      expect(heard).toHaveLength(2)
    })
  })
}

const ascending = (a: number, b: number): number => a - b
