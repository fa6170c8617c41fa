import { describe, expect, test } from 'vitest'
import { chain, firstBroken, LEDGER_START } from '../../../src/domain/ledger.ts'
import type { LedgerDraft } from '../../../src/domain/ledger.ts'
import { instant, sha } from '../../../src/domain/ids.ts'
import { snapshotHash } from '../../../src/domain/snapshot.ts'
import type { Task } from '../../../src/domain/task.ts'
import type { Give } from '../bench.ts'
import {
  aCommit,
  aFact,
  admit,
  anAct,
  aReport,
  aRunningTask,
  aStart,
  aStoredTask,
  aTask,
  stored,
  wishedBy,
} from '../samples.ts'

const draft = (data: LedgerDraft['data'] = {}): LedgerDraft => ({
  event: 'task.queued',
  why: 'Ana set the label',
  by: 'ana',
  at: instant(Date.now()),
  data,
})

export function taskStories(give: Give): void {
  describe('a task', () => {
    test('comes back as it was written, one version later', async () => {
      const { store } = give()
      const task = aTask({ title: 'NUL \0 and \ud83d', priority: 3 })
      expect(await store.load(task.id)).toEqual({ task: null, live: null, ledger: LEDGER_START })
      expect(await store.commit(aCommit(task))).toBe(true)
      expect(await stored(store, task.id)).toEqual({ ...task, version: 1 })
      expect(await store.find(task.repo, task.number)).toEqual({ ...task, version: 1 })
    })

    test('is listed by repository and state', async () => {
      const { store } = give()
      const queued = await aStoredTask(store, { number: 1 })
      const done = await aStoredTask(store, {
        repo: queued.repo,
        number: 2,
        state: { kind: 'done', reason: 'merged' },
      })
      expect(await store.list({ repo: queued.repo })).toEqual([queued, done])
      expect(await store.list({ repo: queued.repo, states: ['done', 'failed'] })).toEqual([done])
    })

    test('is found by the pull request that it opened', async () => {
      const { store } = give()
      const pull = { number: 41, url: 'https://github.example/41', head: sha('b'.repeat(40)) }
      const task = await aStoredTask(store, { number: 4, pull })
      expect(await store.findByPull(task.repo, 41)).toEqual(task)
      expect(await store.findByPull(task.repo, 4)).toBeNull()
    })

    test('is watched without what its checks printed, and counted', async () => {
      const { store } = give()
      const before = await store.counts()
      const pull = { number: 9, url: 'https://github.example/9', head: sha('a'.repeat(40)) }
      const reviewed = await aStoredTask(store, {
        number: 3,
        state: { kind: 'in-review', pull },
        pull,
        wish: wishedBy(5),
        report: { ...aReport(), summary: 'NUL \0, \ud83d and "quotes"' },
      })
      const { repo } = reviewed
      const queued = await aStoredTask(store, { repo, number: 1 })
      const reason = 'NUL \0 and \ud83d'
      const failed = await aStoredTask(store, {
        repo,
        number: 2,
        state: { kind: 'failed', reason },
      })
      const seen = ({ id, issue, number, version, state, wish, pull: of, review }: Task) => ({
        id,
        issue,
        number,
        version,
        state,
        wish,
        pull: of,
        review,
        revising: false,
      })
      expect(await store.watched(repo, 'open')).toEqual([seen(queued), seen(reviewed)])
      expect(await store.watched(repo, [3, 2, 77])).toEqual([seen(failed), seen(reviewed)])
      expect(await store.watched(repo, [])).toEqual([])
      const after = await store.counts()
      for (const kind of ['queued', 'failed', 'in-review'] as const)
        expect((after.get(kind) ?? 0) - (before.get(kind) ?? 0)).toBe(1)
    })

    test('lets one of two writers win, and the other writes nothing', async () => {
      const { store } = give()
      const task = await aStoredTask(store)
      await store.append([aFact(task.id)])
      const consumed = (await store.unconsumed(`task:${task.id}`, 9)).map((fact) => fact.seq)
      const won = await Promise.all(
        ['first', 'second'].map((title) =>
          store.commit(
            aCommit(
              { ...task, title },
              {
                consumed,
                ledger: chain(task.id, LEDGER_START, [draft({ title })]),
                acts: [anAct(task)],
                surfaces: ['status'],
              },
            ),
          ),
        ),
      )
      expect(won.filter(Boolean)).toHaveLength(1)
      expect((await stored(store, task.id)).title).toBe(won[0] ? 'first' : 'second')
      expect(await store.ledger(task.id)).toHaveLength(1)
      expect(await store.open(task.id)).toHaveLength(1)
      expect(await store.commit(aCommit(aTask({ ...task, version: 0 })))).toBe(false)
    })

    test('loses none of 200 parallel read-modify-writes', async () => {
      const { store } = give()
      const task = await aStoredTask(store)
      const raise = async (): Promise<void> => {
        for (;;) {
          const now = await stored(store, task.id)
          if (await store.commit(aCommit({ ...now, priority: now.priority + 1 }))) return
        }
      }
      // 8 at a time: with all 200 at once nearly every try would be for nothing.
      let left = 200
      await Promise.all(
        Array.from({ length: 8 }, async () => {
          while (left > 0) {
            left -= 1
            await raise()
          }
        }),
      )
      expect((await stored(store, task.id)).priority).toBe(200)
    })

    test('consumes facts with the decision, and refuses to apply them a second time', async () => {
      const { store } = give()
      const task = await aStoredTask(store)
      await store.append([aFact(task.id), aFact(task.id)])
      const seqs = (await store.unconsumed(`task:${task.id}`, 9)).map((fact) => fact.seq)
      expect(await store.commit(aCommit(task, { consumed: seqs.slice(0, 1) }))).toBe(true)
      expect(await store.unconsumed(`task:${task.id}`, 9)).toHaveLength(1)
      const again = await stored(store, task.id)
      expect(await store.commit(aCommit(again, { consumed: seqs, acts: [anAct(again)] }))).toBe(
        false,
      )
      expect(await stored(store, task.id)).toEqual(again)
      expect(await store.open(task.id)).toEqual([])
    })

    test('keeps a ledger whose chain still holds after the trip through the database', async () => {
      const { store } = give()
      const task = await aStoredTask(store)
      const awkward = {
        z: 1,
        a: { d: [1.5, 1e21, null], c: 'é\0\ud83d' },
        B: true,
        '10': 0,
        '9': -0,
      }
      const first = chain(task.id, LEDGER_START, [draft(awkward), draft()])
      await store.commit(aCommit(task, { ledger: first }))
      const { ledger, task: now } = await store.load(task.id)
      expect(ledger).toEqual({ n: 2, hash: first[1]?.hash })
      expect(await store.admission.ledgerHead(task.id)).toEqual(ledger)
      await store.commit(aCommit(now ?? task, { ledger: chain(task.id, ledger, [draft(awkward)]) }))
      const entries = await store.ledger(task.id)
      expect(entries).toHaveLength(3)
      expect(firstBroken(entries)).toBeNull()
    })

    test('never lets a written ledger entry be written again', async () => {
      const { store } = give()
      const task = await aStoredTask(store)
      const entries = chain(task.id, LEDGER_START, [draft()])
      await store.commit(aCommit(task, { ledger: entries }))
      const now = await stored(store, task.id)
      await expect(store.commit(aCommit(now, { ledger: entries }))).rejects.toThrow('ledger')
      expect(await stored(store, task.id)).toEqual(now)
    })

    test('keeps a snapshot under its hash', async () => {
      const { store } = give()
      const snapshot = { title: 'Dates', body: 'with \0 and \udc00' }
      await store.commit(aCommit(aTask(), { snapshot }))
      await store.commit(aCommit(aTask(), { snapshot }))
      expect(await store.snapshot(snapshotHash(snapshot))).toEqual(snapshot)
      expect(await store.snapshot('unknown')).toBeNull()
    })

    test('ends its attempt, or asks it to stop, with the decision', async () => {
      const { store } = give()
      const { task, attempt: id } = await aRunningTask(store)
      await store.commit(aCommit(task, { attempt: { id, stop: 'the label was taken off' } }))
      expect((await store.load(task.id)).live).toMatchObject({
        id,
        stop: 'the label was taken off',
      })
      const report = aReport('it crashed')
      const now = await stored(store, task.id)
      await store.commit(aCommit(now, { attempt: { id, ended: report } }))
      expect((await store.load(task.id)).live).toBeNull()
      expect(await store.attempts(task.id)).toMatchObject([{ id, report }])
      // A stale report changes nothing.
      const later = await stored(store, task.id)
      await store.commit(aCommit(later, { attempt: { id, ended: null } }))
      expect(await store.attempts(task.id)).toMatchObject([{ id, report }])
    })

    test('is admitted again after its attempt ended, as attempt 2', async () => {
      const { store } = give()
      const { task, attempt: id } = await aRunningTask(store)
      const state = { kind: 'queued' } as const
      await store.commit(aCommit({ ...task, state }, { attempt: { id, ended: aReport('x') } }))
      const { task: again, ledger } = await store.load(task.id)
      expect(await admit(store, [aStart(again ?? task, ledger)])).toBe(true)
      expect((await store.attempts(task.id)).map((attempt) => attempt.n)).toEqual([1, 2])
    })
  })
}
