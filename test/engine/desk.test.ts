/** What a runner asks of an app through the store: answered for the attempt it holds, sealed, in time, or not at all. */
import { randomUUID } from 'node:crypto'
import { afterEach, describe, expect, test } from 'vitest'
import { createDatabase } from '../../sim/store/database.ts'
import { openMemoryStore } from '../../sim/store/memory-store.ts'
import { askDesk } from '../../src/engine/ask-desk.ts'
import { remoteByDesk } from '../../src/engine/remote-by-desk.ts'
import { serveDesk } from '../../src/engine/serve-desk.ts'
import type { Desk, Held } from '../../src/ports/desk.ts'
import { WorldFault } from '../../src/ports/fault.ts'
import type { Store } from '../../src/ports/store.ts'
import { createOpener, envelope } from '../../src/system/envelope.ts'
import { clock, log, REPO } from '../git/world.ts'
import { aCommit, aReport, aRunningTask, claim } from '../store/samples.ts'
import { runner } from '../support/builders.ts'

const stops: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop()
})
const TOKEN = { username: 'x-access-token', password: 'ghs_short_lived' }

/** A runner that holds an attempt, and an app that answers with `desk`. */
async function aRunnerAndAnApp(desk: Partial<Desk>, leads = () => true) {
  const database = createDatabase(() => performance.now())
  const open = (process: string): Store =>
    openMemoryStore(database, { clock, process, kind: 'postgres', enter: (run) => run() })
  const [app, store] = [open('app'), open('runner')]
  const never = () => Promise.reject(new Error('nobody asked for this'))
  const served = serveDesk({
    store: app,
    clock,
    log,
    envelope,
    leads,
    desk: { briefing: never, credential: never, ...desk },
  })
  stops.push(() => served.stop())
  const opener = createOpener()
  const id = `build-1#${randomUUID()}`
  await store.register(runner({ id, publicKey: opener.publicKey }), 60_000)
  const { task, attempt } = await aRunningTask(store)
  await claim(store, task, { runner: id })
  const held: Held = { attempt, epoch: task.epoch }
  const asking = askDesk({ store, clock, ids: { unique: randomUUID }, opener, runner: id })
  return { store, database, task, held, asking }
}

describe('the desk', () => {
  test('answers the runner that holds the attempt, and nothing readable lies in the store', async () => {
    const asked: Held[] = []
    const { asking, held, database } = await aRunnerAndAnApp({
      async credential(about) {
        asked.push(about)
        return TOKEN
      },
    })
    const answered: string[] = []
    database.onRequests.add(() =>
      answered.push(...[...database.requests.values()].map((row) => row.answer ?? '')),
    )
    expect(await asking.credential(held)).toEqual(TOKEN)
    expect(asked).toEqual([held])
    expect(answered.some((text) => text !== '')).toBe(true)
    expect(answered.join(' ')).not.toContain('ghs_')
    expect(database.requests.size, 'picked up and gone').toBe(0)
  })

  test('answers nobody for an attempt that is not theirs any more', async () => {
    const { asking, held, store, task } = await aRunnerAndAnApp({ credential: async () => TOKEN })
    await store.commit(aCommit(task, { attempt: { id: held.attempt, ended: aReport('lost') } }))
    await expect(asking.credential(held)).rejects.toThrow('not this runner’s any more')
    await expect(asking.credential({ ...held, epoch: held.epoch + 1 })).rejects.toThrow('runner’s')
  })

  test('passes on why there is no answer', async () => {
    const { asking, held } = await aRunnerAndAnApp({
      briefing: () =>
        Promise.reject(
          new WorldFault('GitHub does not answer', {
            kind: 'transient',
            applied: 'no',
            operation: 'GET comments',
          }),
        ),
    })
    await expect(asking.briefing(held)).rejects.toMatchObject({
      kind: 'transient',
      message: 'GitHub does not answer',
    })
  })

  test('is kept by the app that leads; who waits is answered once one does', async () => {
    let leads = false
    const { asking, held } = await aRunnerAndAnApp({ credential: async () => TOKEN }, () => leads)
    const answer = asking.credential(held)
    const early = await Promise.race([answer, clock.sleep(50).then(() => 'nobody')])
    expect(early).toBe('nobody')
    leads = true
    expect(await answer).toEqual(TOKEN)
  })
})

describe('a runner’s way to GitHub', () => {
  const held: Held = { attempt: '77-1.1' as Held['attempt'], epoch: 2 }
  const remote = (holding: Held | null) => {
    let minted = 0
    const desk: Desk = {
      briefing: () => Promise.reject(new Error('not asked')),
      credential: async () => ({ ...TOKEN, password: `ghs_${(minted += 1)}` }),
    }
    return remoteByDesk({ url: () => 'https://example.test', desk, clock, holding: () => holding })
  }

  test('reads with one token for a while, and with another when it was refused', async () => {
    const by = remote(held)
    expect((await by.credential(REPO, 'read')).password).toBe('ghs_1')
    expect((await by.credential(REPO, 'read')).password).toBe('ghs_1')
    expect(await by.refused(REPO, 'read', 'ghs_1')).toBe(true)
    expect((await by.credential(REPO, 'read')).password).toBe('ghs_2')
  })

  test('never writes, and reads nothing of a repository that it has no attempt in', async () => {
    await expect(remote(held).credential(REPO, 'write')).rejects.toThrow('writes nothing')
    await expect(remote(null).credential(REPO, 'read')).rejects.toThrow('no attempt')
  })
})
