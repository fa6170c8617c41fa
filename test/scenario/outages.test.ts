/** Down while people go on: what GitHub could not deliver is asked for again, and what it has forgotten is found. Longer: `node prove/outages.ts`. */
import { describe, expect, it } from 'vitest'
import { outage } from '../../prove/outage/story.ts'
import './support/until.ts'

const HOUR = 3_600_000

describe('an outage', () => {
  it('of an hour misses nothing: every failed delivery is asked for again, once', async () => {
    const { wrong, failed, redelivered, asked } = await outage({
      milliseconds: HOUR,
      changes: 6,
      seed: 7,
    })
    expect(wrong).toEqual([])
    expect(failed).toBeGreaterThan(5)
    expect([redelivered, asked]).toEqual([failed, failed])
  })

  it('of thirty days misses nothing, although GitHub keeps deliveries for three', async () => {
    const { wrong, failed, redelivered } = await outage({
      milliseconds: 30 * 24 * HOUR,
      changes: 6,
      seed: 8,
    })
    expect(wrong).toEqual([])
    expect(redelivered).toBeLessThan(failed / 2)
  })
})
