/** Killed at random moments while tasks come in, Yardmaster keeps every promise (F2); `prove/kills.ts` does it a thousand times. */
import { expect, it } from 'vitest'
import { killAtRandom } from '../../prove/crash/kill-at-random.ts'

const KILLS = 8

it(`holds every promise over ${KILLS} kills`, async () => {
  const told = await killAtRandom({
    kills: KILLS,
    seed: 7,
    store: 'embedded',
    jail: 'none',
    minutes: 3,
    say: () => {},
  })
  expect(told.violations).toEqual([])
  expect(told.kills).toBeGreaterThan(3)
  expect(told.tasks).toBeGreaterThan(3)
}, 400_000)
