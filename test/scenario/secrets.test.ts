/** Secrets on their way out: nothing is pushed with one in it, a person is asked, and no surface ever shows it. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { file } from './support/issues.ts'
import { operatorWith, steps } from './support/profiles.ts'
import { MAINTAINER, openYard } from './support/yard.ts'
import type { Yard } from './support/yard.ts'

/** Nobody's: put together here, so that this very file holds none. */
const SAMPLE = ['ghp', 'q7Zt3mWc9Rk2VhXb6LsYd8NfGj4PaTe1UoHi'].join('_')
const OWN = ['3fX9', 'mQ7z', 'kT2w', 'Vb8r', 'Nc5y', 'Hd1p', 'Ls6g', 'Je4u'].join('')

let yard: Yard
let others: Yard
beforeAll(async () => {
  yard = await openYard()
  others = await openYard({
    operator: operatorWith({
      asks: steps({
        ask: { text: `Is this the right key? ${OWN}`, options: [`Use ${OWN}`, 'No'] },
      }),
    }),
    environment: { YARD_TEST_TOKEN: OWN },
  })
})
afterAll(async () => {
  await yard.close()
  await others.close()
})

async function atGate(text: string, where = yard, path = 'src/client.ts') {
  const repo = await where.repository()
  const number = where.issue(repo, file(path, text), 'Add a client')
  where.label(repo, number)
  const task = await where.becomes(repo, number, 'gated')
  return { repo, number, head: task.state.gate, gate: task.gate }
}

const say = (repo: string, number: number, body: string, where = yard): void =>
  void where.emulator.comment({ repo, number, as: MAINTAINER, body })
const branches = (repo: string, where = yard) => [...where.emulator.branches(repo).keys()]
/** All that anybody sees on the issue. */
const seen = (repo: string, number: number, where = yard): string =>
  where.comments(repo, number).join('\n')

describe('work that holds what looks like a secret', () => {
  it('is not pushed; the comment says which kind and where, and never shows it', async () => {
    const { repo, number, head, gate } = await atGate(`// a sample\nconst t = '${SAMPLE}'\n`)
    expect(gate).toMatchObject({
      kind: 'secrets',
      leaks: [
        {
          where: { kind: 'file', path: 'src/client.ts', line: 2 },
          name: 'a GitHub token',
          live: false,
        },
      ],
    })
    const comment = await yard.says(repo, number, 'looks like a secret')
    expect(comment).toContain('- Looks like: a GitHub token, in `src/client.ts`, line 2')
    expect(comment).toContain(`\`/approve ${head}\``)
    await yard.says(repo, number, 'Something in it looks like a GitHub token')
    expect(branches(repo)).toEqual(['main'])
    // The issue itself says it: what its title and body hold was public before us.
    expect(seen(repo, number)).not.toContain(SAMPLE.slice(4, 20))
  })

  it('is pushed once somebody has said that it is none', async () => {
    const { repo, number, head } = await atGate(`const t = '${SAMPLE}'\n`)
    say(repo, number, `/approve ${head}`)
    const { state } = await yard.becomes(repo, number, 'in-review')
    expect(state.pull.head).toBe(head)
    expect(yard.emulator.branches(repo).get(`yardmaster/${number}`)).toBe(head)
  })

  it('is asked about twice where it also changes a protected path', async () => {
    const { repo, number, head, gate } = await atGate(`_authToken=${SAMPLE}\n`, yard, '.npmrc')
    expect(gate?.kind).toBe('protected')
    await yard.says(repo, number, '+_authToken=[withheld: a GitHub token]')
    say(repo, number, `/approve ${head}`)
    await yard.until('the second gate', async () => {
      const now = await yard.task(repo, number)
      return now?.state.kind === 'gated' && now.gate?.kind === 'secrets'
    })
    expect(branches(repo)).toEqual(['main'])
    expect(seen(repo, number)).not.toContain(SAMPLE.slice(4, 20))
    say(repo, number, `/approve ${head}`)
    await yard.becomes(repo, number, 'in-review')
  })

  it('ends with /reject, and nothing was pushed', async () => {
    const { repo, number } = await atGate(`const t = '${SAMPLE}'\n`)
    say(repo, number, '/reject that one is real')
    await yard.becomes(repo, number, 'cancelled')
    expect(branches(repo)).toEqual(['main'])
  })
})

describe('a secret of this very process', () => {
  it('is found in any form, and nobody’s word lets it out', async () => {
    const hidden = Buffer.from(`#${OWN}`).toString('base64')
    const { repo, number, head, gate } = await atGate(`const t = atob('${hidden}')\n`, others)
    expect(gate?.leaks).toMatchObject([{ name: 'the value of YARD_TEST_TOKEN', live: true }])
    const comment = await others.says(repo, number, 'nobody’s yes lets it out')
    expect(comment).not.toContain('/approve')
    say(repo, number, `/approve ${head}`, others)
    await others.says(repo, number, /pushes nothing: what waits holds the value of/)
    expect((await others.task(repo, number))?.state.kind).toBe('gated')
    expect(branches(repo, others)).toEqual(['main'])
    expect(seen(repo, number, others)).not.toContain(hidden.slice(4, 24))
  })

  it('is left out of a question, which is asked all the same', async () => {
    const repo = await others.repository()
    const number = others.issue(repo, 'Please.')
    others.label(repo, number, MAINTAINER, 'yardmaster:asks')
    await others.becomes(repo, number, 'parked')
    const comment = await others.says(repo, number, 'one decision is yours')
    expect(comment).toContain('[withheld: the value of YARD')
    await others.until(
      'the status comment shows the question',
      () => others.comments(repo, number).length >= 2,
    )
    expect(seen(repo, number, others)).not.toContain(OWN.slice(0, 16))
  })
})
