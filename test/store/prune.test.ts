/** What is deleted, and when, by the store's own clock; all else stays. */
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { instant } from '../../src/domain/ids.ts'
import type { TaskState } from '../../src/domain/task.ts'
import { pruneOutboxes } from '../../src/git/prune-outboxes.ts'
import type { Clock } from '../../src/ports/clock.ts'
import { openEmbedded } from '../../src/store/embedded.ts'
import { openBare } from '../../src/store/open-bare.ts'
import { KEEP_FACTS, KEEP_WORK, prune } from '../../src/store/prune.ts'
import { systemClock } from '../../src/system/clock.ts'
import { shaOf } from '../support/builders.ts'
import { copyStore } from '../support/store-template.ts'
import { quiet } from './bench.ts'
import { aCommit, aFact, aReport, aRunningTask, aTask } from './samples.ts'

const base = mkdtempSync(join(tmpdir(), 'yard-prune-'))
afterAll(() => rmSync(base, { recursive: true, force: true }))
const ahead = (milliseconds: number): Clock => ({
  ...systemClock,
  now: () => instant(systemClock.now() + milliseconds),
})
const MINUTE = 60_000

test('facts go 90 days after they were dealt with, collected work 30 days after its task ended without it', async () => {
  const folder = join(base, 'store')
  await copyStore(folder)
  const store = await openEmbedded({ folder, clock: systemClock, log: quiet })
  const { id } = aTask()
  const dealtWith = Array.from({ length: 1_200 }, () => aFact(id))
  await store.append(dealtWith)
  await store.consume((await store.unconsumed(`task:${id}`, 2_000)).map(({ seq }) => seq))
  const waiting = aFact(id)
  await store.append([waiting])
  const only = { tiers: null, profiles: null, repositories: null }
  const bundle = { base: shaOf('b'), head: shaOf('a'), bytes: Uint8Array.of(1, 2, 3) }
  const worked = async (state: TaskState) => {
    const { task, attempt } = await aRunningTask(store)
    await store.claim({ runner: 'r', milliseconds: MINUTE, limit: 9, only })
    const fact = aFact(task.id)
    expect(await store.finish(attempt, task.epoch, { runner: 'r', fact, bundle })).toBe(true)
    const ended = { id: attempt, ended: aReport('no') }
    await store.commit(aCommit({ ...task, state }, { attempt: ended }))
    return task.id
  }
  const failed = await worked({ kind: 'failed', reason: 'It did not work.' })
  const publishing = await worked({ kind: 'publishing' })
  await store.close()

  const { db, close } = await openBare({ folder, clock: systemClock, log: quiet })
  expect(await prune(db, ahead(KEEP_WORK - MINUTE))).toBe(0)
  expect(await prune(db, ahead(KEEP_WORK + MINUTE))).toBe(1)
  expect(await prune(db, ahead(KEEP_FACTS - MINUTE))).toBe(0)
  expect(await prune(db, ahead(KEEP_FACTS + MINUTE))).toBe(1_200)
  expect(await prune(db, ahead(10 * KEEP_FACTS))).toBe(0)
  await close()

  const again = await openEmbedded({ folder, clock: systemClock, log: quiet })
  expect(await again.bundle(failed, shaOf('a'))).toBeNull()
  expect(await again.bundle(publishing, shaOf('a'))).toMatchObject({ bytes: bundle.bytes })
  // What nobody has looked at stays for ever, and its key with it.
  await again.append([waiting])
  expect(await again.unconsumed(`task:${id}`, 9)).toHaveLength(1)
  await again.close()
}, 60_000)

test('outboxes go when their task is over, and what is half deleted goes at the next look', async () => {
  const outboxes = join(base, 'git/outbox')
  for (const name of ['1-1', '1-2', '1-3.gone', 'notes']) {
    mkdirSync(join(outboxes, name, 'objects'), { recursive: true })
    writeFileSync(join(outboxes, name, 'objects/pack'), 'pack')
  }
  const isOver = async (task: string) => task === '1-1'
  expect(await pruneOutboxes({ folder: join(base, 'git'), isOver })).toEqual(['1-1'])
  const left = ['1-1', '1-2', '1-3.gone', 'notes'].filter((name) =>
    existsSync(join(outboxes, name)),
  )
  expect(left).toEqual(['1-2', 'notes'])
  expect(await pruneOutboxes({ folder: join(base, 'nowhere'), isOver })).toEqual([])
})
