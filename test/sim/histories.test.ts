/** Thousands of random histories on the real engine: whatever is lost, doubled, late, refused or killed, what must hold holds. */
import { readFileSync, readdirSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { History } from '../../sim/history.ts'
import { play } from '../../sim/play.ts'
import { runHistories } from '../../sim/run.ts'

/** F3: on every change. The seed may be another one each time; a failing one is printed. */
const HISTORIES = 10_000
const SEED = 20_261_120
const FOUND = new URL('found/', import.meta.url)

describe('the simulation', () => {
  test(`finds nothing wrong in ${HISTORIES} histories`, { timeout: 600_000 }, async () => {
    const { played, failed } = await runHistories({ seed: SEED, runs: HISTORIES, enough: 3 })
    expect(
      failed.map(
        ({ n, violations }) =>
          `npm run sim -- --seed ${SEED} (history ${n}): ${violations.join('; ')}`,
      ),
    ).toEqual([])
    expect(played).toBe(HISTORIES)
  })

  test.each(readdirSync(FOUND))('does not fail any more in %s', async (file) => {
    const history = JSON.parse(readFileSync(new URL(file, FOUND), 'utf8')) as History
    expect((await play(history)).violations).toEqual([])
  })
})
