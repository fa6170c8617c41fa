import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { instant, later } from '../../../src/domain/ids.ts'
import type { ActKey } from '../../../src/domain/ids.ts'
import type { Act } from '../../../src/domain/act.ts'
import type { Store } from '../../../src/ports/store.ts'
import { systemClock } from '../../../src/system/clock.ts'
import type { Give } from '../bench.ts'
import { aCommit, anAct, aName, aStoredTask, doneFact, stored } from '../samples.ts'

type Handler = (key: ActKey) => Promise<void>

/** `sql`: the store has tables that a story may look at, and spoil, from outside. */
export function actStories(give: Give, sql: boolean): void {
  describe('an act', () => {
    const handlers = new Map<ActKey, Handler>()
    const seen: ActKey[] = []
    const timesOf = (act: Act) => seen.filter((key) => key === act.key).length
    const now = () => instant(Date.now())
    const onTables = sql ? test : untold
    const handle: Handler = async (key) => {
      seen.push(key)
      await (handlers.get(key) ?? performDone(give().store))(key)
    }
    const performing = () => give().store.perform(handle, 4)
    beforeAll(performing)
    afterAll(() => give().store.stopPerforming())

    async function commitActs(acts: (task: Awaited<ReturnType<typeof aStoredTask>>) => Act[]) {
      const task = await aStoredTask(give().store)
      const wanted = acts(task)
      expect(await give().store.commit(aCommit(task, { acts: wanted }))).toBe(true)
      return { task: await stored(give().store, task.id), wanted, act: wanted[0] as Act }
    }
    const isOpen = async (act: Act) => (await give().store.open(act.task)).length > 0

    test('is performed once, and its outcome comes back as a fact', async () => {
      const { store } = give()
      const poked: unknown[] = []
      const stop = store.onAppended((aggregate) => poked.push(aggregate))
      const { task, act } = await commitActs((of) => [anAct(of)])
      await expect.poll(() => isOpen(act)).toBe(false)
      stop()
      expect(timesOf(act)).toBe(1)
      expect(await store.unconsumed(`task:${task.id}`, 9)).toMatchObject([
        { key: `act:${act.key}:1:done`, source: 'act' },
      ])
      expect(poked).toContain(`task:${task.id}`)
      expect(await store.begin(act.key)).toBeNull()
    })

    test('of a backlog of 60 is never left lying', async () => {
      const began = performance.now()
      const { wanted } = await commitActs((of) => Array.from({ length: 60 }, () => anAct(of)))
      await expect
        .poll(() => wanted.filter((act) => timesOf(act) > 0).length, { timeout: 5000 })
        .toBe(60)
      // Far below two polls of the queue for each of 15 rounds: workers wake each other.
      expect(performance.now() - began).toBeLessThan(5000)
    })

    onTables('whose commit was rolled back leaves no job behind', async () => {
      const { store } = give()
      const task = await aStoredTask(store)
      const act = anAct(task)
      // The job is made before the row that the database cannot hold.
      const impossible = { ...anAct(task), epoch: 2 ** 40 }
      await expect(store.commit(aCommit(task, { acts: [act, impossible] }))).rejects.toThrow(
        'out of range',
      )
      expect(await stored(store, task.id)).toEqual(task)
      const { act: other } = await commitActs((of) => [anAct(of)])
      const jobs = await give().restart(`select data->>'key' as key from pgboss.job`)
      await performing()
      expect(jobs).toContainEqual({ key: other.key })
      expect(jobs).not.toContainEqual({ key: act.key })
      expect(timesOf(act)).toBe(0)
    })

    onTables('that throws is tried again, with the try counted', async () => {
      const { store } = give()
      const task = await aStoredTask(store)
      const act = anAct(task)
      const tries: (number | undefined)[] = []
      const former: unknown[] = []
      handlers.set(act.key, async (key) => {
        const row = await give().store.begin(key)
        tries.push(row?.tries)
        former.push(row?.triedAt)
        if (tries.length === 1) throw new Error('the world is down')
        await give().store.settle(key, { status: 'done', remoteId: '7', fact: null })
      })
      await store.commit(aCommit(task, { acts: [act] }))
      await expect.poll(() => tries).toEqual([1])
      // Not waited for: the retry is brought forward.
      const retries = await give().restart(
        `update pgboss.job set start_after = now() where data->>'key' = '${act.key}' returning state`,
      )
      await performing()
      expect(retries).toMatchObject([{ state: 'retry' }])
      await expect.poll(() => tries, { timeout: 4000 }).toEqual([1, 2])
      expect(former).toEqual([null, expect.any(Number)])
      await expect.poll(() => isOpen(act)).toBe(false)
    })

    test('that is deferred comes again at that moment and not before', async () => {
      const { store } = give()
      const task = await aStoredTask(store)
      const act = anAct(task)
      const at: number[] = []
      handlers.set(act.key, async (key) => {
        at.push(Date.now())
        await store.begin(key)
        if (at.length === 1) await store.defer(key, later(now(), 700), null)
        else await store.settle(key, { status: 'failed', remoteId: null, fact: null })
      })
      await store.commit(aCommit(task, { acts: [act] }))
      await expect.poll(() => at.length, { timeout: 5000 }).toBe(2)
      expect((at[1] ?? 0) - (at[0] ?? 0)).toBeGreaterThanOrEqual(700)
      await expect.poll(() => isOpen(act)).toBe(false)
    })

    test('wanted for later by our clock comes when that clock says so, whatever the database’s', async () => {
      let at = now()
      const woken = new Set<() => void>()
      await give().restart(undefined, {
        ...systemClock,
        now: () => at,
        sleep: (_, signal) =>
          new Promise((resolve) => {
            woken.add(resolve)
            if (signal?.aborted === true) resolve()
            signal?.addEventListener('abort', () => resolve())
          }),
      })
      await performing()
      const { act } = await commitActs((of) => [anAct(of, { notBefore: later(at, 3_600_000) })])
      const { act: sooner } = await commitActs((of) => [anAct(of)])
      await expect.poll(() => timesOf(sooner)).toBe(1)
      expect(timesOf(act)).toBe(0)
      at = later(at, 3_600_000)
      for (const wake of woken) wake()
      await expect.poll(() => timesOf(act)).toBe(1)
      await give().restart()
      await performing()
    })

    onTables('that was called off is not performed any more', async () => {
      const at = later(now(), 3_600_000)
      const { task, act } = await commitActs((of) => [anAct(of, { notBefore: at })])
      const next = { ...task, epoch: task.epoch + 1 }
      const instead = anAct(next, { notBefore: at })
      await give().store.commit(aCommit(next, { acts: [instead], callOff: true }))
      await give().restart(
        `update pgboss.job set start_after = now() where data->>'key' in ('${act.key}', '${instead.key}')`,
      )
      await performing()
      await expect.poll(() => isOpen(instead), { timeout: 4000 }).toBe(false)
      expect(timesOf(instead)).toBe(1)
      expect(timesOf(act)).toBe(0)
      expect(await give().store.begin(act.key)).toBeNull()
      await give().store.defer(act.key, now(), null)
      expect(await give().store.open(task.id)).toEqual([])
    })

    test('that was called off while under way keeps its effect on record and settles nothing newer', async () => {
      const { store } = give()
      const task = await aStoredTask(store)
      const act = anAct(task)
      const entered = Promise.withResolvers<void>()
      const leave = Promise.withResolvers<void>()
      handlers.set(act.key, async (key) => {
        await store.begin(key)
        entered.resolve()
        await leave.promise
        await store.settle(key, { status: 'done', remoteId: '9', fact: doneFact(act) })
      })
      await store.commit(aCommit(task, { acts: [act] }))
      await entered.promise
      handlers.delete(act.key)
      const next = { ...(await stored(store, task.id)), epoch: task.epoch + 1 }
      const renewed = { ...act, epoch: next.epoch, notBefore: later(now(), 60_000) }
      await store.commit(aCommit(next, { acts: [renewed], callOff: true }))
      leave.resolve()
      await expect.poll(async () => (await store.unconsumed(`task:${task.id}`, 9)).length).toBe(1)
      expect(await store.open(task.id)).toMatchObject([
        { key: act.key, epoch: next.epoch, tries: 1 },
      ])
    })

    test('that failed is opened again by a new wish, with its tries remembered', async () => {
      const { store } = give()
      const task = await aStoredTask(store)
      const act = anAct(task)
      handlers.set(act.key, async (key) => {
        await store.begin(key)
        await store.settle(key, { status: 'failed', remoteId: null, fact: null })
      })
      await store.commit(aCommit(task, { acts: [act] }))
      await expect.poll(() => timesOf(act)).toBe(1)
      await expect.poll(() => isOpen(act)).toBe(false)
      const tries: (number | undefined)[] = []
      handlers.set(act.key, async (key) => {
        tries.push((await store.begin(key))?.tries)
        await store.settle(key, { status: 'done', remoteId: null, fact: null })
      })
      const next = { ...(await stored(store, task.id)), epoch: task.epoch + 1 }
      await store.commit(aCommit(next, { acts: [{ ...act, epoch: next.epoch }] }))
      await expect.poll(() => tries).toEqual([2])
    })

    test('that is open or done is not started a second time by the same wish', async () => {
      const { store } = give()
      const { task, act } = await commitActs((of) => [anAct(of)])
      await expect.poll(() => isOpen(act)).toBe(false)
      await store.commit(aCommit(task, { acts: [act] }))
      const later1 = anAct(task, { notBefore: later(now(), 60_000) })
      await store.commit(aCommit(await stored(store, task.id), { acts: [later1] }))
      await store.commit(aCommit(await stored(store, task.id), { acts: [later1, later1] }))
      expect(await store.open(task.id)).toHaveLength(1)
      expect(timesOf(act)).toBe(1)
    })

    onTables('survives a restart, also when its job was lost or was being performed', async () => {
      const { store } = give()
      await store.stopPerforming()
      const { wanted } = await commitActs((of) => [anAct(of), anAct(of), anAct(of)])
      const [gone, active] = wanted.map((act) => act.key)
      await give().restart(`delete from pgboss.job where data->>'key' = '${gone}'`)
      await give().restart(
        `update pgboss.job set state = 'active', started_on = now(), heartbeat_on = now() - interval '1 hour'
          where data->>'key' = '${active}'`,
      )
      await performing()
      await expect
        .poll(() => wanted.filter((act) => timesOf(act) === 1).length, { timeout: 20_000 })
        .toBe(3)
    })

    onTables(
      'gets its job back also when thousands have lost theirs, without a long wait at start',
      async () => {
        const task = await aStoredTask(give().store)
        const ask = `insert into act (key, task, epoch, kind, detail, status, tries, not_before, intended_at, job_id)
        select '${task.id}-' || n, '${task.id}', 1, 'wake', '{}', 'open', 0, now() + interval '1 day', now(), gen_random_uuid()
        from generate_series(1, 3000) n`
        await give().restart(ask)
        const began = performance.now()
        const jobs = await give().restart(
          `select count(*)::int as live from pgboss.job join act on act.job_id = job.id where act.task = '${task.id}'`,
        )
        expect(jobs).toEqual([{ live: 3000 }])
        // Quadratic, it was 13 s for 6,000.
        expect(performance.now() - began).toBeLessThan(10_000)
        await give().store.commit(aCommit(await stored(give().store, task.id), { callOff: true }))
        await performing()
      },
    )

    test('under way is waited for when performing stops, and nothing new is taken', async () => {
      const { store } = give()
      const task = await aStoredTask(store)
      const act = anAct(task)
      const entered = Promise.withResolvers<void>()
      const leave = Promise.withResolvers<void>()
      handlers.set(act.key, async (key) => {
        entered.resolve()
        await leave.promise
        await performDone(store)(key)
      })
      await store.commit(aCommit(task, { acts: [act] }))
      await entered.promise
      const order: string[] = []
      const stopped = store.stopPerforming().then(() => order.push('stopped'))
      const { act: after } = await commitActs((of) => [anAct(of, { key: aName('x') as ActKey })])
      order.push('leaving')
      leave.resolve()
      await stopped
      expect(order).toEqual(['leaving', 'stopped'])
      expect(timesOf(after)).toBe(0)
      await performing()
      await expect.poll(() => timesOf(after), { timeout: 4000 }).toBe(1)
    })
  })
}

/** Does nothing in the world and says so. */
const performDone =
  (store: Store): Handler =>
  async (key) => {
    const row = await store.begin(key)
    if (row === null) return
    await store.settle(key, { status: 'done', remoteId: null, fact: doneFact(row) })
  }

/** Stands for `test` where there are no tables: the story is not told at all, so that it does not count as skipped. */
const untold = (_name: string, _story: () => Promise<void>): void => {}
