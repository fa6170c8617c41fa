/** Webhooks are only hints: without any, the reconciler alone comes to the same end, in two passes. */
import { describe, expect, it } from 'vitest'
import { withoutWebhooks } from '../../prove/outage/muted.ts'
import './support/until.ts'

describe('without any webhook', () => {
  it.each([1, 2, 3])('two passes find all that people did (seed %i)', async (seed) => {
    expect(await withoutWebhooks(seed)).toEqual([])
  })
})
