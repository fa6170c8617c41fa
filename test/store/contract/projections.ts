import { describe, expect, test } from 'vitest'
import { instant, later, steady } from '../../../src/domain/ids.ts'
import type { TaskId } from '../../../src/domain/ids.ts'
import type { ProjectionRow, Store } from '../../../src/ports/store.ts'
import { systemClock } from '../../../src/system/clock.ts'
import type { Give } from '../bench.ts'
import { aCommit, aFact, aRepository, aTask } from '../samples.ts'

const written = { hash: 'h1', remoteId: '42', written: 'yard:queued' }

async function staleOf(store: Store, ...ids: TaskId[]): Promise<readonly ProjectionRow[]> {
  return (await store.projections.stale(1000)).filter((row) => ids.includes(row.task))
}

async function theStale(store: Store, id: TaskId): Promise<ProjectionRow> {
  const [row, ...others] = await staleOf(store, id)
  if (row === undefined || others.length > 0) throw new Error('not exactly one surface is stale')
  return row
}

export function projectionStories(give: Give): void {
  describe('a surface', () => {
    test('is out of date after a commit until its newest form was written', async () => {
      const { store } = give()
      const task = aTask()
      await store.commit(aCommit(task, { surfaces: ['status'] }))
      await store.projections.touch(task.id, ['status', 'status'])
      const row = await theStale(store, task.id)
      expect(row).toMatchObject({ surface: 'status', writtenHash: null, remoteId: null })
      await store.projections.intend(task.id, 'status')
      expect((await theStale(store, task.id)).triedAt).not.toBeNull()
      await store.projections.done(row, written)
      expect(await staleOf(store, task.id)).toEqual([])
      expect(await store.projections.row(task.id, 'status'), 'it can still be read').toMatchObject({
        writtenHash: 'h1',
        remoteId: '42',
        triedAt: null,
        inDoubt: false,
      })
      expect(await store.projections.row(task.id, 'board')).toBeNull()
      await store.projections.touch(task.id, ['status'])
      expect(await theStale(store, task.id)).toEqual({
        ...row,
        generation: row.generation + 1,
        writtenHash: 'h1',
        remoteId: '42',
        written: 'yard:queued',
        triedAt: null,
      })
    })

    test('that changed while it was written is still out of date', async () => {
      const { store } = give()
      const { id } = aTask()
      await store.projections.touch(id, ['labels'])
      const seen = await theStale(store, id)
      await store.projections.touch(id, ['labels'])
      await store.projections.done(seen, written)
      const newer = await theStale(store, id)
      await store.projections.done(newer, { ...written, hash: 'h2' })
      await store.projections.done(seen, written)
      await store.projections.touch(id, ['labels'])
      expect((await theStale(store, id)).writtenHash).toBe('h2')
    })

    test('is left alone until the moment it was postponed to', async () => {
      const { store } = give()
      const { id } = aTask()
      await store.projections.touch(id, ['status'])
      const row = await theStale(store, id)
      const tried = steady(systemClock.monotonic() - 5_000)
      await store.projections.postpone(row, later(instant(Date.now()), 60_000), tried)
      expect(await staleOf(store, id)).toEqual([])
      await store.projections.postpone(row, later(instant(Date.now()), 50), tried)
      await expect.poll(() => staleOf(store, id)).toHaveLength(1)
      // Kept by the database's clock, told by ours: nearly the same.
      const again = (await theStale(store, id)).triedAt ?? 0
      expect(Math.abs(again - tried)).toBeLessThan(2_000)
    })

    test.each([24, -24])(
      'is known to have been tried as long ago as it was, whatever jumps by %i hours in between',
      async (hours) => {
        let jumped = 0
        const now = () => later(systemClock.now(), jumped)
        await give().restart(undefined, { ...systemClock, now })
        const { projections } = give().store
        const { id } = aTask()
        await projections.touch(id, ['status'])
        const row = await theStale(give().store, id)
        const tried = steady(systemClock.monotonic() - 5_000)
        // Between what the engine has seen and the store's writing it down.
        jumped += hours * 3_600_000
        await projections.postpone(row, instant(0), tried)
        const told = (await projections.row(id, 'status'))?.triedAt ?? 0
        expect(Math.abs(told - tried)).toBeLessThan(2_000)
        await give().restart()
        const after = (await give().store.projections.row(id, 'status'))?.triedAt ?? 0
        expect(Math.abs(after - tried)).toBeLessThan(2_000)
      },
    )

    test('that was written while a former write was in doubt is given once more when that is over', async () => {
      const { store } = give()
      const { id } = aTask()
      const due = async (settle?: number) =>
        (await store.projections.stale(1000, settle)).filter((row) => row.task === id)
      await store.projections.touch(id, ['labels'])
      await store.projections.intend(id, 'labels')
      // Whoever had begun that write is gone.
      const [doubtful] = await due()
      if (doubtful === undefined) throw new Error('nothing is given')
      expect(doubtful.inDoubt).toBe(true)
      await store.projections.intend(id, 'labels')
      await store.projections.done(doubtful, written)
      expect(await due(), 'it is written').toEqual([])
      await store.projections.touch(id, ['labels'])
      const [newer] = await due()
      expect(newer, 'a newer form is written at once').toMatchObject({ inDoubt: true })
      if (newer !== undefined) await store.projections.done(newer, written)
      expect(await due()).toEqual([])
      await expect.poll(() => due(50)).toHaveLength(1)
      const [again] = await due(50)
      expect(again).toMatchObject({ inDoubt: false, writtenHash: 'h1' })
      if (again !== undefined) await store.projections.done(again, written)
      expect(await due(0)).toEqual([])
    })

    test('keeps its place in the line however often it is touched', async () => {
      const { store } = give()
      const [first, second] = [aTask().id, aTask().id]
      await store.projections.touch(first, ['status'])
      // The order is by time: the second must be touched in a later millisecond.
      const at = Date.now()
      await expect.poll(() => Date.now(), { interval: 1 }).toBeGreaterThan(at)
      await store.projections.touch(second, ['status'])
      await store.projections.touch(first, ['status'])
      expect((await staleOf(store, first, second)).map((row) => row.task)).toEqual([first, second])
    })
  })

  describe('a repository', () => {
    test('is saved with the facts that told of it', async () => {
      const { store } = give()
      const repository = aRepository()
      const aggregate = `repo:${repository.id}` as const
      await store.append([{ ...aFact(aTask().id), aggregate, fact: { kind: 'repository-seen' } }])
      const seqs = (await store.unconsumed(aggregate, 9)).map((fact) => fact.seq)
      await store.repositories.save(repository, seqs)
      expect(await store.repositories.get(repository.id)).toEqual(repository)
      expect(await store.unconsumed(aggregate, 9)).toEqual([])
      const renamed = { ...repository, name: 'renamed', config: 'agent: \0' }
      await store.repositories.save(renamed, [])
      expect(await store.repositories.get(repository.id)).toEqual(renamed)
      expect(await store.repositories.all()).toContainEqual(renamed)
      expect(await store.repositories.get(aRepository().id)).toBeNull()
    })
  })
}
