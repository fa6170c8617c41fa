/** What one agent cannot finish another one does: where a context fills up, and where a provider is at its limit. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { mock, operatorWith } from './support/profiles.ts'
import { MAINTAINER, openYard } from './support/yard.ts'
import type { Yard } from './support/yard.ts'

let yard: Yard
beforeAll(async () => {
  yard = await openYard({
    operator: operatorWith({
      filling: mock('works-until-full'),
      endless: mock('fills-context'),
      limited: mock('limited-once'),
    }),
  })
})
afterAll(() => yard.close())

async function labelled(profile: string) {
  const repo = await yard.repository({ config: 'verify: [sh check.sh]\nlimits: { attempts: 1 }\n' })
  const number = yard.issue(repo, 'Greet people.')
  yard.label(repo, number, MAINTAINER, `yardmaster:${profile}`)
  return { repo, number }
}

describe('a context that is nearly full', () => {
  it('is handed on: a new agent goes on in the same worktree, told what was written down, and people read both', async () => {
    const { repo, number } = await labelled('filling')
    await yard.becomes(repo, number, 'in-review')
    const branch = `yardmaster/${number}`
    expect(await yard.emulator.fileAt(repo, branch, 'half.txt')).toBe('Half.\n')
    const told = (await yard.emulator.fileAt(repo, branch, 'whole.txt')) ?? ''
    expect(told).toContain('What it changed is in this worktree already.')
    expect(told).toContain('Half is written; the whole is left.')
    expect(told).toContain('half.txt +1 −0')
    const status = await yard.says(repo, number, /waits for review/)
    expect(status).toMatch(/\| 1 \| `filling` \| handed over, its context was full/)
    const [pull] = yard.emulator.pulls(repo)
    expect(pull?.body).toContain('### Decisions\n\n- Kept the old greeting.')
    expect(pull?.body).toContain('- The farewell is misspelt.')
    expect((await yard.task(repo, number))?.attempts).toBe(2)
  })

  it('and never is enough, ends in plain words, not in bills', async () => {
    const { repo, number } = await labelled('endless')
    await yard.becomes(repo, number, 'failed')
    await yard.says(repo, number, /split the issue into smaller ones/)
    expect((await yard.task(repo, number))?.attempts).toBe(6)
  })
})

describe('a provider at its limit', () => {
  it('costs no attempt and no work: the same conversation goes on in the same worktree', async () => {
    const { repo, number } = await labelled('limited')
    await yard.becomes(repo, number, 'in-review')
    const branch = `yardmaster/${number}`
    expect(await yard.emulator.fileAt(repo, branch, 'half.txt')).toBe('Half.\n')
    expect(await yard.emulator.fileAt(repo, branch, 'whole.txt')).toMatch(
      /^Your work was interrupted through no fault of yours/,
    )
  })
})
