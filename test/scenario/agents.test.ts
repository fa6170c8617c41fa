/** Agents that misbehave: each ends in one plain sentence, with nothing of it left, and nothing published that it did not do. */
import { existsSync, readFileSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { HELLO } from './support/issues.ts'
import { mock, operatorWith, steps } from './support/profiles.ts'
import { MAINTAINER, openYard } from './support/yard.ts'
import type { Yard } from './support/yard.ts'

const once = (minutes: number): string =>
  `verify: [sh check.sh]\nlimits: { attempts: 1, parallel: 20, minutes: ${minutes}, stall_minutes: 0.05 }\n`

describe('an agent that', () => {
  interface Bad {
    readonly does: string
    readonly command: readonly string[]
    readonly says: readonly (string | RegExp)[]
    /** Of the whole attempt; without it a minute. */
    readonly minutes?: number
  }
  const TABLE = {
    crashing: {
      does: 'crashes in the middle of its work',
      command: mock('crash-mid-prompt'),
      says: [/exited with code 3 before its turn ended/, 'out of cheese', 'the agent crashed'],
    },
    silent: {
      does: 'never answers',
      command: mock('hang-before-initialize'),
      minutes: 0.1,
      says: [/was not done after \d s/, 'time ran out'],
    },
    stuck: {
      does: 'falls silent after its first words',
      command: mock('hang-after-first'),
      says: ['gave no sign of life for 3 s'],
    },
    stubborn: {
      does: 'hangs and ignores every polite request to stop',
      command: mock('ignores-sigterm'),
      says: ['gave no sign of life for 3 s'],
    },
    endless: {
      does: 'is never done',
      command: steps({ talk: true }),
      minutes: 0.1,
      says: [/was not done after \d s/, 'time ran out'],
    },
    quitter: {
      does: 'exits with 0 and has done nothing',
      command: mock('exit-nothing'),
      says: ['exited with code 0 before its turn ended'],
    },
    idle: {
      does: 'says that it is done and has changed nothing',
      command: mock('no-output'),
      says: ['the agent said that it was done, but changed nothing', 'nothing was changed'],
    },
    loud: {
      does: 'floods its output',
      command: mock('flood-stdout'),
      says: ['was ended because it', 'the agent broke the protocol'],
    },
    chatty: {
      does: 'floods its protocol with messages',
      command: mock('flood-messages'),
      says: ['was ended because it'],
    },
    noisy: {
      does: 'floods its errors',
      command: mock('flood-stderr'),
      says: ['was ended because it'],
    },
    foreign: {
      does: 'speaks another language',
      command: mock('garbage'),
      says: ['was ended because it', 'the agent broke the protocol'],
    },
    refusing: {
      does: 'refuses',
      command: mock('refusal'),
      says: ['refused the task', 'the agent declined'],
    },
  } satisfies Readonly<Record<string, Bad>>
  const bad: readonly (readonly [string, Bad])[] = Object.entries(TABLE)

  let yard: Yard
  const numbers = new Map<string, { readonly repo: string; readonly number: number }>()
  beforeAll(async () => {
    yard = await openYard({
      operator: operatorWith(Object.fromEntries(bad.map(([name, { command }]) => [name, command]))),
    })
    // All at once: their stories are told one by one, and most of them is waiting.
    const repos = new Map<number, string>()
    for (const [name, { minutes = 1 }] of bad) {
      const repo = repos.get(minutes) ?? (await yard.repository({ config: once(minutes) }))
      repos.set(minutes, repo)
      const number = yard.issue(repo, HELLO, `For ${name}`)
      yard.label(repo, number, MAINTAINER, `yardmaster:${name}`)
      numbers.set(name, { repo, number })
    }
  })
  afterAll(async () => yard.close())

  it.each(bad.map(([name, { does, says }]) => ({ name, does, says })))(
    '$does ($name) fails with the reason',
    async ({ name, says }) => {
      const { repo, number } = numbers.get(name) ?? { repo: '', number: 0 }
      const { status } = await yard.fails(repo, number)
      for (const text of says) expect(status).toMatch(text)
      expect(await yard.attempts(repo, number)).toHaveLength(1)
      const { command } = new Map(bad).get(name) ?? { command: [] }
      const own = (await yard.agents()).filter((line) => line.includes(command.slice(1).join(' ')))
      expect(own, 'its processes').toEqual([])
      expect(yard.emulator.branches(repo).has(`yardmaster/${number}`)).toBe(false)
    },
  )
})

describe('a failed attempt', () => {
  let yard: Yard
  let outside: string
  beforeAll(async () => {
    outside = await mkdtemp(join(tmpdir(), 'yard-outside-'))
    const crashOnce = `if [ -e ${outside}/crashed ]; then exec "$@"; fi; touch ${outside}/crashed; exit 7`
    yard = await openYard({
      operator: operatorWith({
        noting: steps({ note: join(outside, 'prompts') }),
        wavering: [
          'sh',
          '-c',
          crashOnce,
          'sh',
          ...steps({ write: 'second.txt', text: 'Second.\n' }),
        ],
        limited: mock('limit-failure'),
        straying: steps(
          { write: join(outside, 'stray.txt'), text: 'Stray.\n' },
          { write: 'inside.txt', text: 'Inside.\n' },
        ),
      }),
    })
  })
  afterAll(async () => {
    await yard.close()
    await rm(outside, { recursive: true })
  })

  async function started(profile: string, config?: string) {
    const repo = await yard.repository(config === undefined ? {} : { config })
    const number = yard.issue(repo, HELLO)
    yard.label(repo, number, MAINTAINER, `yardmaster:${profile}`)
    return { repo, number }
  }

  it('tells the next one what went wrong, and after the last there is one comment', async () => {
    const { repo, number } = await started('noting', 'limits: { attempts: 2 }\n')
    const { status, notice } = await yard.fails(repo, number)
    expect(status).toContain('(attempt 2 of 2)')
    expect(notice).toContain('(attempt 2 of 2)')
    const prompts = (await readFile(join(outside, 'prompts'), 'utf8')).split(
      'You are a software engineer',
    )
    expect(prompts).toHaveLength(3)
    expect(prompts[1]).not.toContain('<previous>')
    expect(prompts[2]).toMatch(
      /<previous>\nthe agent said that it was done, but changed nothing\n<\/previous>/,
    )
    expect(await yard.attempts(repo, number)).toHaveLength(2)
  })

  it('is followed by one that goes right, and the table tells of both', async () => {
    const { repo, number } = await started('wavering')
    const { state } = await yard.becomes(repo, number, 'in-review')
    const status = await yard.says(repo, number, `#${state.pull.number}`)
    expect(status).toMatch(/\| 1 \| `wavering` \| the agent crashed/)
    expect(status).toMatch(/\| 2 \| `wavering` \| completed/)
    expect(await yard.emulator.fileAt(repo, `yardmaster/${number}`, 'second.txt')).toBe('Second.\n')
    expect(yard.comments(repo, number)).toHaveLength(1)
  })

  it('through the limit of a provider is nobody’s attempt: the task and all others of that profile wait, and say until when', async () => {
    const { repo, number } = await started('limited')
    await yard.says(repo, number, /limited is at its limit until [^.\n]*\d\d:\d\d UTC/i)
    const task = await yard.task(repo, number)
    expect(task).toMatchObject({ state: { kind: 'queued' }, failures: 0 })
    const other = yard.issue(repo, HELLO, 'Another')
    yard.label(repo, other, MAINTAINER, 'yardmaster:limited')
    await yard.says(repo, other, /limited is at its limit until/i)
    expect(await yard.attempts(repo, other)).toEqual([])
    const free = yard.issue(repo, HELLO, 'Free')
    yard.label(repo, free)
    await yard.becomes(repo, free, 'in-review')
    expect(await yard.attempts(repo, number)).toHaveLength(1)
  })

  it('without a sandbox may write where it likes; what is published holds the worktree only, and says that there was none', async () => {
    const { repo, number } = await started('straying')
    const { state } = await yard.becomes(repo, number, 'in-review')
    expect(existsSync(join(outside, 'stray.txt'))).toBe(true)
    const files = await yard.emulator.pullFiles({ repo, number: state.pull.number })
    expect(files.map((each) => each.filename)).toEqual(['inside.txt'])
    expect(await yard.says(repo, number, `#${state.pull.number}`)).toContain('without a sandbox')
  })
})

describe('in bubblewrap, an agent', () => {
  it('cannot write outside its worktree, nor see what the operator has there', async (context) => {
    const agent = readFileSync(new URL('support/agent.ts', import.meta.url), 'utf8')
    const outside = await mkdtemp(join(tmpdir(), 'yard-outside-'))
    const list = JSON.stringify([
      { write: join(outside, 'stray.txt'), text: 'x' },
      { write: '/usr/local/stray.txt', text: 'x' },
      { write: 'inside.txt', text: 'Inside.\n' },
    ])
    const yard = await openYard({
      operator: operatorWith({ straying: ['node', 'agent.ts', list] }, 'auto'),
    })
    try {
      if (yard.world.yardmaster().jailKind === 'none') context.skip('bubblewrap does not work here')
      const repo = await yard.repository({ files: { 'agent.ts': agent } })
      const number = yard.issue(repo, HELLO)
      yard.label(repo, number, MAINTAINER, 'yardmaster:straying')
      const { state } = await yard.becomes(repo, number, 'in-review')
      const { body } = yard.emulator.pull({ repo, number: state.pull.number })
      expect(body).toMatch(/Could not write \/usr\/local\/stray\.txt: E(ROFS|ACCES|PERM)/)
      expect(existsSync(join(outside, 'stray.txt'))).toBe(false)
      expect(existsSync('/usr/local/stray.txt')).toBe(false)
      const files = await yard.emulator.pullFiles({ repo, number: state.pull.number })
      expect(files.map((each) => each.filename)).toEqual(['inside.txt'])
    } finally {
      await yard.close()
      await rm(outside, { recursive: true })
    }
  })
})
