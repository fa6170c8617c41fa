/** What a repository's settings file does to its tasks: nothing runs without one, and every mistake is named by its line. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { HELLO } from './support/issues.ts'
import { CONFIG, MAINTAINER, openYard } from './support/yard.ts'
import type { Yard } from './support/yard.ts'

const FILE = '.github/yardmaster.yml'

describe('the settings file of a repository', () => {
  let yard: Yard
  beforeAll(async () => {
    yard = await openYard()
  })
  afterAll(async () => yard.close())

  const commit = (repo: string, text: string) =>
    yard.emulator.pushFiles({
      repo,
      as: MAINTAINER,
      branch: 'main',
      files: { [FILE]: text },
      message: 'Configure',
    })

  it('is shown, ready to commit, where there is none; committed, the task starts', async () => {
    const repo = await yard.repository({ config: null })
    const number = yard.issue(repo, HELLO)
    yard.label(repo, number)
    const comment = await yard.says(repo, number, FILE)
    expect(comment).toContain('```yaml')
    expect(comment).toContain(
      `/new/main?filename=${encodeURIComponent(FILE)}`.replaceAll('%2F', '/'),
    )
    expect(await yard.attempts(repo, number)).toEqual([])
    await commit(repo, CONFIG)
    await yard.becomes(repo, number, 'in-review')
  })

  it('is told by line and accepted values where it is broken; mended, the task starts', async () => {
    const repo = await yard.repository({
      config: 'verify: [sh check.sh]\nlimits: { minutes: soon }\n',
    })
    const number = yard.issue(repo, HELLO)
    yard.label(repo, number)
    const comment = await yard.says(repo, number, 'limits.minutes')
    expect(comment).toMatch(/\b2\b/)
    expect(await yard.attempts(repo, number)).toEqual([])
    await commit(repo, CONFIG)
    await yard.becomes(repo, number, 'in-review')
  })

  it('has its trigger label made, so that a person finds it to set', async () => {
    const repo = await yard.repository({ config: `trigger: tug\n${CONFIG}` })
    const labels = () => [...yard.emulator.repository(repo).labels.values()]
    const made = await yard.until('the label is there', () =>
      labels().find((label) => label.name === 'tug'),
    )
    expect(made.description).toContain('Yardmaster')
  })

  it.each([
    ['no text', 'verify: [\u0000]\n'],
    ['not UTF-8', Buffer.from([0x76, 0x3a, 0x20, 0xff, 0xfe, 0x00])],
    ['far too long', `# ${'x'.repeat(700_000)}\n${CONFIG}`],
    ['no mapping', '- npm test\n'],
    ['no YAML', 'verify: [npm test\n'],
  ])('that is %s is said to be of no use; mended, the task starts', async (_, config) => {
    const repo = await yard.repository({ config: null, files: { [FILE]: config } })
    const number = yard.issue(repo, HELLO)
    yard.label(repo, number)
    await yard.says(repo, number, `${FILE}`)
    await yard.says(repo, number, 'cannot be used')
    expect(await yard.attempts(repo, number)).toEqual([])
    await commit(repo, CONFIG)
    await yard.becomes(repo, number, 'in-review')
  })

  it('may name another trigger: its label starts, ours does not', async () => {
    const repo = await yard.repository({ config: `trigger: robot\n${CONFIG}` })
    const number = yard.issue(repo, HELLO)
    yard.label(repo, number)
    await yard.settled()
    expect(await yard.task(repo, number)).toBeNull()
    yard.label(repo, number, MAINTAINER, 'robot')
    await yard.becomes(repo, number, 'in-review')
  })

  it('may name a profile that the operator does not have: the task waits and says which there are', async () => {
    const repo = await yard.repository({ config: `agent: nobody\n${CONFIG}` })
    const number = yard.issue(repo, HELLO)
    yard.label(repo, number)
    const comment = await yard.says(repo, number, 'nobody')
    expect(comment).toContain('patch')
    await commit(repo, CONFIG)
    await yard.becomes(repo, number, 'in-review')
  })

  it('counts as it is on the default branch, not on another', async () => {
    const repo = await yard.repository({ config: null })
    await yard.emulator.pushFiles({
      repo,
      as: MAINTAINER,
      branch: 'side',
      files: { [FILE]: CONFIG },
      message: 'Elsewhere',
    })
    const number = yard.issue(repo, HELLO)
    yard.label(repo, number)
    await yard.says(repo, number, FILE)
    await yard.settled()
    expect((await yard.task(repo, number))?.state.kind).toBe('queued')
  })
})

describe("a repository that is not on the operator's list", () => {
  it('gets nothing: no request, no comment, no task', async () => {
    const yard = await openYard({ change: (settings) => ({ ...settings, repositories: [1] }) })
    const repo = await yard.repository()
    const number = yard.issue(repo, HELLO)
    await yard.settled()
    const before = yard.emulator.journal.counters.requests
    yard.label(repo, number)
    await yard.settled()
    expect(yard.emulator.journal.counters.requests).toBe(before)
    expect(await yard.task(repo, number)).toBeNull()
    await yard.close()
  })
})
