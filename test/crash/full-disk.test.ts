/** The disk under everything is full: no work is taken, nobody is told that it was, nothing is lost, and room is all that it takes (F16). */
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Lane } from '../../prove/crash/lane.ts'
import { maySmallDisk, openSmallDisk } from '../../prove/crash/small-disk.ts'
import type { SmallDisk } from '../../prove/crash/small-disk.ts'
import { until } from '../../prove/crash/until.ts'
import { leftovers, twoAtOnce, violationsOf } from '../../prove/crash/violations.ts'
import { WATCHED, openWorld } from '../../prove/crash/world.ts'
import type { TaskAt, World } from '../../prove/crash/world.ts'

/** Bytes that are left, and when: after the label, in milliseconds. */
const FILLS = [
  { left: 0, after: 0 },
  { left: 0, after: 400 },
  { left: 0, after: 900 },
  { left: 64 << 10, after: 200 },
  { left: 512 << 10, after: 600 },
] as const

describe.skipIf(!maySmallDisk())('a full disk', { timeout: 300_000 }, () => {
  let world: World
  let disk: SmallDisk
  let lane: Lane
  let repo: string
  const tasks: TaskAt[] = []
  beforeAll(async () => {
    world = await openWorld()
    disk = await openSmallDisk(join(world.folder, 'disk'), '300m')
    lane = await world.lane({ disk })
    repo = await world.repository('full')
    await lane.knows(repo)
  }, 120_000)
  afterAll(async () => {
    await world.close()
    disk.close()
  }, 120_000)

  const label = async (name: string): Promise<void> => {
    const orders = { milliseconds: 300, file: `${name}.txt` }
    tasks.push(await world.task({ name, repo, orders, label: WATCHED }))
  }
  const isWell = async (): Promise<boolean> => {
    const { url } = await lane.up()
    const answer = await fetch(`${url}/healthz`).catch(() => null)
    return answer?.status === 200
  }

  it.each(FILLS)('with $left bytes left $after ms after a label', async ({ left, after }) => {
    await lane.up()
    const n = tasks.length
    await label(`before-${n}`)
    await new Promise((resolve) => setTimeout(resolve, after))
    await disk.fill(left)
    await label(`during-${n}`)
    await world.emulator.whenIdle()
    await until(
      () => 'it says that it is not well, or that it cannot go on',
      async () => lane.errors().includes('cannot go on') || !(await isWell().catch(() => false)),
    )
    expect(world.agents.of(`during-${n}`), 'no work is taken').toBe(0)
    await disk.free()
    const seen = await until(
      () => `everything is in review: ${lane.errors()}`,
      async () => {
        // What failed for want of room rests its repository for ten minutes: as if they had passed.
        await lane.rested()
        await lane.reconcile()
        const now = await lane.inspect()
        const ended = now.tasks.filter(({ state }) => state === 'in-review')
        return now.quiet && ended.length === tasks.length && now
      },
      90_000,
    )
    expect(await isWell()).toBe(true)
    expect(tasks.flatMap((at) => violationsOf(at, world, seen))).toEqual([])
    expect(await leftovers(world, [disk.seenAt])).toEqual([])
    expect(twoAtOnce(world)).toEqual([])
  })
})
