/**
 * The store goes back to an earlier moment of a history that went on (F31). GitHub remembers what the store forgot, so
 * nothing is there twice, whatever the moment was; and what is to be done is done.
 */
import { renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { restoreBackup } from '../../src/store/backup/restore.ts'
import { systemClock } from '../../src/system/clock.ts'
import { quiet } from '../store/bench.ts'
import { DOES_NOT_APPLY, HELLO } from './support/issues.ts'
import { MAINTAINER, WAITING_CHECK, openYard } from './support/yard.ts'
import type { Yard } from './support/yard.ts'

interface Place {
  readonly repo: string
  readonly number: number
}

describe('a restored store', { timeout: 240_000 }, () => {
  let yard: Yard
  let [reviewed, failed, slow, late]: Place[] = []
  const copies: string[] = []
  beforeAll(async () => {
    yard = await openYard()
  })
  afterAll(async () => yard.close())

  async function labelled(words: Parameters<Yard['repository']>[0], body = HELLO): Promise<Place> {
    const repo = await yard.repository(words)
    const number = yard.issue(repo, body)
    yard.label(repo, number)
    return { repo, number }
  }
  async function copy(): Promise<void> {
    const file = join(yard.folder, `copy-${copies.length}.gz`)
    await yard.world.yardmaster().upkeep.backup?.(file)
    copies.push(file)
  }
  async function goBackTo(file: string): Promise<void> {
    await yard.world.yardmaster().stop()
    const folder = join(yard.folder, 'yardmaster/store')
    renameSync(folder, `${folder}.old`)
    await restoreBackup({ file, folder, clock: systemClock, log: quiet })
    rmSync(`${folder}.old`, { recursive: true })
    await yard.world.restart()
  }
  const all = (): readonly Place[] =>
    [reviewed, failed, slow, late].filter((place) => place !== undefined)

  /** How often each thing is there that must be there once. */
  const seen = () =>
    all().map(({ repo, number }) => {
      const bodies = yard.comments(repo, number)
      const heads = yard.emulator.checks(repo).map(({ suite }) => suite.headSha)
      return {
        repo,
        status: bodies.filter((body) => body.startsWith('### ')).length,
        notices: bodies.filter((body) => body.startsWith('@')).length,
        pulls: yard.emulator.pulls(repo).length,
        doubled: heads.length - new Set(heads).size,
        labels: yard.emulator.labels({ repo, number }).filter((name) => name.startsWith('yard:')),
      }
    })

  it('of a history of four tasks, copied while it goes on', async () => {
    reviewed = await labelled({ name: 'reviewed' })
    const { repo, number } = reviewed
    await yard.until('it is a task', () => yard.task(repo, number))
    await copy()
    failed = await labelled({ name: 'failed' }, DOES_NOT_APPLY)
    slow = await labelled({ name: 'slow', files: { 'check.sh': WAITING_CHECK } })
    await yard.says(slow.repo, slow.number, '### Working')
    await copy()
    await yard.becomes(reviewed.repo, reviewed.number, 'in-review')
    await yard.fails(failed.repo, failed.number)
    late = await labelled({ name: 'late' })
    await yard.becomes(late.repo, late.number, 'in-review')
    await copy()
    await yard.letGo()
    const { state } = await yard.becomes(slow.repo, slow.number, 'in-review')
    await yard.emulator.merge({ repo: slow.repo, number: state.pull.number, as: MAINTAINER })
    await yard.becomes(slow.repo, slow.number, 'done')
    await yard.says(slow.repo, slow.number, '### Done')
    await yard.settled()
    for (const place of seen()) expect(place).toMatchObject({ status: 1, doubled: 0 })
  })

  it.each([2, 1, 0])('from copy %i makes nothing twice, and comes to the same end', async (n) => {
    const before = seen()
    await goBackTo(copies[n] ?? '')
    await yard.world.yardmaster().engine.reconcile()
    await yard.until('every task that was live has come to rest', async () => {
      await yard.letGo()
      const tasks = await yard.world.yardmaster().store.list({})
      const rest = ['in-review', 'done', 'failed', 'cancelled', 'held']
      return tasks.length > 0 && tasks.every(({ state }) => rest.includes(state.kind))
    })
    await yard.settled()
    await yard.until('every surface is written', async () => {
      const { store } = yard.world.yardmaster()
      return (await store.projections.stale(9)).length === 0
    })
    for (const [at, place] of seen().entries()) {
      expect(place).toMatchObject({ status: 1, doubled: 0, notices: before[at]?.notices })
      expect(place.pulls).toBeLessThanOrEqual(1)
      expect(place.labels.length).toBeLessThanOrEqual(1)
    }
    const { broken } = await yard.world.yardmaster().upkeep.verifyLedgers([])
    expect(broken).toEqual([])
  })
})
