/** How agents ask and tell through our tools, and how a conversation is taken up again. */
import { existsSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
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
      summary: 'Through the tool.\n\nDecisions:\n- Kept the name.',
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
