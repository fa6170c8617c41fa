/** Providers that are not well: who waits, who stands in, and how both are said where a person looks. */
import { rename, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { HELLO } from './support/issues.ts'
import { mock, steps } from './support/profiles.ts'
import { MAINTAINER, openYard } from './support/yard.ts'
import type { Yard } from './support/yard.ts'

let yard: Yard
let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'yard-providers-'))
  yard = await openYard({
    operator: JSON.stringify({
      profiles: {
        limited: { command: mock('limit-failure'), fallback: 'spare' },
        spare: { command: steps({ write: 'spare.txt', text: 'Spare.\n' }) },
        alone: { command: mock('limit-failure'), fallback: 'tired' },
        tired: { command: mock('result-failure') },
        late: { command: [join(folder, 'late-agent'), '--acp'] },
      },
      jail: 'none',
    }),
  })
})
afterAll(async () => {
  await yard.close()
  await rm(folder, { recursive: true })
})

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

describe('a profile whose program is missing', () => {
  it('has its tasks wait with a reason and a remedy, and they start by themselves once it is there', async () => {
    const repo = await yard.repository()
    const number = yard.issue(repo, HELLO)
    yard.label(repo, number, MAINTAINER, 'yardmaster:late')
    await yard.says(
      repo,
      number,
      /late waits for its program \S*late-agent, which is not on the host: Install \S*late-agent for the user/i,
    )
    expect(await yard.attempts(repo, number)).toEqual([])
    const agent = steps({ write: 'late.txt', text: 'Late.\n' })
    const [node, ...rest] = agent.map((word) => `'${word}'`)
    const half = join(folder, 'half')
    await writeFile(half, `#!/bin/sh\nexec ${[node, ...rest].join(' ')}\n`, { mode: 0o755 })
    await rename(half, join(folder, 'late-agent'))
    await yard.becomes(repo, number, 'in-review')
    expect(await yard.task(repo, number)).toMatchObject({ failures: 0, attempts: 1 })
  })
})
