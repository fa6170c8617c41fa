/** A sample of the failpoints on a PostgreSQL server, where the next life has another name and must wait for leases to run out. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { TIMING } from '../../src/engine/timing.ts'
import { meet } from '../../prove/crash/meet.ts'
import { POINTS } from '../../prove/crash/points.ts'
import { openWorld } from '../../prove/crash/world.ts'
import { findPostgres, startPostgres } from '../support/postgres.ts'
import type { TestServer } from '../support/postgres.ts'

const found = findPostgres()
const SHORT = { ...TIMING, lease: 3_000, heartbeat: 500, look: 500 }
const SAMPLE = [
  'store.claim:after',
  'store.finish/ended-completed:before',
  'git.push:after',
  'codeHost.openPull:after',
  'tracker.createComment/status:after',
  'tracker.publishCheck:after',
]

describe.skipIf(found.kind === 'none')('a death on PostgreSQL', () => {
  let server: TestServer
  beforeAll(async () => {
    server = await startPostgres(found)
  }, 60_000)
  afterAll(async () => server.stop(), 60_000)

  // Side by side: nearly all of the time they wait for leases and heartbeats to run out.
  it(`at ${SAMPLE.length} points leaves one of everything, and nothing undone`, async () => {
    const all = Object.values(POINTS).flat()
    const points = SAMPLE.flatMap((wanted) => all.find(({ point }) => point === wanted) ?? [])
    expect(points).toHaveLength(SAMPLE.length)
    const wrong = await Promise.all(
      points.map(async (point) => {
        const world = await openWorld()
        try {
          const lane = await world.lane({
            databaseUrl: await server.createDatabase(),
            change: (settings) => ({ ...settings, timing: SHORT }),
          })
          return (await meet(point, { world, lane })).map((words) => `${point.point}: ${words}`)
        } finally {
          await world.close()
        }
      }),
    )
    expect(wrong.flat()).toEqual([])
  }, 400_000)
})
