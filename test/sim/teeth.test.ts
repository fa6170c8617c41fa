/** A simulation that finds nothing proves nothing, unless it finds what is planted. */
import { describe, expect, test } from 'vitest'
import { bite } from '../../sim/teeth.ts'
import { BUGS } from '../../sim/teeth/bugs.ts'

/** Of F3's 10,000; most are found within 100. */
const HISTORIES = 4_000
const SEED = 1

describe('the simulation finds', () => {
  test.each(BUGS)('$name', { timeout: 240_000 }, async (bug) => {
    const { found } = await bite(bug, bug.seed ?? SEED, HISTORIES)
    expect(found).not.toBeNull()
  })
})

test('there are at least fifteen of them', () => {
  expect(BUGS.length).toBeGreaterThanOrEqual(15)
})
