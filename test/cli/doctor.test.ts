/** Every finding of the doctor, from facts alone: how bad it is, and that there is something to do about it. */
import { describe, expect, it } from 'vitest'
import { judgeCredentials, judgeWebhook } from '../../src/cli/doctor/judge-app.ts'
import type { WebhookFacts } from '../../src/cli/doctor/judge-app.ts'
import { judgeGit, judgeNode, judgeProfile } from '../../src/cli/doctor/judge-host.ts'
import { judgeJail } from '../../src/cli/doctor/judge-jail.ts'
import { COLUMN_NAMES } from '../../src/domain/board.ts'
import type { BoardShape } from '../../src/ports/board.ts'
import { judgeBoard } from '../../src/cli/doctor/judge-board.ts'
import type { BoardFacts } from '../../src/cli/doctor/judge-board.ts'
import { judgeRepository } from '../../src/cli/doctor/judge-repository.ts'
import type { RepositoryFacts } from '../../src/cli/doctor/judge-repository.ts'
import { judgeEnvironment, judgeOperatorFile } from '../../src/cli/doctor/judge-settings.ts'
import { issueId, repoId, taskId } from '../../src/domain/ids.ts'
import { judgeFolder, judgeLedgers, judgeStore } from '../../src/cli/doctor/judge-store.ts'
import type { Line } from '../../src/cli/doctor/line.ts'
import { readOperatorSettings } from '../../src/policy/operator-file.ts'
import { readRepoPolicy } from '../../src/policy/repo-file.ts'
import { profile } from '../support/builders.ts'

/** `warn webhook: what it says`. */
const said = (lines: readonly Line[]): readonly string[] =>
  lines.map(({ level, check, says }) => `${level} ${check}: ${says}`)
const levels = (lines: readonly Line[]): readonly string[] => lines.map(({ level }) => level)

describe('the machine', () => {
  it.each([
    ['v24.21.0', 'ok'],
    ['v26.0.0', 'ok'],
    ['v22.20.0', 'bad'],
    ['v9.0.0', 'bad'],
  ])('with Node %s is %s', (version, level) => {
    expect(judgeNode(version).level).toBe(level)
  })

  it.each([
    ['git version 2.39.5\n', 'ok'],
    ['git version 2.39.5 (Apple Git-154)\n', 'ok'],
    ['git version 2.50.1.windows.1', 'ok'],
    ['git version 3.0.0', 'ok'],
    ['git version 2.38.9', 'bad'],
    ['git version 1.99', 'bad'],
    ['something else', 'warn'],
    [null, 'bad'],
  ])('with %j is %s', (output, level) => {
    expect(judgeGit(output).level).toBe(level)
  })

  const agent = profile({ name: 'claude', command: ['claude-agent-acp'], env: ['KEY_OF_MODEL'] })
  const facts = {
    profile: agent,
    program: '/bin/x',
    missing: null,
    probed: null,
    variables: ['KEY_OF_MODEL'],
    isDefault: true,
  }
  it('lacks the program of a profile', () => {
    const missing = { program: 'claude-agent-acp', fix: 'Run npm install -g x' }
    expect(judgeProfile({ ...facts, program: null, missing })).toEqual({
      check: 'profile claude',
      level: 'bad',
      says: 'its program claude-agent-acp is not on the PATH (the default)',
      fix: 'Run npm install -g x, or take the profile out of the settings.',
    })
  })
  it('has the program, but nothing that pays for the model', () => {
    expect(judgeProfile({ ...facts, variables: [] })).toMatchObject({
      level: 'warn',
      says: expect.stringContaining('KEY_OF_MODEL'),
    })
    expect(judgeProfile(facts)).toMatchObject({ level: 'ok', says: '/bin/x (the default)' })
  })
  it.each([
    [
      { kind: 'ready', version: '0.100.0', words: '' },
      'ok',
      '/bin/x 0.100.0 (the default) answers',
    ],
    [
      { kind: 'login', version: '2.6.0', words: 'Authentication required' },
      'bad',
      '/bin/x 2.6.0 (the default): it is not logged in: Authentication required',
    ],
    [
      { kind: 'unfit', version: '1', words: 'it does not offer the mode x; it offers y' },
      'bad',
      '/bin/x 1 (the default): it does not offer the mode x; it offers y',
    ],
    [
      { kind: 'broken', version: null, words: 'it ended with 1' },
      'bad',
      '/bin/x (the default): it does not work: it ended with 1',
    ],
  ] as const)('has a program that answered %j, which is %s', (probed, level, says) => {
    expect(judgeProfile({ ...facts, probed })).toMatchObject({ level, says })
  })
  it('always has the built-in agent', () => {
    const builtin = profile({ name: 'patch', command: 'builtin:patch' })
    expect(judgeProfile({ ...facts, profile: builtin, program: null }).level).toBe('ok')
  })
})

describe('what the operator wrote', () => {
  it('is told by variable, and by file and line', () => {
    expect(levels(judgeEnvironment([]))).toEqual(['ok'])
    expect(levels(judgeEnvironment([{ variable: 'PORT', message: 'no' }]))).toEqual(['bad'])
    const reading = readOperatorSettings('jail: auto\ncaps:\n  total: many\n')
    if (reading.kind !== 'broken') throw new Error('the file should have a mistake')
    const [line] = judgeOperatorFile('/etc/yard.yml', reading)
    expect(line).toMatchObject({
      level: 'bad',
      fix: expect.stringMatching(/^\/etc\/yard\.yml:3: caps\.total: /),
    })
  })
})

describe('the store', () => {
  it('is judged by what was found', () => {
    const level = (facts: Parameters<typeof judgeStore>[0]) =>
      judgeStore(facts, '/data', '1.0.0').level
    const ledgers = { tasks: 2, entries: 9, broken: [] }
    expect(level({ kind: 'live', pid: 1, version: '1.0.0', ledgers })).toBe('ok')
    expect(level({ kind: 'live', pid: 1, version: '0.9.0', ledgers: null })).toBe('warn')
    const opened = { kind: 'opened', store: 'postgres', ledgers } as const
    expect(level(opened)).toBe('ok')
    expect(judgeLedgers(opened).map((line) => line.level)).toEqual(['ok'])
    const broken = [{ task: taskId(repoId(1), issueId(2)), n: 3, how: 'changed' }] as const
    const spoilt = judgeLedgers({ ...opened, ledgers: { ...ledgers, broken } })
    expect(spoilt).toMatchObject([{ level: 'bad', fix: expect.stringContaining('ledger verify') }])
    expect(judgeLedgers({ kind: 'absent', writable: true })).toEqual([])
    expect(level({ kind: 'absent', writable: true })).toBe('ok')
    expect(level({ kind: 'absent', writable: false })).toBe('bad')
    expect(level({ kind: 'failed', message: 'held' })).toBe('bad')
  })
  it('lies in a folder that nobody else may look into', () => {
    expect(judgeFolder(null, '/data')).toEqual([])
    expect(judgeFolder(0o700, '/data')).toEqual([])
    expect(judgeFolder(0o755, '/data')).toMatchObject([
      { level: 'warn', fix: "Close it: chmod 700 '/data'" },
    ])
  })
})

describe('the jail', () => {
  const open = { kind: 'open', asked: false, reason: 'no bwrap', fix: 'Install it.' } as const
  const real = [profile({ name: 'claude', command: ['claude-agent-acp'] })]
  const builtin = [profile({ name: 'patch', command: 'builtin:patch' })]
  it('matters as much as what would run in it', () => {
    const contained = { kind: 'contained', jail: 'bwrap', version: '0.8.0', asRoot: false } as const
    expect(judgeJail(contained, real)).toMatchObject({
      level: 'ok',
      says: 'bubblewrap 0.8.0 works',
    })
    expect(judgeJail({ ...contained, asRoot: true }, real).says).toContain('as root')
    const podman = { ...contained, jail: 'podman', asRoot: true, version: '5.1' } as const
    expect(judgeJail(podman, real).says).toBe('podman 5.1 works')
    expect(judgeJail(open, builtin).level).toBe('warn')
    expect(judgeJail(open, real)).toMatchObject({
      level: 'bad',
      says: expect.stringContaining('claude'),
    })
    expect(judgeJail({ ...open, asked: true }, real).level).toBe('warn')
    expect(judgeJail({ kind: 'unavailable', reason: 'x', fix: 'y' }, builtin).level).toBe('bad')
  })
})

describe('the GitHub App', () => {
  const accepted = {
    kind: 'accepted',
    slug: 'yard',
    missingPermissions: [],
    missingEvents: [],
    tellsCards: true,
    dangerous: [],
  } as const
  it('may be missing, refused, out of reach, or short of something', () => {
    expect(levels(judgeCredentials({ kind: 'none' }, 'api'))).toEqual(['warn'])
    expect(levels(judgeCredentials({ kind: 'unreachable', reason: 'no' }, 'api'))).toEqual(['bad'])
    expect(levels(judgeCredentials({ kind: 'refused', reason: 'no' }, 'api'))).toEqual(['bad'])
    expect(levels(judgeCredentials(accepted, 'api'))).toEqual(['ok', 'ok', 'ok'])
    const short = {
      ...accepted,
      missingPermissions: ['checks: write'],
      missingEvents: ['push'],
      dangerous: ['workflows'],
    }
    expect(said(judgeCredentials(short, 'api'))).toEqual([
      'ok credentials: GitHub knows the App yard',
      'bad permissions: missing: checks: write',
      'warn permissions: more than it needs: workflows',
      'warn events: not subscribed: push',
    ])
  })
})

describe('the webhook', () => {
  const good: WebhookFacts = {
    url: 'https://yard.example.org/api/github/webhooks',
    hasSecret: true,
    json: true,
    deliveries: [{ status: 200, at: 'now' }],
  }
  const judge = (over: Partial<WebhookFacts>) => said(judgeWebhook({ ...good, ...over }))

  it('is well', () => {
    expect(levels(judgeWebhook(good))).toEqual(['ok', 'ok'])
  })
  it.each([null, '', 'https://example.invalid/off'])('is off with the address %j', (url) => {
    expect(judge({ url })).toEqual([expect.stringContaining('warn webhook: no address is set')])
  })
  it('is open to others, unencrypted, or at another path', () => {
    expect(judge({ url: 'https://smee.io/abc' })[0]).toContain('which others can read')
    expect(judge({ url: 'http://yard.example.org/api/github/webhooks' })[0]).toContain(
      'not encrypted',
    )
    expect(judge({ url: 'http://127.0.0.1:3000/api/github/webhooks' })[0]).toMatch(/^ok/)
    expect(judge({ url: 'https://yard.example.org/' })[0]).toContain('does not end in')
  })
  it('is refused here without a secret, or as a form', () => {
    expect(judge({ hasSecret: false })).toContainEqual(expect.stringMatching(/^bad webhook secret/))
    expect(judge({ json: false })).toContainEqual(expect.stringMatching(/^bad webhook format/))
  })
  it('is judged by its newest delivery, with what to do for each answer', () => {
    const last = (...codes: readonly number[]) =>
      judgeWebhook({ ...good, deliveries: codes.map((status) => ({ status, at: 'then' })) }).at(-1)
    expect(last()).toMatchObject({ level: 'ok' })
    expect(last(202, 500)).toMatchObject({
      level: 'ok',
      says: '1 of the last 2 failed, the newest arrived',
    })
    expect(last(0, 200)).toMatchObject({ level: 'bad', fix: expect.stringContaining('reach') })
    expect(last(400)).toMatchObject({
      level: 'bad',
      fix: expect.stringContaining('WEBHOOK_SECRET'),
    })
    expect(last(404)).toMatchObject({ level: 'bad', fix: expect.stringContaining('must end in') })
    expect(last(500)).toMatchObject({ level: 'bad', fix: expect.stringContaining('log') })
    expect(judge({ deliveries: null }).at(-1)).toMatch(/^warn deliveries/)
  })
})

describe('a repository', () => {
  const good: RepositoryFacts = {
    name: 'o/r',
    defaultBranch: 'main',
    policy: readRepoPolicy('verify: [npm test]'),
    prefixed: false,
    rules: { base: [], ours: [] },
    isProtected: false,
    rootNames: ['README.md'],
    board: null,
  }
  const judge = (over: Partial<RepositoryFacts>) => said(judgeRepository({ ...good, ...over }))

  it('is in order', () => {
    expect(judge({})).toEqual(['ok o/r: settings are in order'])
  })
  it('has no settings, or broken ones', () => {
    expect(judge({ policy: readRepoPolicy(null) })[0]).toMatch(/^warn .*nothing runs there/)
    const lines = judgeRepository({ ...good, policy: readRepoPolicy('verify: 3') })
    expect(lines[0]).toMatchObject({
      level: 'bad',
      fix: expect.stringMatching(/^line 1: verify: /),
    })
  })
  it('wants signatures where we push, or only where people merge', () => {
    const both = { base: ['required_signatures'], ours: ['required_signatures'] }
    expect(judge({ rules: both })[1]).toMatch(/^bad .*no work can be pushed/)
    expect(judge({ rules: { ...both, ours: [] } })[1]).toMatch(/^warn .*signed commits on main/)
    expect(judge({ rules: { base: [], ours: ['creation'] } })[1]).toMatch(/^bad .*create branches/)
  })
  it('does not tell us all, and we say so', () => {
    expect(judge({ rules: null })[1]).toMatch(/^warn .*could not be read/)
    expect(judge({ isProtected: true })[1]).toMatch(/not ours to read/)
  })
  it('has another bot that obeys commands', () => {
    for (const file of ['.prow.yaml', 'OWNERS', 'bors.toml'])
      expect(judge({ rootNames: [file] })[1]).toContain(`there is ${file}`)
    expect(judge({ rootNames: ['OWNERS'], prefixed: true })).toHaveLength(1)
    expect(judge({ rootNames: null })).toHaveLength(1)
  })
})

describe('a board', () => {
  const options = new Map(Object.values(COLUMN_NAMES).map((name) => [name, name]))
  const shape: BoardShape = {
    status: { id: 1, kind: 'single_select', options },
    attempt: null,
    agent: null,
    wave: null,
    cost: null,
  }
  const settings = { project: 7, columns: COLUMN_NAMES }
  const judge = (over: Partial<BoardFacts> = {}) =>
    said(judgeBoard('acme/shop', { settings, shape, tellsCards: true, ...over }))

  it('is well with all its columns, and may lack a backlog', () => {
    expect(judge()).toEqual([expect.stringContaining('project 7 shows its tasks')])
    options.delete('Backlog')
    expect(judge()).toEqual([expect.stringContaining('project 7 shows its tasks')])
  })

  it('is told of when a column is missing, moves are not heard of, or it cannot be reached', () => {
    options.delete('In Review')
    expect(judge()[0]).toContain('has no column In Review')
    expect(judge({ tellsCards: false })[1]).toContain('every move goes back')
    expect(judge({ shape: { refused: 'Not Found' } })).toEqual([
      expect.stringContaining('cannot be reached: Not Found'),
    ])
  })
})
