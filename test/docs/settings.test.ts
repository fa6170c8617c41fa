/** What the pages say of settings, issues and waits is what the code takes and says. */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { GUIDE, withSettings } from '../../scripts/write-settings-tables.ts'
import { readBlocks } from '../../src/agents/builtin/patch/blocks.ts'
import { readWishes } from '../../src/agents/builtin/patch/wishes.ts'
import { instant } from '../../src/domain/ids.ts'
import type { Sha } from '../../src/domain/ids.ts'
import type { Wait } from '../../src/domain/wait.ts'
import { readOperatorSettings } from '../../src/policy/operator-file.ts'
import { PRESETS } from '../../src/policy/presets.ts'
import { readRepoPolicy } from '../../src/policy/repo-file.ts'
import { sayWait } from '../../src/render/wait.ts'
import { readPage, readPages } from './pages.ts'

const pages = readPages()
const guide = readFileSync(GUIDE, 'utf8')

describe('the guide', () => {
  it('has the tables of all settings (if not: npm run reference)', () => {
    expect(guide).toBe(withSettings(guide))
  })

  it('knows each preset, its program and its variables', () => {
    for (const [name, { command, env }] of Object.entries(PRESETS)) {
      const row = guide.split('\n').find((line) => line.startsWith(`| \`${name}\``)) ?? ''
      for (const word of [command.join(' '), ...env]) expect(row).toContain(`\`${word}\``)
    }
  })

  it('shows blocks that the built-in agent can read', () => {
    const shown = readPage('docs/guide.md').blocks.filter(
      ({ lang, text }) => lang === 'markdown' && text.startsWith('```'),
    )
    const read = shown.map(({ text }) => readWishes(readBlocks(text).blocks))
    expect(read.map(({ problems }) => problems)).toEqual([[], [], []])
    expect(read.map(({ wishes }) => wishes.map(({ kind, path }) => `${kind} ${path}`))).toEqual([
      ['patch src/greet.js'],
      ['patch src/greet.js'],
      ['put src/horn.js', 'put NOTES.md'],
    ])
  })

  it('explains every wait in the words that people see', () => {
    const said = Object.values(WAITS()).map((wait) =>
      sayWait(wait, instant(0)).replace(/[:…][^:…]*…$/, ''),
    )
    expect(said.filter((words) => !guide.includes(words))).toEqual([])
  })
})

describe('every example of settings', () => {
  const examples = pages.flatMap(({ path, blocks }) =>
    blocks.filter(({ lang }) => lang === 'yaml').map(({ text }) => ({ path, text })),
  )

  it('is there', () => {
    expect(examples.length).toBeGreaterThan(4)
  })

  it.each(examples)('in $path is valid', ({ text }) => {
    const keys = Object.keys(parse(text) as object)
    const operators = keys.some((key) => key === 'profiles')
    const reading = operators ? readOperatorSettings(text) : readRepoPolicy(text)
    expect(reading).toMatchObject({ kind: 'ready' })
  })
})

/** One of each kind; a new kind does not compile until it stands here. */
function WAITS() {
  const until = instant(Date.UTC(1970, 0, 1, 4, 10))
  return {
    'no-slot': {
      kind: 'no-slot',
      used: 8,
      cap: 8,
      of: { limit: 'tier', tier: 'sonnet' },
      ahead: 0,
    },
    'no-configuration': { kind: 'no-configuration', branch: 'main' },
    'broken-configuration': {
      kind: 'broken-configuration',
      branch: 'main',
      problems: [{ line: 3, path: '', message: '…' }],
    },
    'unknown-profile': { kind: 'unknown-profile', name: 'opus', known: ['claude', 'patch'] },
    'red-base': { kind: 'red-base', branch: 'main', sha: 'abc1234'.padEnd(40, '0') as Sha },
    'profile-paused': {
      kind: 'profile-paused',
      profile: 'claude',
      reason: 'it is at its limit',
      until,
    },
    'repository-paused': {
      kind: 'repository-paused',
      scope: 'hold:1',
      reason: '',
      until: null,
      by: 'ana',
    },
    'yard-paused': { kind: 'yard-paused', scope: 'all', reason: '…', by: null },
    'actor-quota': { kind: 'actor-quota', login: 'ana', cap: 100 },
    'task-budget': {
      kind: 'task-budget',
      spent: { cost: 5.02, tokens: 0, unknown: 0 },
      budget: { cost: 5, tokens: 10_000_000 },
    },
    'day-budget': {
      kind: 'day-budget',
      budget: { cost: 50, tokens: 100_000_000 },
      until: instant(250 * 60_000),
    },
    'not-allowed': { kind: 'not-allowed' },
    gone: { kind: 'gone', reason: '…' },
    'no-jail': { kind: 'no-jail', profile: 'claude', fix: '…' },
    'no-program': {
      kind: 'no-program',
      profile: 'claude',
      program: 'claude-agent-acp',
      fix: '…',
    },
    'no-runner': { kind: 'no-runner', profile: 'claude', tier: null, up: 1 },
    'runners-busy': { kind: 'runners-busy', profile: 'claude', runners: 2, places: 8 },
    'runner-too-old': { kind: 'runner-too-old', name: 'build-1', version: '0.0.9' },
    'former-attempt': { kind: 'former-attempt' },
    suspect: { kind: 'suspect', losses: 2 },
    'no-room': { kind: 'no-room' },
    'open-reviews': { kind: 'open-reviews', open: 10, cap: 10 },
    unread: { kind: 'unread' },
  } as const satisfies { readonly [Kind in Wait['kind']]: Extract<Wait, { readonly kind: Kind }> }
}
