/** What each known agent is told by its environment and its session: a table, because each row was seen to matter with the real program. */
import { describe, expect, it } from 'vitest'
import { environmentOf } from '../../src/agents/environment.ts'
import { newSession } from '../../src/agents/acp/capabilities.ts'
import { PRESETS, PRESET_NAMES, presetOf } from '../../src/policy/presets.ts'
import type { Profile } from '../../src/domain/settings.ts'
import { profile } from '../support/builders.ts'

const of = (preset: (typeof PRESET_NAMES)[number], over: Partial<Profile> = {}): Profile =>
  profile({ preset, command: PRESETS[preset].command, env: PRESETS[preset].env, ...over })
const parsed = (text: string | undefined): unknown => JSON.parse(text ?? 'null')

describe('the environment of', () => {
  it('claude keeps it from other traffic, from renewing itself and from hiding our tools', () => {
    const { env } = environmentOf(of('claude'), { ANTHROPIC_API_KEY: 'k', PATH: '/bin' })
    expect(env).toEqual({
      ANTHROPIC_API_KEY: 'k',
      CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
      DISABLE_AUTOUPDATER: '1',
      ENABLE_TOOL_SEARCH: 'false',
    })
  })

  it('codex logs it in by its key, lets it ask, and sends it where the operator says', () => {
    const none = environmentOf(of('codex'), {}).env
    expect(none).not.toHaveProperty('DEFAULT_AUTH_REQUEST')
    expect(parsed(none['CODEX_CONFIG'])).toEqual({
      features: { default_mode_request_user_input: true },
    })
    const { env } = environmentOf(of('codex'), {
      CODEX_API_KEY: 'k',
      OPENAI_BASE_URL: 'http://127.0.0.1:1/v1',
    })
    expect(parsed(env['DEFAULT_AUTH_REQUEST'])).toEqual({ methodId: 'api-key' })
    expect(parsed(env['CODEX_CONFIG'])).toMatchObject({
      features: { default_mode_request_user_input: true },
      model_provider: 'operator',
      model_providers: {
        operator: { base_url: 'http://127.0.0.1:1/v1', env_key: 'CODEX_API_KEY' },
      },
    })
  })

  it('codex leaves the sandbox to the jail, unless a person is to be asked', () => {
    const mode = (permissions: 'allow' | 'ask') =>
      environmentOf(of('codex', { permissions }), {}).env['INITIAL_AGENT_MODE']
    expect([mode('allow'), mode('ask')]).toEqual(['agent-full-access', 'workspace-write'])
  })

  it('copilot keeps it away from GitHub, and names the model that its sessions do not offer', () => {
    const { env } = environmentOf(of('copilot', { model: 'gpt' }), { GITHUB_TOKEN: 'never' })
    expect(env).toMatchObject({ COPILOT_OFFLINE: 'true', COPILOT_MODEL: 'gpt' })
    expect(JSON.stringify(env)).not.toContain('never')
  })

  it('opencode sends nothing to a free model that nobody chose, and starts no program of the repository', () => {
    const { env } = environmentOf(of('opencode'), {})
    expect(env['OPENCODE_DISABLE_PROJECT_CONFIG']).toBe('1')
    expect(parsed(env['OPENCODE_CONFIG_CONTENT'])).toEqual({ disabled_providers: ['opencode'] })
    const chosen = environmentOf(of('opencode', { model: 'opencode/big-pickle' }), {})
    expect(chosen.env).not.toHaveProperty('OPENCODE_CONFIG_CONTENT')
  })

  it('qwen names the model of the profile', () => {
    const { env } = environmentOf(of('qwen', { model: 'coder' }), {})
    expect(env['OPENAI_MODEL']).toBe('coder')
  })

  it('each yields to what the operator lets through, and holds nothing else of theirs', () => {
    for (const name of PRESET_NAMES) {
      const theirs = Object.keys(PRESETS[name].set({ env: {}, model: null, permissions: 'allow' }))
      const env = Object.fromEntries(theirs.map((each) => [each, 'theirs']))
      const wide = of(name, { env: [...PRESETS[name].env, ...theirs] })
      const made = environmentOf(wide, { ...env, SECRET: 's' }).env
      for (const each of theirs) expect(made[each], `${name}: ${each}`).toBe('theirs')
      expect(made).not.toHaveProperty('SECRET')
    }
  })

  it('a profile misses only what it names itself: a preset names every way to log in', () => {
    const env = [...PRESETS.claude.env, 'MINE']
    expect(environmentOf(of('claude', { env }), {}).missing).toEqual(['MINE'])
  })
})

describe('the session of', () => {
  const metaOf = (one: Profile): unknown => newSession('/w', [], presetOf(one)?.session)._meta
  const careful = {
    claudeCode: {
      options: {
        settingSources: ['user'],
        strictMcpConfig: true,
        disallowedTools: ['EnterWorktree', 'ExitWorktree'],
      },
    },
  }

  it('claude obeys no file of the repository, by whatever name it is started', () => {
    expect(metaOf(of('claude'))).toEqual(careful)
    expect(metaOf(profile({ command: ['/opt/bin/claude-agent-acp'] }))).toEqual(careful)
    expect(metaOf(profile({ command: ['npx', 'claude-agent-acp'] }))).toEqual(careful)
  })

  it('any other known agent is told nothing of that', () => {
    for (const name of PRESET_NAMES.filter((each) => each !== 'claude'))
      expect(metaOf(of(name)), `of ${name}`).toBeUndefined()
  })
})

describe('a preset', () => {
  it('is found by the name of its program as well', () => {
    expect(presetOf(profile({ command: ['/opt/codex-acp', '-x'] }))).toBe(PRESETS.codex)
    expect(presetOf(profile({ command: ['my-agent'] }))).toBeNull()
    expect(presetOf(profile({ command: 'builtin:patch' }))).toBeNull()
    expect(presetOf(profile({ command: ['gemini', '-p'], protocol: 'command' }))).toBeNull()
  })

  it('names where its model is by a variable that its agent may see', () => {
    for (const name of PRESET_NAMES) {
      const { env, login, model } = PRESETS[name]
      const told = [...login, model?.key, model?.baseUrl].filter((each) => typeof each === 'string')
      expect(env, `of ${name}`).toEqual(expect.arrayContaining(told))
    }
  })
})
