/** Two apps on one database, each stopped for longer than its leases and sometimes killed (F20); `prove/instances.ts` does it a thousand times. */
import { describe, expect, it } from 'vitest'
import { pauseAtRandom } from '../../prove/crash/pause-at-random.ts'
import { findPostgres } from '../support/postgres.ts'

const PAUSES = 5

describe.skipIf(findPostgres().kind === 'none')('two apps on one database', () => {
  it(`do nothing twice over ${PAUSES} pauses`, async () => {
    const told = await pauseAtRandom({
      pauses: PAUSES,
      seed: 20,
      instances: 2,
      minutes: 2,
      say: () => {},
    })
    expect(told.violations).toEqual([])
    expect(told.pauses).toBeGreaterThan(2)
    expect(told.tasks).toBeGreaterThan(2)
  }, 400_000)
})
