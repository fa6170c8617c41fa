/** A simulation that finds nothing proves nothing, unless it finds what is planted. */
import { describe, expect, test } from 'vitest'
import { makeHistory } from '../../sim/history.ts'
import { play } from '../../sim/play.ts'
import { bite } from '../../sim/teeth.ts'
import { BUGS } from '../../sim/teeth/bugs.ts'
// Written by `npm run sim:teeth -- --remember`. What is not true any more costs time and nothing else.
import met from '../../sim/teeth/met.json' with { type: 'json' }

/** Of F3's 10,000; most are found within 100. */
const HISTORIES = 4_000
const SEED = 1

const firstOf: Readonly<Record<string, number | undefined>> = met

describe('the simulation finds', () => {
  test.each(BUGS)('$name', { timeout: 240_000 }, async (bug) => {
    const hunt = { seed: bug.seed ?? SEED, runs: HISTORIES }
    const first = firstOf[bug.name]
    const { found } = await bite(bug, first === undefined ? hunt : { ...hunt, first })
    expect(found).not.toBeNull()
    const { violations } = await play(makeHistory(found?.history ?? 0))
    expect(violations, 'without the bug, the same history is without fault').toEqual([])
  })
})

test('there are at least fifteen of them', () => {
  expect(BUGS.length).toBeGreaterThanOrEqual(15)
})
