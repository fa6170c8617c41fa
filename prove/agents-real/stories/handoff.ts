/** An agent's context fills up; its turn is interrupted, it leaves a checkpoint, and a new conversation finishes the work in its place. */
import { Missed } from '../stage.ts'
import { BRIEF, GREETINGS, STORIES } from '../script.ts'
import { judgePull } from './edit.ts'
import { LIGHTHOUSE } from './lighthouse.ts'
import type { Story } from './story.ts'

export const handoff: Story = {
  name: 'full context → checkpoint → another agent → PR',
  // Others tell no size of their context, or another one than the scripted model fills.
  skipped: ({ program }) =>
    ['claude', 'codex'].includes(program.name) ? null : 'how full its context is was not played',
  async tell(stage) {
    const { world } = stage
    const repo = await world.repository('handoff', LIGHTHOUSE)
    const text = `Say "${GREETINGS[0]}".\n\n${STORIES.full}`
    const number = world.issue(repo, 'Greet in the evening', text)
    await stage.reach({ repo, number }, 'needs-review')
    const words = await judgePull(stage, { repo, number }, GREETINGS[0])
    if (!words.includes(BRIEF))
      throw new Missed('the second life did not know what the first one left')
    await stage.says({ repo, number }, /handed over, its context was full/)
    return ''
  },
}
