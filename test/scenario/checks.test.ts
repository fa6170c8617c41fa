/** The repository's own commands: red, endless or loud, on the work or on the base already, and what a person reads of it. */
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { HELLO } from './support/issues.ts'
import { operatorWith, steps } from './support/profiles.ts'
import { MAINTAINER, openYard } from './support/yard.ts'
import type { Yard } from './support/yard.ts'

let yard: Yard
let outside: string
beforeAll(async () => {
  outside = await mkdtemp(join(tmpdir(), 'yard-checks-'))
  yard = await openYard({
    operator: operatorWith({
      noting: steps({ note: join(outside, 'prompts') }, { write: 'hello.txt', text: 'Hello.\n' }),
    }),
  })
})
afterAll(async () => {
  await yard.close()
  await rm(outside, { recursive: true })
})

/** Red where the work is, green on the base. */
const RED_ON_WORK = 'if [ -e hello.txt ]; then echo "hello.txt is not welcome"; exit 4; fi\n'

async function started(words: {
  readonly config: string
  readonly files?: Readonly<Record<string, string>>
  readonly profile?: string
}): Promise<{ repo: string; number: number }> {
  const repo = await yard.repository({ config: words.config, files: words.files ?? {} })
  const number = yard.issue(repo, HELLO)
  const label = words.profile === undefined ? 'yardmaster' : `yardmaster:${words.profile}`
  yard.label(repo, number, MAINTAINER, label)
  return { repo, number }
}

const nothingPublished = (repo: string): void => {
  expect(yard.emulator.pulls(repo)).toEqual([])
  expect([...yard.emulator.branches(repo).keys()]).toEqual(['main'])
}

describe('setup', () => {
  it('that is red ends the attempt before the agent starts, with its output', async () => {
    const { repo, number } = await started({
      config: 'setup: [sh setup.sh]\nlimits: { attempts: 1 }\n',
      files: { 'setup.sh': 'echo "no such mirror"\nexit 3\n' },
    })
    const { status, notice } = await yard.fails(repo, number)
    expect(notice).toContain('`sh setup.sh` ended with exit code 3')
    expect(status).toMatch(/`sh setup\.sh` failed on [0-9a-f]{7} with exit code 3/)
    expect(status).toContain('no such mirror')
    expect(status).toContain('setup was red')
    nothingPublished(repo)
  })

  it('that never ends is stopped at the attempt’s time limit, and leaves no process', async () => {
    const { repo, number } = await started({
      config: 'setup: [sh setup.sh]\nlimits: { attempts: 1, minutes: 0.05 }\n',
      files: { 'setup.sh': 'echo started\nsleep 4711\n' },
    })
    const { status } = await yard.fails(repo, number)
    expect(status).toContain('`sh setup.sh` did not end within its time limit')
    expect(status).toContain('started')
    expect((await yard.agents()).filter((line) => line.includes('4711'))).toEqual([])
    nothingPublished(repo)
  })
})

describe('a check', () => {
  it('that is red on the work is tried again with its output in the prompt, and then the task fails', async () => {
    const { repo, number } = await started({
      config: 'verify: [sh check.sh]\nlimits: { attempts: 2 }\n',
      files: { 'check.sh': RED_ON_WORK },
      profile: 'noting',
    })
    const { status, notice } = await yard.fails(repo, number)
    expect(notice).toContain('`sh check.sh` ended with exit code 4 (attempt 2 of 2)')
    expect(status).toMatch(/`sh check\.sh` failed on [0-9a-f]{7} with exit code 4/)
    expect(status).toContain('hello.txt is not welcome')
    expect(await yard.attempts(repo, number)).toHaveLength(2)
    const [, first, second] = (await readFile(join(outside, 'prompts'), 'utf8')).split(
      'You are a software engineer',
    )
    expect(first).not.toContain('not welcome')
    expect(second).toMatch(/<previous>\n[^<]*`sh check\.sh` ended[^<]*hello\.txt is not welcome\n</)
    nothingPublished(repo)
  })

  it('that never ends is stopped at the attempt’s time limit, and a base that takes its time is not blamed', async () => {
    const { repo, number } = await started({
      config: 'verify: [sh check.sh]\nlimits: { attempts: 1, minutes: 0.1 }\n',
      files: { 'check.sh': 'if [ -e hello.txt ]; then sleep 4712; else sleep 3; fi\n' },
    })
    const { status } = await yard.fails(repo, number)
    expect(status).toContain('`sh check.sh` did not end within its time limit')
    expect((await yard.agents()).filter((line) => line.includes('4712'))).toEqual([])
    nothingPublished(repo)
  })

  it('that floods its output is followed to its end; the comment shows the last of it and stays within its bounds', async () => {
    const flood = 'yes "a line of noise" | head -c 80000000\necho "the last line"\n'
    const red = await started({
      config: 'verify: [sh check.sh]\nlimits: { attempts: 1 }\n',
      files: { 'check.sh': `${flood}test ! -e hello.txt\n` },
    })
    const { status } = await yard.fails(red.repo, red.number)
    expect(status).toContain('the last line')
    expect(status.length).toBeLessThan(65_536)
    const green = await started({
      config: 'verify: [sh check.sh]\n',
      files: { 'check.sh': flood },
    })
    const { state } = await yard.becomes(green.repo, green.number, 'in-review')
    const { body } = yard.emulator.pull({ repo: green.repo, number: state.pull.number })
    expect(body).toContain('the last line')
  })

  it('that changes files has no say in what is published', async () => {
    const { repo, number } = await started({
      config: 'verify: [sh check.sh]\n',
      files: { 'check.sh': 'echo spoiled >hello.txt\necho more >more.txt\n' },
    })
    const { state } = await yard.becomes(repo, number, 'in-review')
    const files = await yard.emulator.pullFiles({ repo, number: state.pull.number })
    expect(files.map((each) => each.filename)).toEqual(['hello.txt'])
    expect(await yard.emulator.fileAt(repo, `yardmaster/${number}`, 'hello.txt')).toBe('Hello.\n')
  })

  it('that does not exist is told, by the shell’s own words', async () => {
    const { repo, number } = await started({
      config: 'verify: [no-such-check --all]\nlimits: { attempts: 1 }\n',
    })
    // Red on the base as well: the task waits for somebody to mend the settings or the repository.
    const status = await yard.says(repo, number, /main is already red at [0-9a-f]{7}/i)
    expect(status).toContain('`no-such-check --all` failed')
    expect(status).toContain('not found')
  })

  it('that is red on the base already makes the task wait, and a push that mends the base starts it again', async () => {
    const { repo, number } = await started({
      config: 'verify: [sh check.sh]\n',
      files: { 'check.sh': 'echo "broken since Tuesday"\nexit 1\n' },
    })
    const base = yard.emulator.branches(repo).get('main') ?? ''
    const status = await yard.says(repo, number, `ain is already red at ${base.slice(0, 7)}`)
    expect(status).toContain('broken since Tuesday')
    await yard.until('the label says queued', () =>
      yard.emulator.labels({ repo, number }).includes('yard:queued'),
    )
    expect(await yard.task(repo, number)).toMatchObject({ state: { kind: 'queued' }, failures: 0 })
    nothingPublished(repo)
    const push = (files: Readonly<Record<string, string>>) =>
      yard.emulator.pushFiles({ repo, as: MAINTAINER, branch: 'main', files, message: 'Mend' })
    await push({ 'check.sh': 'exit 0\n' })
    const { state } = await yard.becomes(repo, number, 'in-review')
    await yard.says(repo, number, `#${state.pull.number}`)
    expect(await yard.attempts(repo, number)).toHaveLength(2)
    expect(yard.comments(repo, number)).toHaveLength(1)
  })
})
