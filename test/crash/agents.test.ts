/** However Yardmaster dies while agents run, the next life ends them before it starts others: never two on one task (F23, I11). */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Lane } from '../../prove/crash/lane.ts'
import { until } from '../../prove/crash/until.ts'
import { leftovers, twoAtOnce, violationsOf } from '../../prove/crash/violations.ts'
import { WATCHED, openWorld } from '../../prove/crash/world.ts'
import type { TaskAt, World } from '../../prove/crash/world.ts'

const DEATHS = 4
/** I11. Milliseconds. */
const GONE_BY = 10_000

describe.each(['none', 'auto'] as const)(
  'agents that do not go by themselves, jail: %s',
  (jail) => {
    let world: World
    let lane: Lane
    beforeAll(async () => {
      world = await openWorld({ jail })
      lane = await world.lane()
    }, 120_000)
    afterAll(async () => world.close(), 120_000)

    it(`are ended after each of ${DEATHS} deaths, and another one does the work`, async () => {
      const repo = await world.repository('restarts')
      await lane.knows(repo)
      const tasks: TaskAt[] = []
      for (let n = 1; n <= DEATHS; n += 1) {
        const name = `agent-${n}`
        const orders = { hangs: 1, stay: true, file: `${n}.txt` }
        const at = await world.task({ name, repo, orders, label: WATCHED })
        tasks.push(at)
        await until(
          () => `the agent of ${name} works; ${lane.errors()}`,
          () => world.agents.of(name) > 0,
        )
        const former = world.agents.alive()
        expect(former.length).toBeGreaterThan(0)
        await lane.kill()
        await lane.up()
        await until(
          () => `none of them is left: ${former.join(', ')}`,
          () => !world.agents.alive().some((one) => former.includes(one)),
          GONE_BY,
        )
        // Its next attempt is not lost as well: three losses would set it aside.
        await world.says(at, /waits for review/)
      }
      const seen = await until(
        () => 'all are in review',
        async () => {
          await lane.reconcile()
          const now = await lane.inspect()
          return now.quiet && now.tasks.every(({ state }) => state === 'in-review') && now
        },
      )
      expect(seen.tasks).toHaveLength(DEATHS)
      expect(world.agents.count()).toBeGreaterThanOrEqual(2 * DEATHS)
      expect(tasks.flatMap((at) => violationsOf(at, world, seen))).toEqual([])
      expect(await leftovers(world, [lane.settings.dataFolder])).toEqual([])
      expect(twoAtOnce(world)).toEqual([])
    }, 240_000)
  },
)
