/** What the operator is told of a program before any task depends on it, with real processes that answer well, badly or not at all. */
import { readdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { findProgram, howToInstall, missingPrograms } from '../../src/agents/find-program.ts'
import { profile } from '../support/builders.ts'
import { createWorld, type World } from './world.ts'

let world: World
beforeEach(async () => {
  world = await createWorld()
})
afterEach(async () => world.clear())

/** Speaks just enough: an answer to each method, a result or an error. */
const answering = (answers: Readonly<Record<string, object>>): readonly string[] => [
  process.execPath,
  '-e',
  `const answers = ${JSON.stringify(answers)}
  require('node:readline').createInterface({ input: process.stdin }).on('line', (line) => {
    const { id, method } = JSON.parse(line)
    if (answers[method]) console.log(JSON.stringify({ jsonrpc: '2.0', id, ...answers[method] }))
  })`,
]
const HELLO = { result: { protocolVersion: 1, agentInfo: { name: 'x', version: '1.2.3' } } }
const OPEN = { result: { sessionId: 's' } }
const refused = (code: number, message: string): object => ({ error: { code, message } })

describe('a program that is probed', () => {
  it('answers, and tells its version', async () => {
    const command = answering({ initialize: HELLO, 'session/new': OPEN })
    expect(await world.probe({ command })).toEqual({ kind: 'ready', version: '1.2.3', words: '' })
  })

  it.each([
    ['asks for a login by the protocol’s own code', refused(-32000, 'Authentication required')],
    ['says in words that it has no key', refused(-32603, 'OPENAI_API_KEY is not set')],
    ['says in words that its key is none', refused(-32603, 'Invalid API key')],
  ])('%s', async (_, answer) => {
    const command = answering({ initialize: HELLO, 'session/new': answer })
    expect(await world.probe({ command })).toMatchObject({ kind: 'login', version: '1.2.3' })
  })

  it('opens a session without any login, where its preset knows which variable it would be', async () => {
    const [node = '', ...rest] = answering({ initialize: HELLO, 'session/new': OPEN })
    const claude = { preset: 'claude', command: [node, ...rest] }
    expect(await world.probe({ ...claude, env: ['ANTHROPIC_API_KEY'] })).toEqual({
      kind: 'login',
      version: '1.2.3',
      words: 'none of its variables is set: ANTHROPIC_API_KEY, CLAUDE_CODE_OAUTH_TOKEN',
    })
  })

  it('does not offer the model or the mode of its profile', async () => {
    const modes = { currentModeId: 'a', availableModes: [{ id: 'a' }] }
    const command = answering({
      initialize: HELLO,
      'session/new': { result: { ...OPEN.result, modes } },
    })
    expect(await world.probe({ command, mode: 'yolo' })).toMatchObject({
      kind: 'unfit',
      words: 'it does not offer the mode yolo; it offers a',
    })
  })

  it.each([
    ['is gone at once', 'echo "no such option" >&2; exit 2', /^it ended with 2: no such option$/],
    ['speaks another language', 'yes hello', /^it does not speak ACP/],
    ['does not answer', 'sleep 60', /^it did not answer within 1.5 s$/],
    ['closes its output', 'exec >&-; sleep 60', /^it closed its output$/],
  ])('%s', async (_, script, words) => {
    const probed = await world.probe({ command: ['sh', '-c', script] }, { patience: 1_500 })
    expect(probed).toMatchObject({ kind: 'broken', words: expect.stringMatching(words) })
  })

  it('ends at once when it is to, and leaves no folder', async () => {
    const stop = new AbortController()
    const probing = world.probe({ command: ['sleep', '60'] }, { signal: stop.signal })
    stop.abort()
    expect(await probing).toMatchObject({ words: 'it was stopped' })
    const left = await readdir(dirname(world.place.home))
    expect(left.filter((name) => name.startsWith('probe-'))).toEqual([])
  })
})

describe('a program on this machine', () => {
  const path = process.env['PATH'] ?? ''
  it('is found by name or by path, and is no folder', async () => {
    expect(await findProgram('sh', path)).toMatch(/\/sh$/)
    expect(await findProgram('/bin/sh', '')).toBe('/bin/sh')
    expect(await findProgram('sh', 'bin:.')).toBeNull()
    expect(await findProgram('/usr', '')).toBeNull()
    expect(await findProgram('no-such-agent', path)).toBeNull()
  })

  it('that is missing is named with what brings it', async () => {
    const claude = profile({ command: ['claude-agent-acp'] })
    const mine = profile({ name: 'mine', command: ['/opt/no/such', '--acp'] })
    const builtin = profile({ name: 'patch', command: 'builtin:patch' })
    const own = profile({ name: 'own', command: ['./tools/agent'] })
    const found = await missingPrograms([claude, mine, builtin, own], '/nowhere')
    expect([...found]).toEqual([
      ['claude', { program: 'claude-agent-acp', fix: howToInstall(claude) }],
      ['mine', { program: '/opt/no/such', fix: howToInstall(mine) }],
    ])
    expect(howToInstall(claude)).toBe(
      'Run npm install -g @agentclientprotocol/claude-agent-acp for the user that runs Yardmaster',
    )
    expect(howToInstall(mine)).toContain('Install /opt/no/such')
  })
})
