/** A store with a life behind it: every table holds rows, among them what is hard to carry faithfully. */
import { instant } from '../../src/domain/ids.ts'
import type { TaskId } from '../../src/domain/ids.ts'
import { chain } from '../../src/domain/ledger.ts'
import { rest, stop } from '../../src/domain/pause.ts'
import type { Store } from '../../src/ports/store.ts'
import { shaOf } from '../support/builders.ts'
import {
  aCommit,
  aFact,
  anAct,
  aName,
  aRepository,
  aReport,
  aRunningTask,
  aStoredTask,
  doneFact,
  stored,
  wishedBy,
} from './samples.ts'

/** Half a surrogate pair, NUL, both quotes, both kinds of line break, and a separator that JSON lets stand. */
const ODD = '\uD83D \u0000 \' " \\ {},\n\r\n\u2028 \u00E9\u{1F600} [null]'

/** Returns the tasks, in the order in which they came; each has a ledger of `entries` entries. */
export async function live(store: Store, tasks: number, entries = 4): Promise<readonly TaskId[]> {
  const ids: TaskId[] = []
  for (let n = 0; n < tasks; n += 1) ids.push(await aLife(store, n, entries))
  await store.admission.pause(rest(aName('profile'), instant(1), ODD))
  await store.admission.pause(stop(aName('hold'), { reason: ODD, by: 'ana', now: true }))
  await store.repositories.save(aRepository(), [])
  return ids
}

async function aLife(store: Store, n: number, entries: number): Promise<TaskId> {
  const { id } = await aStoredTask(store, { title: `${ODD} ${n}`, wish: wishedBy(n) })
  await store.append([aFact(id, aName('delivery'), ODD), aFact(id)])
  const act = anAct(await stored(store, id))
  const later = anAct(await stored(store, id), { notBefore: instant(Date.now() + 86_400_000) })
  for (let e = 0; e < entries; e += 1) {
    const { task, ledger } = await store.load(id)
    if (task === null) throw new Error('the task is gone')
    const [fact] = e === 0 ? await store.unconsumed(`task:${id}`, 1) : []
    const draft = { event: 'test.told', why: ODD, by: 'ana', at: instant(e), data: { e, n } }
    await store.commit(
      aCommit(task, {
        consumed: fact === undefined ? [] : [fact.seq],
        ledger: chain(id, ledger, [draft]),
        acts: e === 0 ? [act, later] : [],
        surfaces: ['status', 'labels'],
        snapshot: { title: `${ODD} ${n}`, body: ODD },
      }),
    )
  }
  await store.begin(act.key)
  await store.settle(act.key, { status: 'done', remoteId: ODD, fact: doneFact(act) })
  const running = await aRunningTask(store)
  const only = { tiers: null, profiles: null, repositories: [running.task.repo] }
  await store.claim({ runner: 'embedded', milliseconds: 60_000, limit: 1, only })
  const bytes = Uint8Array.from({ length: 1000 }, (_, at) => (at * n) % 256)
  const bundle = { base: shaOf('b'), head: shaOf('a'), bytes }
  const fact = aFact(running.task.id)
  await store.finish(running.attempt, running.task.epoch, { runner: 'embedded', fact, bundle })
  // Every second one ends; the others are live when the copy is taken.
  if (n % 2 === 0) {
    const { task } = await store.load(running.task.id)
    const ended = { ...aReport(ODD), summary: ODD }
    if (task !== null)
      await store.commit(aCommit(task, { attempt: { id: running.attempt, ended } }))
  }
  return id
}
