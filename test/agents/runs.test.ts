/** What an agent's run is given, what it tells while it runs, and how it is stopped. */
import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { existsSync } from 'node:fs'
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createWorld, realClock, type World } from './world.ts'

let world: World
beforeEach(async () => {
  world = await createWorld()
})
afterEach(() => world.clear())

describe('a run', () => {
  it('gives the agent the jail of its place, and nothing of our environment but what the profile names', async () => {
    const outcome = await world.mock('environment', {
      profile: { env: ['MODEL_KEY', 'HOME', 'NOT_SET'] },
    })

    const { worktree, repository, home, exchange } = world.place
    expect(world.specs).toMatchObject([
      {
        cwd: worktree,
        home,
        network: 'open',
        writable: [worktree, repository, home, exchange],
        env: { MODEL_KEY: 'k-1' },
      },
    ])
    const seen = JSON.parse(outcome.kind === 'done' ? outcome.summary : '{}') as Record<
      string,
      string
    >
    expect(seen).toMatchObject({ MODEL_KEY: 'k-1', HOME: home })
    expect(seen).not.toHaveProperty('GITHUB_TOKEN')
    expect(world.warnings).toEqual(['the profile names environment variables that are not set'])
  })

  it('tells its progress in lines, plan and usage, and comes to a summary', async () => {
    const outcome = await world.mock('good', { prompt: 'Fix #7.' })

    const told = world.news.map(({ message }) => message).filter((line) => line !== undefined)
    expect(told.join('\n').split('\n')).toEqual([
      'I will look at the code.',
      'Edit src/a.js',
      'Done: Fix #7.',
    ])
    expect(world.news.map(({ plan }) => plan)).toContainEqual([
      { text: 'Read the code', status: 'in_progress' },
    ])
    const usage = { tokens: 3400, cost: 0.25 }
    expect(world.news.findLast((news) => news.usage !== undefined)).toMatchObject({ usage })
    const read = { inputTokens: 3000, cachedTokens: 0, outputTokens: 400, model: 'small' }
    expect(outcome).toEqual({
      kind: 'done',
      summary: 'Done: Fix #7.',
      usage: { ...usage, ...read },
    })
    expect(world.pids).toEqual([expect.any(Number)])
  })

  it('starts the program while the prompt is still being made', async () => {
    const { promise, resolve } = Promise.withResolvers<string>()
    const run = world.mock('good', { prompt: promise, limits: { stallMilliseconds: 100 } })
    // Longer than the stall limit: silence while it waits for us is ours, not the agent's.
    await until(() => world.pids.length === 1)
    await realClock.sleep(400)
    resolve('Late.')
    expect(await run).toMatchObject({ kind: 'done', summary: 'Done: Late.' })
  })

  it('takes nothing that was said before the prompt for an answer to it', async () => {
    const { promise, resolve } = Promise.withResolvers<string>()
    const run = world.mock('replays', { prompt: promise })
    await until(() => existsSync(join(world.place.worktree, 'replayed.txt')))
    // It was said before the file was written; one more turn of the event loop reads it.
    await realClock.sleep(20)
    resolve('Go.')
    expect(await run).toMatchObject({ kind: 'done', summary: 'The answer of this turn.' })
    expect(world.news.map(({ message }) => message)).toEqual(['The answer of this turn.'])
  })

  it('prints nothing of an agent to our own terminal', async () => {
    const printed = vi.spyOn(console, 'error').mockImplementation(() => {})
    await world.mock('some-garbage')
    await world.mock('replays')
    expect(printed.mock.calls).toEqual([])
    printed.mockRestore()
  })

  it('rejects when the prompt cannot be made, with the program gone', async () => {
    const run = world.mock('good', { prompt: Promise.reject(new Error('no snapshot')) })
    await expect(run).rejects.toThrow('no snapshot')
  })

  it('rejects when we have a bug in what hears the progress, rather than blame the agent', async () => {
    const run = world.mock('good', {
      onProgress: () => {
        throw new Error('our own bug')
      },
    })
    await expect(run).rejects.toThrow('our own bug')
  })

  it('advertises typed failures and questions, and no hands of ours', async () => {
    const outcome = await world.mock('capabilities')
    const advertised = outcome.kind === 'done' ? outcome.summary : ''
    expect(JSON.parse(advertised)).toMatchObject({
      initialize: {
        clientCapabilities: {
          fs: { readTextFile: false, writeTextFile: false },
          terminal: false,
          elicitation: { form: {} },
          _meta: { jetbrains: { air: { version: 1, capabilities: ['sessionFailure'] } } },
        },
      },
      session: {
        mcpServers: [{ name: 'yardmaster', args: ['-e', expect.any(String), expect.any(String)] }],
        _meta: { claudeCode: { options: { settingSources: ['user'], strictMcpConfig: true } } },
      },
    })
  })

  it('sets the model of the profile, and runs no other in silence', async () => {
    expect(await world.mock('tell-model', { profile: { model: 'large' } })).toMatchObject({
      kind: 'done',
      summary: 'large',
    })
    expect(await world.mock('tell-model', { profile: { model: 'small' } })).toMatchObject({
      summary: 'small',
    })
    expect(await world.mock('good', { profile: { model: 'huge' } })).toMatchObject({
      kind: 'failed',
      failure: 'protocol',
      error: expect.stringMatching(/does not offer the model huge; it offers small, large/),
    })
  })

  it('sets the mode of the profile, and works in no other', async () => {
    expect(await world.mock('tell-model', { profile: { mode: 'By itself' } })).toMatchObject({
      kind: 'done',
      summary: 'small, auto',
    })
    expect(await world.mock('good', { profile: { mode: 'yolo' } })).toMatchObject({
      kind: 'failed',
      failure: 'protocol',
      error: expect.stringMatching(
        /does not offer the mode yolo; it offers ask, auto\. Correct `mode`/,
      ),
    })
  })
})

describe('a question', () => {
  it('is answered as cancelled, the turn is cancelled too, and what was said before it is kept', async () => {
    const outcome = await world.mock('elicitation')
    expect(outcome).toMatchObject({
      kind: 'needs',
      question: {
        text: 'Which database shall it be?',
        options: ['PostgreSQL', 'MySQL'],
        recommended: null,
      },
      session: null,
      summary: 'Before I go on:',
    })
    // On a busy machine the agent is ended before it has written what it heard.
    const read = (name: string) =>
      readFile(join(world.place.worktree, name), 'utf8').catch(() => null)
    expect(['{"action":"cancel"}', null]).toContain(await read('answer.json'))
    expect(['', null]).toContain(await read('cancelled.txt'))
  })
})

describe('a stop', () => {
  it('lets the agent end its turn, and tells the reason', async () => {
    const stop = new AbortController()
    const run = world.mock('waits-for-cancel', { signal: stop.signal })
    await until(() => world.news.length > 0)
    stop.abort('held by @ana')
    expect(await run).toMatchObject({ kind: 'stopped', reason: 'held by @ana' })
  })

  it('does not wait for an agent that does not listen', async () => {
    const stop = new AbortController()
    const run = world.mock('ignores-cancel', { signal: stop.signal })
    await until(() => world.news.length > 0)
    const started = performance.now()
    stop.abort(new Error('shutting down'))
    expect(await run).toMatchObject({ kind: 'stopped', reason: 'shutting down' })
    expect(performance.now() - started).toBeLessThan(5_000)
  })

  it('that came before the start starts nothing', async () => {
    const outcome = await world.mock('good', { signal: AbortSignal.abort('withdrawn') })
    expect(outcome).toMatchObject({ kind: 'stopped', reason: 'withdrawn' })
    expect(world.pids).toEqual([])
  })

  it('while the program is still starting ends it', async () => {
    const stop = new AbortController()
    const run = world.mock('hang-before-initialize', { signal: stop.signal })
    await until(() => world.pids.length === 1)
    stop.abort('withdrawn')
    expect(await run).toMatchObject({ kind: 'stopped', reason: 'withdrawn' })
  })
})

describe('a report file', () => {
  const run = (behaviour: string) => world.mock(behaviour, { argument: world.place.exchange })

  it('is preferred to the last message, decisions included', async () => {
    expect(await run('report')).toMatchObject({
      kind: 'done',
      summary: 'From the report.',
      told: { decisions: ['Kept the old name.'] },
    })
  })

  it('may ask', async () => {
    expect(await run('report-question')).toMatchObject({
      kind: 'needs',
      question: { text: 'Keep the old API?', options: [], recommended: null },
      summary: 'Half done.',
    })
  })

  it('that is broken is named, and the message counts', async () => {
    expect(await run('report-broken')).toMatchObject({
      kind: 'done',
      summary: 'From the message.\n\n(Its report.json was not read: it is not JSON.)',
    })
  })

  it('of a former attempt does not speak for this one', async () => {
    await writeFile(join(world.place.exchange, 'report.json'), '{"summary":"old"}')
    expect(await world.mock('good')).toMatchObject({ summary: 'Done: Fix it.' })
  })

  const traps: readonly (readonly [string, (path: string) => Promise<unknown>, RegExp])[] = [
    ['a link', (path) => symlink('/etc/passwd', path), /cannot be opened \(ELOOP\)/],
    ['a folder', (path) => mkdir(path), /not a regular file/],
    ['a pipe', async (path) => execFileSync('/usr/bin/mkfifo', [path]), /not a regular file/],
    ['too large', (path) => writeFile(path, ' '.repeat(1024 * 1024 + 1)), /larger than 1 MiB/],
    ['no report', (path) => writeFile(path, '{"text":1}'), /summary: /],
  ]
  for (const [name, make, why] of traps)
    it(`that is ${name} is not read`, async () => {
      // Put there while the agent runs, as an agent would.
      const path = join(world.place.exchange, 'report.json')
      const { promise, resolve } = Promise.withResolvers<string>()
      const outcome = world.mock('good', { prompt: promise })
      await until(() => world.pids.length === 1)
      await make(path)
      resolve('Go.')
      expect(await outcome).toMatchObject({ kind: 'done', summary: expect.stringMatching(why) })
    })
})

describe('a program', () => {
  it('that is not there is named, with what to do', async () => {
    expect(await world.run(['no-such-agent', '--acp'])).toMatchObject({
      kind: 'failed',
      failure: 'program',
      error: expect.stringMatching(
        /^The program no-such-agent of the profile mock could not be started\. Install it .* or correct the profile.*\n.*stderr:\n.*no-such-agent: not found$/,
      ),
    })
  })

  it('may write outside its worktree when nothing jails it, and the jail decides, not we', async () => {
    const outside = join(world.place.worktree, '..', 'outside.txt')
    expect(await world.mock('writes-outside', { argument: outside })).toMatchObject({
      kind: 'done',
    })
    expect(existsSync(outside)).toBe(true)
  })
})

describe('builtin:patch as a process', () => {
  const body = '```diff\n--- /dev/null\n+++ b/hello.txt\n@@ -0,0 +1 @@\n+hello\n```'

  it('applies the issue, shows its steps and ends', async () => {
    const outcome = await world.run('builtin:patch', {
      prompt: `<issue>\n# Say hello\n\n${body}\n</issue>\n`,
    })

    expect(outcome).toMatchObject({
      kind: 'done',
      summary:
        'Applied the changes written in the issue to 1 file:\n\n- `hello.txt`: created, 1 line',
    })
    expect(await readFile(join(world.place.worktree, 'hello.txt'), 'utf8')).toBe('hello\n')
    expect(world.specs).toMatchObject([{ network: 'none', env: {} }])
    const plan = world.news.findLast((news) => news.plan !== undefined)?.plan
    expect(plan).toEqual([
      { text: 'Read the issue', status: 'completed' },
      { text: 'Check 1 block against the files', status: 'completed' },
      { text: 'Write hello.txt', status: 'completed' },
    ])
  })

  it('asks where there is nothing to apply', async () => {
    expect(await world.run('builtin:patch', { prompt: 'Make it faster.' })).toMatchObject({
      kind: 'needs',
      question: { text: expect.stringContaining('found none') },
    })
  })

  it('fails where the diff does not fit', async () => {
    const prompt = body.replace('/dev/null', 'a/hello.txt')
    expect(await world.run('builtin:patch', { prompt })).toMatchObject({
      kind: 'failed',
      failure: 'refusal',
      error: expect.stringMatching(/^Nothing was changed.*\n- `hello\.txt` in block 1/),
    })
  })

  it('stops when it is told to, in the middle of a text that takes minutes', async () => {
    const stop = new AbortController()
    const run = world.run('builtin:patch', { prompt: '1. '.repeat(20_000), signal: stop.signal })
    await until(() => world.news.length > 0)
    stop.abort('withdrawn')
    expect(await run).toMatchObject({ kind: 'stopped', reason: 'withdrawn' })
  })
})

async function until(condition: () => boolean): Promise<void> {
  const deadline = performance.now() + 10_000
  while (!condition()) {
    if (performance.now() > deadline) throw new Error('it did not come to that within 10 s')
    await realClock.sleep(5)
  }
}
