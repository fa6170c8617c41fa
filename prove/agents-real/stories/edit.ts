/** An issue is worked, its repository's check is run by us, and a pull request with both waits for review. */
import { Missed } from '../stage.ts'
import type { IssueAt, Stage } from '../stage.ts'
import { KEY } from '../programs.ts'
import { GREETINGS, STORIES } from '../script.ts'
import { GREET, LIGHTHOUSE } from './lighthouse.ts'
import type { Story } from './story.ts'

export const edit: Story = {
  name: 'edit → verify → PR',
  skipped: () => null,
  async tell(stage) {
    const { world } = stage
    const repo = await world.repository('edit', LIGHTHOUSE)
    const number = world.issue(
      repo,
      'Greet in the evening',
      `Say "${GREETINGS[0]}".\n\n${STORIES.edit}`,
    )
    await stage.reach({ repo, number }, 'needs-review')
    await judgePull(stage, { repo, number }, GREETINGS[0])
    return judgeKey(stage)
  },
}

/** Whoever asks a model shows the key; only where the proxy shows it has the agent none. */
function judgeKey({ world: { model, network } }: Stage): string {
  if (!model.heard.some(({ credentials }) => Object.values(credentials).join().includes(KEY)))
    throw new Missed('the model was never shown the key')
  const seen = model.heard.some(({ body }) => body.includes(KEY))
  if (network !== 'model-only') return ''
  if (!model.heard.some(({ body }) => body.includes('TMPDIR=')))
    throw new Missed('what the agent holds was not looked at')
  if (seen) throw new Missed('the agent holds the key of its model')
  return 'without the key'
}

/** The words of its pull request. Throws when that does not hold the greeting, the evidence and the agent's words. */
export async function judgePull(stage: Stage, at: IssueAt, greeting: string): Promise<string> {
  const { emulator } = stage.world
  const { repo } = at
  const { body, pull } = await stage.pullOf(at)
  const { sha } = pull.head
  const text = await emulator.fileAt(repo, sha, GREET)
  if (text?.includes(greeting) !== true) throw new Missed(`its ${GREET} is ${JSON.stringify(text)}`)
  const run = emulator.checks(repo, sha)[0]
  const evidence = `${run?.output.title ?? ''} ${run?.output.summary ?? ''} ${run?.output.text ?? ''}`
  if (run?.conclusion !== 'success' || !evidence.includes('node --test'))
    throw new Missed(`its check says ${run?.conclusion ?? 'nothing'}: ${evidence.slice(0, 200)}`)
  if (body?.includes(`The keeper says "${greeting}" now.`) !== true)
    throw new Missed(`the agent's report is not in its text: ${(body ?? '').slice(0, 300)}`)
  const wrong = emulator.violations[0]
  if (wrong !== undefined) throw new Missed(`GitHub was used wrongly: ${JSON.stringify(wrong)}`)
  return body
}
