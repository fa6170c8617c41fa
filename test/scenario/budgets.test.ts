/** Money runs out: of a task, where a person gives more or ends it, and of a repository's day, where work waits. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { operatorWith, steps } from './support/profiles.ts'
import { MAINTAINER, openYard } from './support/yard.ts'
import type { Yard } from './support/yard.ts'

let yard: Yard
beforeAll(async () => {
  yard = await openYard({
    operator: operatorWith({
      // Spends more than it may, once; whoever goes on from its work does not.
      dear: steps(
        { spend: 0.5 },
        { write: 'half.txt', text: 'Half.\n' },
        { spend: 2.1, unless: 'half.txt' },
        { talk: true, unless: 'half.txt' },
        { write: 'whole.txt', text: 'Whole.\n' },
      ),
      modest: steps({ spend: 0.97 }, { write: 'done.txt', text: 'Done.\n' }),
    }),
  })
})
afterAll(() => yard.close())

const TIGHT = 'verify: [sh check.sh]\nbudget: { task: 2, day: 20 }\n'

async function spentAll(): Promise<{ readonly repo: string; readonly number: number }> {
  const repo = await yard.repository({ config: TIGHT })
  const number = yard.issue(repo, 'Greet people.')
  yard.label(repo, number, MAINTAINER, 'yardmaster:dear')
  await yard.becomes(repo, number, 'parked')
  return { repo, number }
}

const say = (at: { readonly repo: string; readonly number: number }, body: string): number =>
  yard.emulator.comment({ ...at, as: MAINTAINER, body }).id

/** As a reader sees it: dollars are escaped, for two of them would be read as mathematics. */
const said = (at: { readonly repo: string; readonly number: number }): readonly string[] =>
  yard.comments(at.repo, at.number).map((body) => body.replaceAll('\\$', '$'))

describe('a task that has spent its budget', () => {
  it('stops its agent, asks, and with a yes goes on from its work with as much again', async () => {
    const at = await spentAll()
    const asked = await yard.until('the question stands there', () =>
      said(at).find((body) => body.includes('one decision is yours')),
    )
    expect(asked).toContain('The budget of this task, $2.00, is spent: it has used $2.10.')
    expect(asked).toContain('1. Allow as much again')
    expect(asked).toContain('Reply `/answer 1` or `/answer 2`. The first answer')
    const [first] = await yard.attempts(at.repo, at.number)
    expect(first?.report).toMatchObject({
      end: { kind: 'failed', failure: 'budget' },
      usage: { cost: 2.1 },
      usedUp: { cost: 2 },
    })

    say(at, '/answer 1')
    await yard.becomes(at.repo, at.number, 'in-review')
    const branch = `yardmaster/${at.number}`
    for (const name of ['half.txt', 'whole.txt'])
      expect(await yard.emulator.fileAt(at.repo, branch, name)).toMatch(/^\w+\.\n$/)
    const status = await yard.says(at.repo, at.number, '\\$2.60 of \\$4.00 spent')
    expect(status).toContain('the budget ran out')
    const { pull } = (await yard.task(at.repo, at.number)) ?? {}
    const { body } = yard.emulator.pulls(at.repo).find((one) => one.number === pull?.number) ?? {}
    expect(body).toContain('All attempts together: \\$2.60.')
  })

  it('takes no words for a yes, and ends with a no', async () => {
    const at = await spentAll()
    say(at, '/answer please go on, it is worth it')
    await yard.until('it says how to answer', () =>
      said(at).some((body) => body.includes('must choose one of')),
    )
    say(at, '/answer 2')
    const { state } = await yard.becomes(at.repo, at.number, 'failed')
    expect(state.reason).toBe('its budget is spent, and @ana chose to stop')
    expect(await yard.attempts(at.repo, at.number)).toHaveLength(1)
  })
})

describe('a repository that has spent its day', () => {
  it('starts nothing more, says until when, and asks nobody', async () => {
    const config = 'verify: [sh check.sh]\nbudget: { task: 1, day: 1 }\n'
    const repo = await yard.repository({ config })
    const first = yard.issue(repo, 'Do the first thing.')
    yard.label(repo, first, MAINTAINER, 'yardmaster:modest')
    await yard.becomes(repo, first, 'in-review')
    const second = yard.issue(repo, 'Do the second thing.')
    yard.label(repo, second, MAINTAINER, 'yardmaster:modest')
    const status = await yard.says(
      repo,
      second,
      /budget of \\\$1\.00 a day is spent; work goes on at/,
    )
    expect(status).toContain('### Waiting')
    expect(await yard.attempts(repo, second)).toEqual([])
    expect((await yard.task(repo, second))?.question).toBeNull()
  })
})
