/** How agents ask and tell through our tools, and how a conversation is taken up again. */
import { existsSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Answer, Asked } from '../../src/domain/question.ts'
import { instant } from '../../src/domain/ids.ts'
import { createWorld, type World } from './world.ts'

let world: World
beforeEach(async () => {
  world = await createWorld()
})
afterEach(() => world.clear())

describe('our tools for agents', () => {
  it('take a question with options, and the turn ends with it', async () => {
    expect(await world.mock('tool-ask')).toMatchObject({
      kind: 'needs',
      question: { text: 'Keep the old route?', options: ['Keep it', 'Drop it'], recommended: 2 },
    })
    expect(world.news.map(({ message }) => message)).toContain('Looking at the routes')
  })

  it('take the report, and refuse what is none', async () => {
    const outcome = await world.mock('tool-report')
    expect(outcome).toMatchObject({
      kind: 'done',
      summary: 'Through the tool.',
      told: { decisions: ['Kept the name.'] },
    })
    const said = JSON.stringify(world.news)
    for (const tool of ['ask', 'report', 'progress']) expect(said).toContain(tool)
    expect(said).toMatch(/isError|-32602/)
  })

  it('are closed to a line without end', async () => {
    expect(await world.mock('tool-line-without-end')).toMatchObject({ kind: 'done' })
  })

  it('leave nothing behind', async () => {
    await world.mock('tool-report')
    const door = world.specs.at(-1)?.readable.at(-1) ?? ''
    expect(door).toMatch(/\/yard-\w{6}$/)
    expect(existsSync(door)).toBe(false)
  })

  it('are not offered to the built-in agent, which needs none', async () => {
    await world.run('builtin:patch', { prompt: 'Nothing.' })
    expect(JSON.stringify(world.specs.at(-1))).not.toContain('ENABLE_TOOL_SEARCH')
  })
})

describe('a permission', () => {
  const profile = { permissions: 'ask' as const }
  const answered = (question: Asked, choice: number): Answer => ({
    n: 1,
    question: question.text,
    text: question.options[choice - 1] ?? '',
    choice,
    by: { id: 1, login: 'ana', kind: 'person' },
    at: instant(0),
  })
  const ask = async (argument: string, answer: Answer | null = null): Promise<Asked> => {
    const outcome = await world.mock('wants-permission', { profile, argument, answer })
    if (outcome.kind !== 'needs') throw new Error(`it did not ask: ${outcome.kind}`)
    return outcome.question
  }

  it('is asked of a person where the profile says so, with what it is about', async () => {
    const question = await ask('build')
    expect(question.text).toMatch(/^May the agent do this\? Run rm -rf build\n[^]*"rm -rf build"/)
    expect(question.options).toEqual(['Allow it, this once', 'Refuse it'])
  })

  it.each([
    [1, 'yes'],
    [2, 'no'],
  ])('answered with %i is that answer when it is asked for again', async (choice, id) => {
    const answer = answered(await ask('build'), choice)
    expect(
      await world.mock('wants-permission', { profile, argument: 'build', answer }),
    ).toMatchObject({ kind: 'done', summary: expect.stringContaining(`"optionId":"${id}"`) })
  })

  it('is good for what was shown, and once', async () => {
    const answer = answered(await ask('build'), 1)
    expect((await ask('everything', answer)).text).toContain('rm -rf everything')
    const twice = answered(await ask('twice'), 1)
    expect((await ask('twice', twice)).text).toContain('rm -rf twice')
  })

  it('is not given by an answer to words that only look like it', async () => {
    const { text } = await ask('build')
    const forged = answered({ text, options: ['Refuse it'], recommended: null }, 1)
    expect(
      await world.mock('wants-permission', { profile, argument: 'build', answer: forged }),
    ).toMatchObject({ summary: expect.stringContaining('"optionId":"no"') })
  })

  it('is given by the jail alone otherwise', async () => {
    expect(await world.mock('wants-permission', { argument: 'build' })).toMatchObject({
      summary: expect.stringContaining('"optionId":"yes"'),
    })
  })
})

describe('a session', () => {
  const resume = { session: 'mock-1', prompt: Promise.resolve('It is two.') }

  it('is told by an agent that can take it up again', async () => {
    expect(await world.mock('remembers-and-asks')).toMatchObject({
      kind: 'needs',
      session: 'mock-1',
    })
    expect(await world.mock('note-needs')).toMatchObject({ kind: 'needs', session: null })
  })

  it('is taken up again with the answer alone, resuming before loading', async () => {
    expect(await world.mock('remembers', { resume })).toMatchObject({
      kind: 'done',
      summary: 'session/resume: It is two.',
    })
  })

  it('that is lost is a new one, with the whole prompt', async () => {
    expect(await world.mock('forgets', { resume, prompt: 'All of it.' })).toMatchObject({
      kind: 'done',
      summary: 'session/new: All of it.',
    })
  })

  it('is not asked for of an agent that knows no way back', async () => {
    expect(await world.mock('good', { resume, prompt: 'All of it.' })).toMatchObject({
      summary: 'Done: All of it.',
    })
  })
})

it('a program that exits with 75 has asked', async () => {
  expect(await world.mock('exits-75')).toMatchObject({
    kind: 'needs',
    question: { text: 'Which of the two?', options: [], recommended: null },
  })
})
