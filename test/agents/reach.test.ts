/** Which agent reaches what, and which holds its key: a table over the presets. */
import { describe, expect, it } from 'vitest'
import { reachOf } from '../../src/agents/reach.ts'
import { PRESETS, type PRESET_NAMES } from '../../src/policy/presets.ts'
import type { NetworkPolicy, Profile } from '../../src/domain/settings.ts'
import { MODEL_ORIGIN } from '../../src/ports/jail.ts'
import type { Jail } from '../../src/ports/jail.ts'
import { profile } from '../support/builders.ts'

const KEY = 'sk-the-operators-own'
const jail = (kind: Jail['kind']): Jail => ({
  kind,
  node: 'node',
  reap: async () => await Promise.resolve(0),
  start: async () => await Promise.reject(new Error('not here')),
})
const of = (preset: (typeof PRESET_NAMES)[number], over: Partial<Profile> = {}): Profile =>
  profile({ preset, command: PRESETS[preset].command, env: PRESETS[preset].env, ...over })
const reach = (
  who: Profile,
  environment: Readonly<Record<string, string>>,
  more: { readonly network?: NetworkPolicy; readonly kind?: Jail['kind'] } = {},
) =>
  reachOf(
    {
      environment,
      network: more.network ?? 'model-only',
      allow: ['registry.npmjs.org'],
      jail: jail(more.kind ?? 'bwrap'),
    },
    who,
  )

describe('with model-only', () => {
  it.each([
    ['claude', 'ANTHROPIC_API_KEY', 'https://api.anthropic.com/', 'x-api-key'],
    ['codex', 'OPENAI_API_KEY', 'https://api.openai.com/v1', 'authorization'],
    ['codex', 'CODEX_API_KEY', 'https://api.openai.com/v1', 'authorization'],
    ['gemini', 'GEMINI_API_KEY', 'https://generativelanguage.googleapis.com/', 'x-goog-api-key'],
    ['copilot', 'COPILOT_PROVIDER_API_KEY', 'https://api.openai.com/v1', 'authorization'],
    [
      'qwen',
      'OPENAI_API_KEY',
      'https://dashscope.aliyuncs.com/compatible-mode/v1',
      'authorization',
    ],
  ] as const)(
    '%s by %s holds no key, and has one way to its model',
    (name, key, upstream, header) => {
      const { network, env } = reach(of(name), { [key]: KEY })
      expect(network).toEqual({
        allow: ['registry.npmjs.org'],
        model: { upstream, header, secret: KEY },
      })
      expect(JSON.stringify(env)).not.toContain(KEY)
      expect(env[key]).toBe('held-by-yardmaster')
      expect(env[PRESETS[name].model?.baseUrl ?? '']).toBe(MODEL_ORIGIN)
    },
  )

  it('codex is told the address where it reads it: in its configuration', () => {
    const { env } = reach(of('codex'), { OPENAI_API_KEY: KEY })
    expect(JSON.parse(env['CODEX_CONFIG'] ?? '')).toMatchObject({
      model_providers: { operator: { base_url: MODEL_ORIGIN, env_key: 'OPENAI_API_KEY' } },
    })
  })

  it('the operator’s own address is where the model is, also without a key, and whatever it is', () => {
    const address = { ANTHROPIC_BASE_URL: 'http://10.0.0.7:8080/anthropic' }
    expect(reach(of('claude'), { ...address, ANTHROPIC_API_KEY: KEY }).network).toMatchObject({
      model: { upstream: 'http://10.0.0.7:8080/anthropic', secret: KEY },
    })
    const { network, env } = reach(of('claude'), { ...address, CLAUDE_CODE_OAUTH_TOKEN: 'login' })
    expect(network).toMatchObject({ model: { secret: null } })
    expect(env).toMatchObject({
      ANTHROPIC_BASE_URL: MODEL_ORIGIN,
      CLAUDE_CODE_OAUTH_TOKEN: 'login',
    })
    const wrong = { ANTHROPIC_BASE_URL: 'file:///etc/passwd' }
    expect(reach(of('claude'), { ...wrong, ANTHROPIC_API_KEY: KEY }).network).toMatchObject({
      model: null,
    })
  })

  it('one login is enough: a token does not lie about beside a key', () => {
    const both = { ANTHROPIC_API_KEY: KEY, CLAUDE_CODE_OAUTH_TOKEN: 'login', COPY: KEY }
    const { env } = reach(of('claude', { env: [...PRESETS.claude.env, 'COPY'] }), both)
    expect(env).not.toHaveProperty('CLAUDE_CODE_OAUTH_TOKEN')
    expect(JSON.stringify(env)).not.toMatch(/sk-the|login/)
  })

  it('a login without a key is held by the agent, and its model’s hosts are let through', () => {
    const { network, env } = reach(of('claude'), { CLAUDE_CODE_OAUTH_TOKEN: 'login' })
    expect(network).toEqual({ allow: ['registry.npmjs.org', 'api.anthropic.com'], model: null })
    expect(env['CLAUDE_CODE_OAUTH_TOKEN']).toBe('login')
  })

  it('a program that nobody knows reaches what is allowed for all', () => {
    const { network, env } = reach(profile({ command: ['mine'], env: ['MINE'] }), { MINE: 'x' })
    expect(network).toEqual({ allow: ['registry.npmjs.org'], model: null })
    expect(env['MINE']).toBe('x')
  })

  it('a known program under its own name is treated as its preset', () => {
    const who = profile({ command: ['/opt/bin/claude-agent-acp'], env: ['ANTHROPIC_API_KEY'] })
    const { network, env } = reach(who, { ANTHROPIC_API_KEY: KEY })
    expect(network).toMatchObject({ model: { secret: KEY } })
    expect(env).toMatchObject({ ANTHROPIC_BASE_URL: MODEL_ORIGIN })
  })
})

it('without a jail, and with open or none, the agent holds what the operator lets it', () => {
  const environment = { ANTHROPIC_API_KEY: KEY, SECRET: 'never' }
  const told = (more: Parameters<typeof reach>[2], over: Partial<Profile> = {}) => {
    const { network, env } = reach(of('claude', over), environment, more)
    return { network, key: env['ANTHROPIC_API_KEY'], secret: env['SECRET'] }
  }
  const held = { key: KEY, secret: undefined }
  expect(told({ kind: 'none' })).toEqual({ network: 'open', ...held })
  expect(told({ network: 'open' })).toEqual({ network: 'open', ...held })
  expect(told({ network: 'none' })).toEqual({ network: 'none', ...held })
  expect(told({ network: 'open' }, { network: 'none' })).toEqual({ network: 'none', ...held })
  expect(told({ network: 'none' }, { network: 'model-only' })).toMatchObject({
    key: 'held-by-yardmaster',
  })
})
