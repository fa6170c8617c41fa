/** Several apps and runners on one PostgreSQL: each task is worked once, whoever does it. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { file } from '../scenario/support/issues.ts'
import { operatorWith } from '../scenario/support/profiles.ts'
import { until } from '../scenario/support/until.ts'
import { found, openMachines } from './support/machines.ts'
import type { Machine, Machines } from './support/machines.ts'

const where = found.kind === 'none' ? `not tested: ${found.reason}` : found.kind
const TASKS = 10
const SHOPS = 5

describe.skipIf(found.kind === 'none')(`two apps and two runners (${where})`, () => {
  let machines: Machines
  let apps: readonly Machine[]
  let runners: readonly Machine[]
  beforeAll(async () => {
    machines = await openMachines(operatorWith({}))
    apps = [await machines.app('app-1'), await machines.app('app-2')]
    runners = [
      await machines.runner('runner-1', { capacity: 3 }),
      await machines.runner('runner-2', { capacity: 3 }),
    ]
  })
  afterAll(async () => machines.close())

  it(`finish ${TASKS} tasks, each once`, async () => {
    // Each repository has an installation of its own, and with it a minute's budget of GitHub's points.
    const shops = await Promise.all(
      Array.from({ length: SHOPS }, (_, shop) => {
        const bodies = Array.from({ length: TASKS / SHOPS }, (_each, n) => file(`${n}.txt`, 'Hi.'))
        return machines.tasks({ name: `shop-${shop}`, bodies })
      }),
    )
    for (const { repo, numbers } of shops) {
      await until(
        `all of ${repo} have a pull request`,
        () => machines.emulator.pulls(repo).length >= numbers.length,
      )
      for (const number of numbers) await machines.says(repo, number, 'waits for review')
      expect(machines.emulator.pulls(repo)).toHaveLength(numbers.length)
      for (const number of numbers) expect(machines.comments(repo, number)).toHaveLength(1)
    }
    const starts = runners.flatMap(({ starts: each }) => each.map(({ task }) => task))
    expect(starts.toSorted(), 'one agent for each task').toEqual([...new Set(starts)].toSorted())
    expect(starts).toHaveLength(TASKS)
    expect(
      apps.flatMap((app) => app.starts),
      'the apps run none',
    ).toEqual([])
    for (const runner of runners) expect(runner.starts.length).toBeGreaterThan(0)
    await until('nothing of the work is kept any more', async () => {
      const [row] = await machines.sql('select count(*)::int as kept from bundle')
      return row?.['kept'] === 0
    })
    const [left] = await machines.sql('select count(*)::int as asked from request')
    expect(left, 'no answer lies in the database').toEqual({ asked: 0 })
  })
})
