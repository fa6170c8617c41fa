/** An agent asks, a person answers, the work goes on where it stood: also days, deaths and machines later. */
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { file } from './support/issues.ts'
import { openLives } from './support/lives.ts'
import { mock, operatorWith, steps } from './support/profiles.ts'
import { until } from './support/until.ts'
import { MAINTAINER, READER, openYard } from './support/yard.ts'
import type { Yard } from './support/yard.ts'

const TWO = `${file('greeting.txt', 'Hello.')}\n${file('greeting.txt', 'Good day.')}`
const ASK = { text: 'Which greeting?', options: ['Hello', 'Good day'], recommended: 2 }
const BEN = 'ben'

let outside: string
let yard: Yard
beforeAll(async () => {
  outside = await mkdtemp(join(tmpdir(), 'yard-questions-'))
  yard = await openYard({
    operator: operatorWith({
      asking: steps(
        { write: 'half.txt', text: 'Half.\n' },
        { note: join(outside, 'prompts') },
        { ask: ASK },
        { note: join(outside, 'answer') },
        { write: 'whole.txt', text: 'Whole.\n' },
      ),
      forgetful: steps({ note: 'prompts.txt' }, { ask: ASK, forgets: true }),
      eliciting: mock('elicitation'),
      tooling: mock('tool-ask'),
    }),
  })
  yard.emulator.createUser({ login: BEN })
})
afterAll(async () => {
  await yard.close()
  await rm(outside, { recursive: true })
})

type At = Readonly<{ repo: string; number: number }>

async function asked(body: string, profile = ''): Promise<At> {
  const config = `setup: [sh -c 'echo set up >> setup.log']\nverify: [sh check.sh]\n`
  const repo = await yard.repository({ config, files: { '.gitignore': 'setup.log\n' } })
  yard.emulator.addCollaborator(repo, BEN, 'write')
  const number = yard.issue(repo, body)
  yard.label(repo, number, MAINTAINER, profile === '' ? 'yardmaster' : `yardmaster:${profile}`)
  await yard.becomes(repo, number, 'parked')
  await yard.says(repo, number, /^@ana, one decision is yours/)
  return { repo, number }
}

const say = ({ repo, number }: At, body: string, as = MAINTAINER): number =>
  yard.emulator.comment({ repo, number, as, body }).id

const reactionsTo = ({ repo }: At, id: number): string =>
  (yard.emulator.repository(repo).comments.get(id)?.reactions ?? [])
    .map(({ content }) => content)
    .join()

const wears = (at: At, id: number, wanted: string) =>
  until(`the comment wears ${wanted}`, () => reactionsTo(at, id) === wanted)

const questions = ({ repo, number }: At): readonly string[] =>
  yard.comments(repo, number).filter((body) => body.includes('one decision is yours'))

const placesOf = async (): Promise<number> =>
  (await readdir(join(yard.folder, 'yardmaster/work/places'))).length

describe('a question', () => {
  it('is asked where the issue says two things, and the answer decides', async () => {
    const at = await asked(TWO)
    await yard.until('the label says so', () =>
      yard.emulator.labels(at).includes('yard:needs-answer'),
    )
    const id = say(at, '/answer 2')
    await yard.becomes(at.repo, at.number, 'in-review')
    await wears(at, id, 'eyes,+1')
    const text = await yard.emulator.fileAt(at.repo, `yardmaster/${at.number}`, 'greeting.txt')
    expect(text).toBe('Good day.\n')
    expect(questions(at)).toHaveLength(1)
    const status = await yard.says(at.repo, at.number, /waits for review/)
    expect(status).toContain('`ana` answered: Use block 2 (a whole file)')
    expect(status).toMatch(/\| 1 \| `patch` \| parked with a question/)
  })

  it('keeps worktree and session: the agent goes on where it stood, told only the answer', async () => {
    const at = await asked('Greet people.', 'asking')
    const before = await placesOf()
    say(at, '/answer Q1 Good morning,\nand in the evening good night')
    await yard.becomes(at.repo, at.number, 'in-review')
    const branch = `yardmaster/${at.number}`
    for (const [name, text] of [
      ['half.txt', 'Half.\n'],
      ['whole.txt', 'Whole.\n'],
    ] as const)
      expect(await yard.emulator.fileAt(at.repo, branch, name)).toBe(text)
    const told = await readFile(join(outside, 'answer'), 'utf8')
    expect(told).toMatch(
      /<answer to="Q1" by="ana">\n<asked>\nWhich greeting\?\n<\/asked>\nGood mor/,
    )
    expect(told).toContain('and in the evening good night')
    expect(told).not.toContain('Greet people.')
    expect(await readFile(join(outside, 'prompts'), 'utf8')).toContain('Greet people.')
    expect(await placesOf()).toBeLessThan(before)
  })

  it('goes on with the work in a new place where the old one is gone, told everything', async () => {
    const at = await asked('Greet everybody.', 'asking')
    const { resume } = (await yard.task(at.repo, at.number)) ?? {}
    const places = join(yard.folder, 'yardmaster/work/places')
    const texts = await Promise.all(
      (await readdir(places)).map(
        async (name) => [name, await readFile(join(places, name), 'utf8')] as const,
      ),
    )
    const [record = ''] =
      texts.find(([, text]) => text.includes(`"${String(resume?.attempt)}"`)) ?? []
    await rm(join(yard.folder, 'yardmaster/work/pairs', record.replace('.json', '')), {
      recursive: true,
    })
    await rm(join(outside, 'answer'), { force: true })
    say(at, '/answer 2')
    await yard.becomes(at.repo, at.number, 'in-review')
    const branch = `yardmaster/${at.number}`
    expect(await yard.emulator.fileAt(at.repo, branch, 'half.txt')).toBe('Half.\n')
    expect(await yard.emulator.fileAt(at.repo, branch, 'whole.txt')).toBe('Whole.\n')
    const told = await readFile(join(outside, 'answer'), 'utf8')
    expect(told).toContain('Greet everybody.')
    expect(told).toContain('half.txt +1 −0')
    expect(told).toContain('<answer to="Q1" by="ana" choice="2">')
  })

  it('of an agent that has forgotten is told again, with what was answered', async () => {
    const at = await asked('Greet people.', 'forgetful')
    say(at, '/answer 1')
    await yard.until(
      'it asks again',
      async () => (await yard.task(at.repo, at.number))?.question?.n === 2,
    )
    const { state, answers } = (await yard.task(at.repo, at.number)) ?? {}
    expect(state?.kind).toBe('parked')
    expect(answers).toMatchObject([{ n: 1, choice: 1, text: 'Hello' }])
    await yard.until('it is asked anew', () => questions(at).length === 2)
    say(at, '/cancel')
    await yard.becomes(at.repo, at.number, 'cancelled')
  })

  it.each([
    ['eliciting', 'Which database shall it be?', '2. MySQL'],
    ['tooling', 'Keep the old route?', '2. Drop it **(recommended)**'],
  ])('comes by whatever way the agent has (%s)', async (profile, text, option) => {
    const at = await asked('Do it.', profile)
    expect(questions(at)[0]).toContain(text)
    expect(questions(at)[0]).toContain(option)
    say(at, '/cancel')
    await yard.becomes(at.repo, at.number, 'cancelled')
    await yard.until('its place is put away', async () => {
      const task = await yard.task(at.repo, at.number)
      const homes = await readdir(join(yard.folder, 'yardmaster/work/homes'))
      return task !== null && !homes.includes(task.id)
    })
  })

  it('shows a plain reply once how to answer, and a stranger nothing', async () => {
    const at = await asked(TWO)
    say(at, 'The second one, please.', READER)
    say(at, 'The second one, please.', BEN)
    await yard.says(at.repo, at.number, /Thank you, `ben`\. I read only commands/)
    say(at, 'Hello? The second!', BEN)
    await yard.settled()
    say(at, '/answer 2', BEN)
    await yard.becomes(at.repo, at.number, 'in-review')
    const hints = yard.comments(at.repo, at.number).filter((body) => /I read only/.test(body))
    expect(hints).toHaveLength(1)
  })

  it('is not answered by strangers, numbers that are none, or words of before', async () => {
    const at = await asked(TWO)
    const stranger = say(at, '/answer 1', READER)
    await yard.says(at.repo, at.number, /I take `\/answer` only from people with write access/)
    const wrong = say(at, '/answer 3')
    await yard.says(at.repo, at.number, /an option that Q1 does not have: they go from 1 to 2/)
    await wears(at, wrong, 'eyes,confused')
    expect(reactionsTo(at, stranger)).toBe('')
    expect((await yard.task(at.repo, at.number))?.state.kind).toBe('parked')
    say(at, '/answer 2')
    await yard.becomes(at.repo, at.number, 'in-review')
    const late = say(at, '/answer Q1 1')
    await wears(at, late, 'eyes,confused')
    await yard.says(at.repo, at.number, /comes too late: Q1 was answered by `ana`/)
  })

  it('answered by two at once is answered by one of them, and the other is told', async () => {
    const at = await asked(TWO)
    const both = [say(at, '/answer 1'), say(at, '/answer 2', BEN)]
    await yard.becomes(at.repo, at.number, 'in-review')
    await yard.says(at.repo, at.number, /comes too late: Q1 was answered by/)
    await yard.until(
      'both are answered',
      () =>
        both
          .map((id) => reactionsTo(at, id))
          .toSorted()
          .join(' ') === 'eyes,+1 eyes,confused',
    )
    const task = await yard.task(at.repo, at.number)
    expect(task?.answers).toHaveLength(1)
    expect(await yard.attempts(at.repo, at.number)).toHaveLength(2)
  })
})

describe('while a question is open', () => {
  it('its slot is free: with one slot in all, other work goes on', async () => {
    const single = await openYard({
      change: (settings) => ({ ...settings, caps: { ...settings.caps, total: 1 } }),
    })
    try {
      const repo = await single.repository()
      const first = single.issue(repo, TWO)
      single.label(repo, first)
      await single.becomes(repo, first, 'parked')
      const second = single.issue(repo, file('other.txt', 'Other.'))
      single.label(repo, second)
      await single.becomes(repo, second, 'in-review')
      expect((await single.task(repo, first))?.state.kind).toBe('parked')
    } finally {
      await single.close()
    }
  })
})

describe('a death between question and answer', () => {
  it('loses neither, and asks nothing twice', async () => {
    const lives = await openLives(operatorWith({}))
    try {
      const first = await lives.start()
      const { repo, number } = await lives.task({ name: 'shop', body: TWO })
      const asks = () =>
        lives.comments(repo, number).filter((body) => body.includes('one decision is yours'))
      await until('it is asked', () => asks().length === 1)
      await first.kill()
      lives.emulator.comment({ repo, number, as: MAINTAINER, body: '/answer 2' })
      const second = await lives.start()
      await until('the pull request is open', () => lives.emulator.pulls(repo).length === 1)
      const text = await lives.emulator.fileAt(repo, `yardmaster/${number}`, 'greeting.txt')
      expect(text).toBe('Good day.\n')
      expect(asks()).toHaveLength(1)
      await second.stop()
    } finally {
      await lives.close()
    }
  })
})
