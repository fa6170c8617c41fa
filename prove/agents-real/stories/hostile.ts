/** A repository whose files would have coding agents run programs at their start: none of them runs. */
import { Missed } from '../stage.ts'
import type { IssueAt, Stage } from '../stage.ts'
import { GREETINGS, STORIES } from '../script.ts'
import { judgePull } from './edit.ts'
import { LIGHTHOUSE } from './lighthouse.ts'
import { TRAPS, trapFiles } from './traps.ts'
import { springUnguarded } from '../unguarded.ts'
import type { Story } from './story.ts'

export const hostile: Story = {
  name: 'hostile settings',
  skipped: () => null,
  async tell(stage) {
    const { world } = stage
    const files = { ...LIGHTHOUSE, ...trapFiles(world.model.url) }
    const repo = await world.repository('hostile', files)
    const words = `Say "${GREETINGS[0]}".\n\n${STORIES.edit}`
    const at = { repo, number: world.issue(repo, 'Greet in the evening', words) }
    try {
      await stage.reach(at, 'needs-review')
      await judgePull(stage, at, GREETINGS[0])
    } catch (error) {
      // What sprang may be why it went wrong.
      await judgeTraps(stage, at)
      throw error
    }
    await judgeTraps(stage, at)
    const real = await springUnguarded(world, files)
    const control =
      real.length === 0
        ? 'none springs without Yardmaster either'
        : `without Yardmaster ${real.join(', ')}`
    return `0 of ${TRAPS.length} traps; ${control}`
  },
}

async function judgeTraps({ world }: Stage, { repo, number }: IssueAt): Promise<void> {
  const pull = world.emulator.pulls(repo).find((each) => each.body?.includes(`#${number}`) === true)
  const left = pull === undefined ? [] : await world.emulator.filesAt(repo, pull.pull.head.sha)
  const sprung = [
    ...world.model.heard.flatMap(({ path }) => (path.startsWith('/trap/') ? [path.slice(6)] : [])),
    ...left.flatMap(({ path }) => (path.startsWith('sprung-') ? [path.slice(7)] : [])),
  ]
  if (sprung.length > 0) throw new Missed(`ran: ${[...new Set(sprung)].join(', ')}`)
}
