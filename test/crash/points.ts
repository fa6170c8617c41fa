/** Meets failpoints as tests: one Yardmaster that dies again and again, on one GitHub that does not. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Lane } from '../../prove/crash/lane.ts'
import { meet } from '../../prove/crash/meet.ts'
import { POINTS, inRow } from '../../prove/crash/points.ts'
import { openWorld } from '../../prove/crash/world.ts'
import type { World } from '../../prove/crash/world.ts'

/** A row of four takes 9 s of a core; the rest is room for those who share the machine. Milliseconds. */
const LIMIT = 240_000

export function describePoints(part: keyof typeof POINTS): void {
  describe(`a death ${part}`, () => {
    let world: World
    let lane: Lane
    beforeAll(async () => {
      world = await openWorld()
      lane = await world.lane()
    }, LIMIT)
    afterAll(async () => world.close(), LIMIT)

    it.each(inRow(POINTS[part] ?? []))(
      'at $point, and on the way at $further, leaves one of everything, and nothing undone',
      async (point) => {
        expect(await meet(point, { world, lane })).toEqual([])
      },
      LIMIT,
    )
  })
}
