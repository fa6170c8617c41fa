/** A task that kills the process which runs it is set aside after its third time, and takes no other task with it (F24). */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Lane } from '../../prove/crash/lane.ts'
import { until } from '../../prove/crash/until.ts'
import { leftovers, twoAtOnce, violationsOf } from '../../prove/crash/violations.ts'
import { WATCHED, openWorld } from '../../prove/crash/world.ts'
import type { TaskAt, World } from '../../prove/crash/world.ts'

describe('a task that kills its process', { timeout: 240_000 }, () => {
  let world: World
  let lane: Lane
  beforeAll(async () => {
    world = await openWorld()
    lane = await world.lane()
  }, 120_000)
  afterAll(async () => world.close(), 120_000)

  it('is set aside after three times with one comment, and those that ran beside it are not', async () => {
    const repo = await world.repository('poison')
    await lane.knows(repo)
    const others: TaskAt[] = []
    // They take long enough to be under way each time that the process dies.
    for (const n of [1, 2, 3, 4])
      others.push(
        await world.task({
          name: `other-${n}`,
          repo,
          orders: { milliseconds: 1_500 },
          label: WATCHED,
        }),
      )
    await until(
      () => 'the others run',
      () => world.agents.count() >= others.length,
    )
    const poison = await world.task({ name: 'poison', repo, orders: { kills: 99 }, label: WATCHED })
    const seen = await until(
      () => `all have ended: ${world.comments(poison).join('\n')} ${lane.errors()}`,
      async () => {
        await lane.reconcile()
        const now = await lane.inspect()
        const ended = now.tasks.filter(({ state }) => state === 'in-review' || state === 'failed')
        return now.quiet && ended.length === others.length + 1 && now
      },
      120_000,
    )
    const states = Object.fromEntries(seen.tasks.map((task) => [task.number, task.state]))
    for (const { number } of others) expect(states[number]).toBe('in-review')
    expect(seen.tasks.find(({ number }) => number === poison.number)).toMatchObject({
      state: 'failed',
      attempts: ['lost', 'lost', 'lost'],
    })
    expect(lane.deaths()).toBe(3)
    const notices = world.comments(poison).filter((body) => !body.startsWith('### '))
    expect(notices).toHaveLength(1)
    expect(notices[0]).toContain('died 3 times')
    expect([...others, poison].flatMap((at) => violationsOf(at, world, seen))).toEqual([])
    expect(await leftovers(world, [lane.settings.dataFolder])).toEqual([])
    expect(twoAtOnce(world)).toEqual([])
  })
})
