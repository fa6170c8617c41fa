/** An agent asks; its task is parked; the process is killed with the question open; the answer is found, and the same session goes on. */
import { Missed } from '../stage.ts'
import { GREETINGS, MEMORY, QUESTION, STORIES } from '../script.ts'
import { MAINTAINER } from '../world.ts'
import { judgePull } from './edit.ts'
import { LIGHTHOUSE } from './lighthouse.ts'
import type { Story } from './story.ts'

export const askByTool: Story = {
  name: 'question by our tool → kill -9 → answer → PR',
  skipped: () => null,
  tell: asks('ask', STORIES.ask),
}

export const askOwnWay: Story = {
  name: 'question its own way → kill -9 → answer → PR',
  skipped: ({ program }) => (program.asks ? null : 'it has no questions of its own'),
  tell: asks('ask-own-way', STORIES.askOwnWay),
}

function asks(name: string, marker: string): Story['tell'] {
  return async (stage) => {
    const { world } = stage
    const { emulator, part } = world
    const repo = await world.repository(name, LIGHTHOUSE)
    const number = world.issue(repo, 'Greet by the hour', `Which is for you to ask.\n\n${marker}`)
    const at = { repo, number }
    await stage.reach(at, 'needs-answer')
    const { body } = await stage.says(at, new RegExp(QUESTION.replace('?', '\\?')))
    if (!GREETINGS.every((greeting) => body.includes(greeting)))
      throw new Missed(`the question has lost its options: ${body.slice(0, 300)}`)
    await part.kill()
    emulator.comment({ ...at, as: MAINTAINER, body: '/answer 2' })
    await emulator.whenIdle()
    await world.live()
    await stage.reach(at, 'needs-review', 'needs-answer')
    const words = await judgePull(stage, at, GREETINGS[1])
    return words.includes(MEMORY) ? 'in the same session' : 'in a new session, with a recap'
  }
}
