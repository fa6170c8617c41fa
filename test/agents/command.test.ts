/** Programs without a protocol, as real processes: a prompt file in, a report file out, and the same ends as every agent. */
import { readFile, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { AgentOutcome } from '../../src/ports/agent.ts'
import { createWorld, type Run, type World } from './world.ts'

let world: World
beforeEach(async () => {
  world = await createWorld()
})
afterEach(async () => world.clear())

const sh = (script: string, more: Partial<Run> = {}): Promise<AgentOutcome> =>
  world.run(['sh', '-c', script], {
    ...more,
    profile: { protocol: 'command', ...more.profile },
  })

describe('a command', () => {
  it('reads its prompt from a file, works in the worktree, and tells what it did in another', async () => {
    const outcome = await sh(
      'cat "$YARDMASTER_PROMPT" > seen.txt; echo "{\\"summary\\": \\"Did it.\\", \\"decisions\\": [\\"Kept the name.\\"]}" > "$YARDMASTER_REPORT"',
      { prompt: 'Fix it, please.\n' },
    )
    expect(outcome).toMatchObject({
      kind: 'done',
      summary: 'Did it.',
      told: { decisions: ['Kept the name.'] },
      usage: { tokens: null, cost: null },
    })
    expect(await readFile(join(world.place.worktree, 'seen.txt'), 'utf8')).toBe('Fix it, please.\n')
  })

  it('tells what it has used in its report, or it is unknown', async () => {
    const tell = (usage: string) =>
      sh(`echo '{"summary": "Did it.", "usage": ${usage}}' > "$YARDMASTER_REPORT"`)
    expect(await tell('{"cost": 0.25}')).toMatchObject({ usage: { tokens: null, cost: 0.25 } })
    expect(await tell('{"tokens": 9000}')).toMatchObject({ usage: { tokens: 9000, cost: null } })
    expect(await tell('{"cost": -1}')).toMatchObject({ usage: { tokens: null, cost: null } })
  })

  it('needs no report: its last lines are its summary, and its lines are its progress', async () => {
    const outcome = await sh('echo Looking; echo "Changed two files."')
    expect(outcome).toMatchObject({ kind: 'done', summary: 'Looking\nChanged two files.' })
    expect(world.news.map(({ message }) => message).join('\n')).toContain('Changed two files.')
  })

  it('gets the model of its profile by name, no input, and nothing else of ours', async () => {
    const outcome = await sh('cat; env | sort', {
      profile: { model: 'large', env: ['MODEL_KEY'] },
    })
    const said = outcome.kind === 'done' ? outcome.summary : ''
    expect(said).toContain('YARDMASTER_MODEL=large')
    expect(said).toContain('MODEL_KEY=k-1')
    expect(said).not.toContain('GITHUB_TOKEN')
    expect(Object.keys(world.specs.at(-1)?.env ?? {}).toSorted()).toEqual([
      'MODEL_KEY',
      'YARDMASTER_MODEL',
      'YARDMASTER_PROMPT',
      'YARDMASTER_REPORT',
    ])
  })

  it('asks by exit code 75: with the question of its report, else with its last lines', async () => {
    expect(
      await sh(
        'echo "{\\"summary\\": \\"Half.\\", \\"question\\": {\\"text\\": \\"Which?\\", \\"options\\": [\\"a\\", \\"b\\"]}}" > "$YARDMASTER_REPORT"; exit 75',
      ),
    ).toMatchObject({
      kind: 'needs',
      question: { text: 'Which?', options: ['a', 'b'] },
      session: null,
      summary: 'Half.',
    })
    expect(await sh('echo "Which of the two?"; exit 75')).toMatchObject({
      kind: 'needs',
      question: { text: 'Which of the two?' },
    })
  })

  it('does not inherit what an attempt before it left: no report, and no link in the place of the prompt', async () => {
    const outside = join(world.place.home, 'outside.txt')
    await writeFile(outside, 'untouched')
    await symlink(outside, join(world.place.exchange, 'prompt.md'))
    await writeFile(join(world.place.exchange, 'report.json'), '{"summary": "old"}')
    expect(await sh('echo new')).toMatchObject({ kind: 'done', summary: 'new' })
    expect(await readFile(outside, 'utf8')).toBe('untouched')
  })
})

describe('a command ends, with nothing of it left, when it', () => {
  const MORE: Partial<Run> = { limits: { stallMilliseconds: 400, wallMilliseconds: 1_500 } }
  it.each([
    {
      does: 'exits with another code',
      script: 'echo broken >&2; exit 3',
      ends: { failure: 'crash', error: /exited with code 3[^]*broken/ },
    },
    {
      does: 'speaks of a rate limit and fails: what it prints may be the task’s own noise',
      script: 'echo "429 rate limit" >&2; exit 1',
      ends: { failure: 'crash', error: /429/ },
    },
    {
      does: 'falls silent',
      script: 'echo working; sleep 60',
      ends: { failure: 'stall', error: /no sign of life/ },
    },
    {
      does: 'is never done',
      script: 'while :; do echo working; sleep 0.05; done',
      ends: { failure: 'timeout', error: /not done after/ },
    },
    {
      does: 'ignores every polite request',
      script: 'trap "" TERM; echo working; while :; do sleep 1; done',
      ends: { failure: 'stall', error: /no sign of life/ },
    },
    {
      does: 'leaves a child behind that holds its output',
      script: 'setsid sleep 60 & echo started; exit 4',
      ends: { failure: 'crash', error: /exited with code 4/ },
    },
    {
      does: 'floods its output',
      script: 'yes "$(head -c 4000 /dev/zero | tr "\\0" x)"',
      ends: { failure: 'protocol', error: /wrote more than 64 MiB/ },
      more: {},
    },
  ])('$does', async ({ script, ends, more = MORE }) => {
    expect(await sh(script, more)).toMatchObject({
      kind: 'failed',
      failure: ends.failure,
      error: expect.stringMatching(ends.error),
    })
  })

  it('is asked to stop', async () => {
    const stop = new AbortController()
    const outcome = await sh('echo working; sleep 60', {
      signal: stop.signal,
      onProgress: () => stop.abort('withdrawn'),
    })
    expect(outcome).toMatchObject({ kind: 'stopped', reason: 'withdrawn' })
  })

  it('was to be told a prompt that cannot be made: it does not start at all', async () => {
    const run = sh('echo never', { prompt: Promise.reject(new Error('no snapshot')) })
    await expect(run).rejects.toThrow('no snapshot')
    expect(world.specs).toEqual([])
  })
})
