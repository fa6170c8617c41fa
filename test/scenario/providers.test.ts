/** Providers that are not well: who waits, who stands in, and how both are said where a person looks. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { HELLO } from './support/issues.ts'
import { mock, steps } from './support/profiles.ts'
import { MAINTAINER, openYard } from './support/yard.ts'
import type { Yard } from './support/yard.ts'

let yard: Yard
beforeAll(async () => {
  yard = await openYard({
    operator: JSON.stringify({
      profiles: {
        limited: { command: mock('limit-failure'), fallback: 'spare' },
        spare: { command: steps({ write: 'spare.txt', text: 'Spare.\n' }) },
        alone: { command: mock('limit-failure'), fallback: 'tired' },
        tired: { command: mock('result-failure') },
      },
      jail: 'none',
    }),
  })
})
afterAll(async () => yard.close())

describe('a profile at its limit', () => {
  it('has its fallback do the work, which the status comment, the attempts and the ledger say', async () => {
    const repo = await yard.repository()
    const number = yard.issue(repo, HELLO)
    yard.label(repo, number, MAINTAINER, 'yardmaster:limited')
    const { state, id } = await yard.becomes(repo, number, 'in-review')
    const status = await yard.says(repo, number, `#${state.pull.number}`)
    expect(status).toMatch(/\| 1 \| `limited` \| the agent was at its limit/)
    expect(status).toMatch(/\| 2 \| `spare` \| completed/)
    expect(status).toContain('with `spare` in place of `limited`')
    const task = await yard.task(repo, number)
    expect(task).toMatchObject({ failures: 0, standIn: { profile: 'spare', wished: 'limited' } })
    const ledger = await yard.world.yardmaster().store.ledger(id)
    expect(ledger.map(({ why }) => why)).toContain(
      'attempt 2 starts with spare in place of limited: it is at its limit',
    )
  })

  it('waits where its fallback is not well either, and says both', async () => {
    const repo = await yard.repository()
    const number = yard.issue(repo, HELLO)
    yard.label(repo, number, MAINTAINER, 'yardmaster:alone')
    await yard.says(
      repo,
      number,
      /alone is at its limit until [^.\n]* UTC; its fallback tired’s provider is overloaded/i,
    )
    expect((await yard.attempts(repo, number)).map(({ profile }) => profile)).toEqual([
      'alone',
      'tired',
    ])
    expect(await yard.task(repo, number)).toMatchObject({ state: { kind: 'queued' }, failures: 0 })
  })
})
