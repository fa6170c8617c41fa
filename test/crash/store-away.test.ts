/** The database hangs for seconds: nothing is acknowledged that is not durable, agents without a lease are ended, and work goes on (F18). */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { TIMING } from '../../src/engine/timing.ts'
import type { Lane } from '../../prove/crash/lane.ts'
import { until } from '../../prove/crash/until.ts'
import { leftovers, twoAtOnce, violationsOf } from '../../prove/crash/violations.ts'
import { WATCHED, openWorld } from '../../prove/crash/world.ts'
import type { TaskAt, World } from '../../prove/crash/world.ts'
import { findPostgres, startPostgres } from '../support/postgres.ts'
import type { TestServer } from '../support/postgres.ts'

const found = findPostgres()
/** Short, so that the longer pause outlives a lease. Milliseconds. */
const SHORT = { ...TIMING, lease: 3_000, heartbeat: 500, look: 500 }
/** GitHub hangs up after 10 s; what is not durable by then was not acknowledged. */
const LONG = 11_000

describe.skipIf(found.kind !== 'programs')('a database that hangs', { timeout: 240_000 }, () => {
  let server: TestServer
  let world: World
  let lane: Lane
  let repo: string
  const tasks: TaskAt[] = []
  beforeAll(async () => {
    server = await startPostgres(found)
    world = await openWorld()
    lane = await world.lane({
      databaseUrl: await server.createDatabase(),
      change: (settings) => ({ ...settings, timing: SHORT }),
    })
    repo = await world.repository('away')
    await lane.knows(repo)
  }, 120_000)
  afterAll(async () => {
    await world.close()
    await server.stop()
  }, 120_000)

  /** Named anew each time: a story that is told a second time begins with work of its own. Gives the name. */
  const label = async (title: string, hangs = 0): Promise<string> => {
    const name = `${title}-${tasks.length}`
    const orders = { hangs, file: `${name}.txt` }
    tasks.push(await world.task({ name, repo, orders, label: WATCHED }))
    return name
  }
  async function endsWell(): Promise<void> {
    const seen = await until(
      () => `everything is in review: ${lane.errors()}`,
      async () => {
        await lane.reconcile()
        const now = await lane.inspect()
        const ended = now.tasks.filter(({ state }) => state === 'in-review')
        return now.quiet && ended.length === tasks.length && now
      },
      90_000,
    )
    expect(tasks.flatMap((at) => violationsOf(at, world, seen))).toEqual([])
    expect(await leftovers(world, [lane.settings.dataFolder])).toEqual([])
    expect(twoAtOnce(world)).toEqual([])
    expect(lane.deaths(), 'it never had to be started again').toBe(0)
  }
  const answers = () =>
    world.emulator.webhooks.deliveries
      .filter(({ event, action }) => event === 'issues' && action === 'labeled')
      .map(({ reply }) => reply?.status ?? null)

  it.each([500, 2_000])('for %i ms is waited for: labels are acknowledged late', async (pause) => {
    const ice = server.freeze?.()
    await label(`waits-${pause}`)
    await new Promise((resolve) => setTimeout(resolve, pause))
    ice?.thaw()
    await world.emulator.whenIdle()
    expect(answers().at(-1)).toBe(200)
    await endsWell()
  })

  it('for longer than a lease costs the agent its attempt, and the label its acknowledgement, and neither its work', async () => {
    const name = await label('runs', 1)
    await until(
      () => 'the agent works',
      () => world.agents.of(name) > 0,
    )
    const ice = server.freeze?.()
    await label('unheard')
    await until(
      () => `the agent whose lease ran out is ended: ${world.agents.alive().join()}`,
      () => world.agents.alive().length === 0,
      SHORT.lease + 10_000,
    )
    await new Promise((resolve) => setTimeout(resolve, LONG))
    expect(answers().at(-1), 'not acknowledged').not.toBe(200)
    ice?.thaw()
    await endsWell()
    expect(world.agents.of(name)).toBe(2)
  })

  it('is not missed by a process that hangs itself: it takes its leases up again, or gives them up', async () => {
    const name = await label('asleep', 1)
    await until(
      () => 'the agent works',
      () => world.agents.of(name) > 0,
    )
    lane.signal('SIGSTOP')
    await new Promise((resolve) => setTimeout(resolve, 2 * SHORT.lease))
    lane.signal('SIGCONT')
    // Nobody else could take it over, so the same attempt may simply go on; a kill brings the end near.
    await lane.kill()
    const seen = await until(
      () => 'everything is in review',
      async () => {
        await lane.reconcile()
        const now = await lane.inspect()
        return now.quiet && now.tasks.every(({ state }) => state === 'in-review') && now
      },
      90_000,
    )
    expect(tasks.flatMap((at) => violationsOf(at, world, seen))).toEqual([])
    expect(twoAtOnce(world)).toEqual([])
  })
})
