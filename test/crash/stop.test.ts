/** Asked to stop at any moment, Yardmaster ends well and in time, its attempts with a report; asked twice, at once (F28). */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Lane } from '../../prove/crash/lane.ts'
import { createRandom } from '../../prove/crash/random.ts'
import { until } from '../../prove/crash/until.ts'
import { leftovers, twoAtOnce, violationsOf } from '../../prove/crash/violations.ts'
import { WATCHED, openWorld } from '../../prove/crash/world.ts'
import type { TaskAt, World } from '../../prove/crash/world.ts'

const SEED = 28
const STOPS = 5
/** What supervisors wait before they kill. Milliseconds. */
const IN_TIME = 30_000

describe('a Yardmaster that is asked to stop', { timeout: 240_000 }, () => {
  let world: World
  let lane: Lane
  beforeAll(async () => {
    world = await openWorld()
    lane = await world.lane()
  }, 120_000)
  afterAll(async () => world.close(), 120_000)

  it(`stops well in any state, ${STOPS} times, and nothing is lost (seed ${SEED})`, async () => {
    const random = createRandom(SEED)
    const repo = await world.repository('stops')
    await lane.knows(repo)
    const tasks: TaskAt[] = []
    for (let n = 1; n <= STOPS; n += 1) {
      await lane.up()
      const milliseconds = Math.round(random.between(0, 1_000))
      for (const half of ['a', 'b'])
        tasks.push(
          await world.task({
            name: `stop-${n}-${half}`,
            repo,
            orders: { milliseconds, file: `${n}-${half}.txt` },
            label: WATCHED,
          }),
        )
      await new Promise((resolve) => setTimeout(resolve, random.between(0, 2_000)))
      const asked = performance.now()
      const lives = lane.deaths()
      lane.signal('SIGTERM')
      await until(
        () => 'it has stopped',
        () => lane.deaths() > lives,
      )
      expect(lane.lastEnd()).toEqual({ code: 0, signal: null })
      expect(performance.now() - asked).toBeLessThan(IN_TIME)
    }
    const seen = await until(
      () => 'every task is in review',
      async () => {
        await lane.reconcile()
        const now = await lane.inspect()
        return now.quiet && now.tasks.every(({ state }) => state === 'in-review') && now
      },
    )
    expect(seen.tasks).toHaveLength(tasks.length)
    expect(seen.tasks.flatMap(({ attempts }) => attempts).filter((end) => end === 'lost')).toEqual(
      [],
    )
    expect(tasks.flatMap((at) => violationsOf(at, world, seen))).toEqual([])
    expect(await leftovers(world, [lane.settings.dataFolder])).toEqual([])
    expect(twoAtOnce(world)).toEqual([])
  })

  it('ends at once when it is asked twice, and the next life goes on', async () => {
    const name = 'twice'
    const orders = { milliseconds: 1_500, stay: true }
    const at = await world.task({ name, orders, label: WATCHED })
    await until(
      () => 'the agent works',
      () => world.agents.of(name) > 0,
    )
    const lives = lane.deaths()
    lane.signal('SIGTERM')
    let asked = performance.now()
    await until(
      () => 'it has stopped',
      () => {
        // A terminal delivers one wish twice within half a second; only after that it is another.
        if (lane.deaths() === lives && performance.now() - asked > 600) {
          asked = performance.now()
          lane.signal('SIGTERM')
        }
        return lane.deaths() > lives
      },
    )
    expect(lane.lastEnd()?.code).toBe(143)
    expect(performance.now() - asked).toBeLessThan(2_000)
    await world.says(at, /waits for review/)
    await lane.quiet()
    expect(await leftovers(world, [lane.settings.dataFolder])).toEqual([])
    expect(twoAtOnce(world)).toEqual([])
  })
})
