/** What every store promises, as stories; run against each kind of store. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Bare, Bench } from '../bench.ts'
import { setUp } from '../bench.ts'
import { aboutStories } from './about.ts'
import { actStories } from './acts.ts'
import { admissionStories } from './admission.ts'
import { attemptStories } from './attempts.ts'
import { inboxStories } from './inbox.ts'
import { paceStories } from './pace.ts'
import { projectionStories } from './projections.ts'
import { runnerStories } from './runners.ts'
import { taskStories } from './tasks.ts'

export function storeContract(
  name: string,
  bare: () => Promise<Bare>,
  { sql } = { sql: true },
): void {
  describe(`the contract, kept by ${name}`, () => {
    let bench: Bench | null = null
    const give = (): Bench => {
      if (bench === null) throw new Error('the store is not open yet')
      return bench
    }
    beforeAll(async () => {
      bench = await setUp(await bare())
    })
    afterAll(async () => {
      await bench?.close()
    })

    test('answers a ping', async () => {
      await expect(give().store.ping()).resolves.toBeUndefined()
    })
    aboutStories(give)
    inboxStories(give)
    taskStories(give)
    admissionStories(give)
    attemptStories(give)
    runnerStories(give)
    projectionStories(give)
    paceStories(give)
    actStories(give, sql)
  })
}
