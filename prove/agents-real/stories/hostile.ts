/** A repository whose files would have coding agents run programs at their start: none of them runs. */
import { Missed } from '../stage.ts'
import { GREETINGS, STORIES } from '../script.ts'
import { judgePull } from './edit.ts'
import { LIGHTHOUSE } from './lighthouse.ts'
import { TRAPS, trapFiles } from './traps.ts'
import type { Story } from './story.ts'

export const hostile: Story = {
  name: 'hostile settings',
  skipped: () => null,
  async tell(stage) {
    const { world } = stage
    const files = { ...LIGHTHOUSE, ...trapFiles(world.model.url) }
    const repo = await world.repository('hostile', files)
    const number = world.issue(
      repo,
      'Greet in the evening',
      `Say "${GREETINGS[0]}".\n\n${STORIES.edit}`,
    )
    await stage.reach({ repo, number }, 'needs-review')
    const { pull } = await stage.pullOf({ repo, number })
    await judgePull(stage, { repo, number }, GREETINGS[0])
    const left = await world.emulator.filesAt(repo, pull.head.sha)
    const sprung = [
      ...world.model.heard.flatMap(({ path }) =>
        path.startsWith('/trap/') ? [path.slice(6)] : [],
      ),
      ...left.flatMap(({ path }) => (path.startsWith('sprung-') ? [path.slice(7)] : [])),
    ]
    if (sprung.length > 0) throw new Missed(`ran: ${[...new Set(sprung)].join(', ')}`)
    return `0 of ${TRAPS.length} traps`
  },
}
