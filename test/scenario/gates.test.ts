/** Protected paths: the work waits at a gate, everything that a person needs to decide stands in one comment, and only their word opens it. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { file } from './support/issues.ts'
import { CONFIG, MAINTAINER, READER, openYard } from './support/yard.ts'
import type { Yard } from './support/yard.ts'

let yard: Yard
beforeAll(async () => {
  yard = await openYard()
})
afterAll(async () => yard.close())

const NPMRC = file('.npmrc', 'registry=https://npm.example/')

/** Work that changes `.npmrc`, done and waiting for a person. */
async function atGate(words: Parameters<Yard['repository']>[0] = {}, body = NPMRC) {
  const repo = await yard.repository(words)
  const number = yard.issue(repo, body)
  yard.label(repo, number)
  const task = await yard.becomes(repo, number, 'gated')
  const comment = await yard.says(repo, number, 'only a person may let through')
  return { repo, number, head: task.state.gate, comment }
}

const say = (repo: string, number: number, body: string, as = MAINTAINER): number =>
  yard.emulator.comment({ repo, number, as, body }).id

const branches = (repo: string) => [...yard.emulator.branches(repo).keys()]

describe('work that changes a protected path', () => {
  it('is not pushed; the comment shows commit, paths, the change itself and what to answer', async () => {
    const { repo, number, head, comment } = await atGate()
    expect(comment).toContain(`@${MAINTAINER}, this work is done`)
    expect(comment).toContain(`- Commit: \`${head}\``)
    expect(comment).toContain('- Protected: `.npmrc`')
    expect(comment).toContain('- `sh check.sh` passed on')
    expect(comment).toContain('```diff\ndiff --git a/.npmrc b/.npmrc')
    expect(comment).toContain('+registry=https://npm.example/')
    expect(comment).toContain(`\`/approve ${head}\``)
    expect(comment).not.toMatch(/^\//m)
    await yard.until('the label asks for approval', () =>
      yard.emulator.labels({ repo, number }).includes('yard:needs-approval'),
    )
    await yard.says(
      repo,
      number,
      /### A person must approve[^]*`\.npmrc`[^]*`\/approve [0-9a-f]{40}`/,
    )
    expect(branches(repo)).toEqual(['main'])
    expect(yard.emulator.pulls(repo)).toEqual([])
  })

  it('shows the protected part of the change only', async () => {
    const both = `${NPMRC}\n\n${file('src/plain.txt', 'nothing to see')}`
    const { comment } = await atGate({}, both)
    expect(comment).toContain('.npmrc')
    expect(comment).not.toContain('nothing to see')
  })

  it('ends when the label is taken off, and nothing of it was ever pushed', async () => {
    const { repo, number } = await atGate()
    yard.emulator.unlabel({ repo, number, as: MAINTAINER, label: 'yardmaster' })
    const task = await yard.becomes(repo, number, 'cancelled')
    expect(task.gate).toBeNull()
    expect(branches(repo)).toEqual(['main'])
  })
})

describe('a person’s word at the gate', () => {
  it('/approve pushes exactly that commit, and the pull request opens', async () => {
    const { repo, number, head } = await atGate()
    say(repo, number, `Looks right.\n\n/approve ${head}`)
    const { state, approved, gate } = await yard.becomes(repo, number, 'in-review')
    expect({ approved, gate, head: state.pull.head }).toEqual({ approved: head, gate: null, head })
    expect(yard.emulator.branches(repo).get(`yardmaster/${number}`)).toBe(head)
  })

  it('/approve of another commit, or of half of it, pushes nothing and says which one waits', async () => {
    const { repo, number, head } = await atGate()
    say(repo, number, `/approve ${'0'.repeat(40)}`)
    const told = await yard.says(repo, number, 'and what waits is')
    expect(told).toContain(head)
    say(repo, number, `/approve ${head.slice(0, 7)}`)
    await yard.until('it is told', () => yard.comments(repo, number).length === 4)
    expect((await yard.task(repo, number))?.state.kind).toBe('gated')
    expect(branches(repo)).toEqual(['main'])
  })

  it('/approve by somebody who may not write pushes nothing', async () => {
    const { repo, number, head } = await atGate()
    say(repo, number, `/approve ${head}`, READER)
    await yard.settled()
    expect((await yard.task(repo, number))?.state.kind).toBe('gated')
    expect(branches(repo)).toEqual(['main'])
  })

  it('/reject ends it with its reason, and nothing was pushed', async () => {
    const { repo, number, head } = await atGate()
    say(repo, number, '/reject not this registry')
    const { state } = await yard.becomes(repo, number, 'cancelled')
    expect(state.reason).toBe(
      `@ana said \`/reject\`: not this registry; ${head.slice(0, 7)} is kept and was not pushed`,
    )
    expect(branches(repo)).toEqual(['main'])
  })

  it('of the one who asked for the work does not count where the repository says so', async () => {
    const { repo, number, head } = await atGate({ config: `${CONFIG}own_approval: false\n` })
    say(repo, number, `/approve ${head}`)
    await yard.says(repo, number, /asked for/)
    expect((await yard.task(repo, number))?.state.kind).toBe('gated')
    yard.emulator.createUser({ login: 'second' })
    yard.emulator.addCollaborator(repo, 'second', 'write')
    say(repo, number, `/approve ${head}`, 'second')
    await yard.becomes(repo, number, 'in-review')
  })
})

describe('what the repository names', () => {
  it('is protected as well', async () => {
    const config = `${CONFIG}protected: [infra/]\n`
    const { comment } = await atGate({ config }, file('infra/main.tf', 'resource'))
    expect(comment).toContain('- Protected: `infra/main.tf`')
  })
})
