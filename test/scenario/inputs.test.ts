/** What an agent is given: words that a preview shows before, and no file that could make it run something for somebody else. */
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { askControl } from '../../src/web/ask-control.ts'
import { controlPath } from '../../src/web/control-path.ts'
import { operatorWith, steps } from './support/profiles.ts'
import { MAINTAINER, READER, openYard } from './support/yard.ts'
import type { Yard } from './support/yard.ts'

const POISON = ['.claude/settings.json', '.mcp.json', '.npmrc', '.env'] as const

let yard: Yard
beforeAll(async () => {
  yard = await openYard({
    operator: operatorWith({
      scribe: steps({ note: 'notes.txt' }),
      looks: steps({ note: 'notes.txt' }, ...POISON.map((see) => ({ see }))),
      asks: steps(
        { write: '.mcp.json', text: 'by the agent' },
        { ask: { text: 'Which?' } },
        ...POISON.map((see) => ({ see })),
      ),
    }),
  })
})
afterAll(async () => yard.close())

it('the preview of a prompt is the prompt, role and comments and all', async () => {
  const repo = await yard.repository({
    files: { '.github/yardmaster/roles/worker.md': 'You mind the lamps of this yard.\n' },
  })
  const number = yard.issue(repo, 'Light the lamps.')
  for (const [as, body] of [
    [MAINTAINER, 'All of them.'],
    [READER, 'And mine: a canary of a stranger.'],
  ] as const)
    yard.emulator.comment({ repo, number, as, body })
  yard.label(repo, number, MAINTAINER, 'yardmaster:scribe')
  await yard.becomes(repo, number, 'in-review')
  const remote = await askControl(controlPath(join(yard.folder, 'yardmaster')))
  const found = await remote?.prompting.preview({ repository: repo, number })
  if (found?.kind !== 'found') throw new Error(found?.message ?? 'nobody answered')
  const { text, comments, role, words, budget } = found.value
  const sent = await yard.emulator.fileAt(repo, `yardmaster/${number}`, 'notes.txt')
  expect(sent?.trim().replace(/\S+\/exchange\b/, '<exchange>')).toBe(text.trim())
  expect(text).toMatch(/^You mind the lamps of this yard\./)
  expect(text).toContain('All of them.')
  expect(text).not.toContain('canary of a stranger')
  expect({ comments, role }).toEqual({ comments: 1, role: '.github/yardmaster/roles/worker.md' })
  expect(words).toBeLessThanOrEqual(budget)
})

it('an agent that revises sees what the default branch has of such files, and what people pushed is neither obeyed nor undone', async () => {
  const repo = await yard.repository({ files: { '.npmrc': 'fund=false\n' } })
  const number = yard.issue(repo, 'Look around.')
  yard.label(repo, number, MAINTAINER, 'yardmaster:looks')
  const { state } = await yard.becomes(repo, number, 'in-review')
  const branch = `yardmaster/${number}`
  const files = Object.fromEntries(POISON.map((path) => [path, 'by a person\n']))
  await yard.emulator.pushFiles({ repo, as: MAINTAINER, branch, files, message: 'More' })
  yard.emulator.comment({ repo, number: state.pull.number, as: MAINTAINER, body: '/revise Again.' })
  const seen = async (): Promise<string> =>
    (await yard.emulator.fileAt(repo, branch, 'seen.txt')) ?? ''
  await yard.until('it has looked twice', async () => (await seen()).split('\n').length > 5)
  const absent = POISON.map((path) => `${path}: ${path === '.npmrc' ? 'fund=false' : 'absent'}`)
  expect((await seen()).trim().split('\n')).toEqual([...absent, ...absent])
  for (const path of POISON)
    expect(await yard.emulator.fileAt(repo, branch, path)).toBe('by a person\n')
  const notes = await yard.emulator.fileAt(repo, branch, 'notes.txt')
  expect(notes).toMatch(
    /as the default branch has them.*`\.claude`, `\.mcp\.json`, `\.npmrc`, `\.env`/,
  )
  await yard.becomes(repo, number, 'in-review')
})

it('an agent that goes on after an answer is not given back such a file that it wrote before, but what setup wrote, and its own waits at the gate', async () => {
  const repo = await yard.repository({
    config: 'setup: [echo KEY=1 > .env]\nverify: [sh check.sh]\n',
    files: { '.gitignore': '.env\n' },
  })
  const number = yard.issue(repo, 'Ask first.')
  yard.label(repo, number, MAINTAINER, 'yardmaster:asks')
  await yard.becomes(repo, number, 'parked')
  yard.emulator.comment({ repo, number, as: MAINTAINER, body: '/answer This one.' })
  const { state } = await yard.becomes(repo, number, 'gated')
  expect(state.kind).toBe('gated')
  const gate = await yard.says(repo, number, /\/approve [0-9a-f]{40}/)
  expect(gate).toContain('.mcp.json')
  const { head } = (await yard.attempts(repo, number)).at(-1)?.report ?? {}
  yard.emulator.comment({ repo, number, as: MAINTAINER, body: `/approve ${head}` })
  await yard.becomes(repo, number, 'in-review')
  const at = `yardmaster/${number}`
  const seen = await yard.emulator.fileAt(repo, at, 'seen.txt')
  expect(seen).toContain('.mcp.json: absent')
  expect(seen).toContain('.env: KEY=1')
  expect(await yard.emulator.fileAt(repo, at, '.mcp.json')).toBe('by the agent')
})
