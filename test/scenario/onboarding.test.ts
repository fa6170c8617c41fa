/** A repository that has no settings file is asked once, by a pull request that says what was found and what it came to. */
import { afterEach, describe, expect, it } from 'vitest'
import { HELLO } from './support/issues.ts'
import { operatorWith } from './support/profiles.ts'
import { MAINTAINER, openYard } from './support/yard.ts'
import type { Yard } from './support/yard.ts'

let yard: Yard
afterEach(() => yard.close())

const MAKEFILE = 'test:\n\t@echo all is well\n'
const pulls = (repo: string) => yard.emulator.pulls(repo)
const proposed = (repo: string) =>
  yard.until('it is proposed', () =>
    pulls(repo).find(({ title }) => title === 'Configure Yardmaster'),
  )
const rows = () => yard.world.yardmaster().store.repositories.all()

describe('a repository without a settings file', () => {
  it('is proposed one, with its commands tried; merged, it lets work start', async () => {
    yard = await openYard({ onboarding: true, operator: operatorWith({}) })
    const repo = await yard.repository({ config: null, files: { Makefile: MAKEFILE } })
    const pull = await proposed(repo)
    expect(pull.body).toContain('`make test`')
    expect(pull.body).toMatch(/`make test` passed on [0-9a-f]{7}/)
    expect(pull.body).toContain('50 attempts at once')
    expect(pull.body).toContain('close this pull request: it is not opened again')

    const number = yard.issue(repo, HELLO)
    yard.label(repo, number)
    await yard.says(repo, number, /no configuration/i)
    await yard.emulator.merge({ repo, number: pull.number, as: MAINTAINER })
    const task = await yard.becomes(repo, number, 'in-review')
    expect(task.report?.verify).toMatchObject([{ command: 'make test', exitCode: 0 }])
    expect(pulls(repo)).toHaveLength(2)
  })

  it('is asked once: closed, it is not opened again, though the store was lost', async () => {
    yard = await openYard({ onboarding: true, operator: operatorWith({}) })
    const repo = await yard.repository({ config: null })
    const pull = await proposed(repo)
    expect(pull.body).toContain('no commands are proposed')
    await yard.until('that is remembered', async () => (await rows()).some(({ asked }) => asked))
    yard.emulator.closePull({ repo, number: pull.number, as: MAINTAINER })
    const { repositories } = yard.world.yardmaster().store
    for (const { asked: _forgotten, ...row } of await rows()) await repositories.save(row, [])
    await yard.world.restart()
    await yard.until('it is remembered again', async () =>
      (await rows()).some(({ asked }) => asked),
    )
    expect(pulls(repo)).toHaveLength(1)
  })

  it('is left alone where the operator wants it so, while the yard is paused, and where a file is', async () => {
    yard = await openYard({ onboarding: true })
    const { pausing } = yard.world.yardmaster().engine
    await pausing.pause({ repository: null, reason: '', now: false })
    const [bare, configured] = [await yard.repository({ config: null }), await yard.repository()]
    await yard.until('both were read', async () => {
      const all = await rows()
      return all.length === 2 && all.every(({ head, cursor }) => head !== null && cursor !== null)
    })
    expect([pulls(bare), pulls(configured)]).toEqual([[], []])
    await pausing.resume({ repository: null })
    await yard.world.restart()
    await proposed(bare)
    expect(pulls(configured)).toEqual([])
  })

  it('is opened one pull request, although the answers to the creations are lost', async () => {
    yard = await openYard({ onboarding: true, operator: operatorWith({}) })
    const { faults } = yard.emulator
    for (const operation of [
      'git/create-ref',
      'repos/create-or-update-file-contents',
      'pulls/create',
    ])
      faults.add({ match: { operation }, answer: { status: 502 }, applied: 'before', times: 1 })
    const repo = await yard.repository({ config: null })
    for (const request of ['POST git/refs', 'PUT contents/.github/yardmaster.yml', 'POST pulls']) {
      const [method, path] = request.split(' ')
      await yard.until(`${request} was sent`, () =>
        yard.emulator.requests.some(
          (sent) => sent.method === method && decodeURIComponent(sent.path).endsWith(`/${path}`),
        ),
      )
      // A start of its own, so that nobody waits for the rest after a fault.
      await yard.world.restart()
    }
    await yard.until('it is done', async () => (await rows()).some(({ asked }) => asked))
    expect(pulls(repo)).toHaveLength(1)
  })
})
