import { describe, expect, test } from 'vitest'
import type { OperatorSettings } from '../../src/domain/settings.ts'
import { readOperatorSettings } from '../../src/policy/operator-file.ts'

function settings(text: string | null): OperatorSettings {
  const reading = readOperatorSettings(text)
  if (reading.kind === 'broken')
    throw new Error(reading.problems.map((one) => one.message).join('\n'))
  return reading.settings
}

function problems(text: string): readonly string[] {
  const reading = readOperatorSettings(text)
  if (reading.kind === 'ready') throw new Error('expected problems')
  return reading.problems.map(({ line, path, message }) => `${line ?? '-'} ${path}: ${message}`)
}

test('without a file there is one profile, which needs no model and no account', () => {
  expect(settings(null)).toMatchInlineSnapshot(`
    {
      "allow": [],
      "caps": {
        "budget": {
          "day": {
            "cost": 500,
            "tokens": 1000000000,
          },
          "task": {
            "cost": 50,
            "tokens": 100000000,
          },
        },
        "perActorDay": 100,
        "perRepository": 8,
        "tiers": {
          "haiku": 12,
          "opus": 4,
          "sonnet": 8,
        },
        "total": 8,
      },
      "defaultProfile": "patch",
      "image": null,
      "jail": "auto",
      "network": "model-only",
      "onboarding": true,
      "paceMilliseconds": 1000,
      "prices": {
        "gemini-2.5-flash": {
          "cached": 0.03,
          "input": 0.3,
          "output": 2.5,
        },
        "gemini-2.5-flash-lite": {
          "cached": 0.01,
          "input": 0.1,
          "output": 0.4,
        },
        "gemini-2.5-pro": {
          "cached": 0.25,
          "input": 2.5,
          "output": 15,
        },
        "gpt-5-codex": {
          "cached": 0.125,
          "input": 1.25,
          "output": 10,
        },
        "gpt-5.1-codex": {
          "cached": 0.125,
          "input": 1.25,
          "output": 10,
        },
        "gpt-5.1-codex-max": {
          "cached": 0.125,
          "input": 1.25,
          "output": 10,
        },
        "gpt-5.2": {
          "cached": 0.175,
          "input": 1.75,
          "output": 14,
        },
        "gpt-5.2-codex": {
          "cached": 0.175,
          "input": 1.75,
          "output": 14,
        },
        "gpt-5.3-codex": {
          "cached": 0.175,
          "input": 1.75,
          "output": 14,
        },
        "gpt-5.4": {
          "cached": 0.25,
          "input": 2.5,
          "output": 15,
        },
        "gpt-5.4-mini": {
          "cached": 0.075,
          "input": 0.75,
          "output": 4.5,
        },
        "gpt-5.4-nano": {
          "cached": 0.02,
          "input": 0.2,
          "output": 1.25,
        },
        "gpt-5.5": {
          "cached": 0.5,
          "input": 5,
          "output": 30,
        },
      },
      "profiles": {
        "patch": {
          "command": "builtin:patch",
          "env": [],
          "fallback": null,
          "mode": null,
          "model": null,
          "name": "patch",
          "network": null,
          "permissions": "allow",
          "preset": null,
          "protocol": "acp",
          "tier": null,
        },
      },
      "repositories": null,
      "retry": {
        "firstSeconds": 30,
        "maxSeconds": 900,
      },
      "runner": {
        "capacity": null,
        "profiles": null,
        "repositories": null,
        "tiers": null,
      },
    }
  `)
})

describe('a profile', () => {
  test('may be a preset, whose program and variables are known', () => {
    const { profiles, defaultProfile } = settings(
      'profiles: { claude: { preset: claude, tier: sonnet, model: opus-5, env: [EXTRA] } }\nnetwork: open',
    )
    expect(defaultProfile).toBe('claude')
    expect(profiles['claude']).toEqual({
      name: 'claude',
      preset: 'claude',
      command: ['claude-agent-acp'],
      protocol: 'acp',
      tier: 'sonnet',
      permissions: 'allow',
      model: 'opus-5',
      mode: null,
      fallback: null,
      network: null,
      env: ['ANTHROPIC_API_KEY', 'ANTHROPIC_BASE_URL', 'CLAUDE_CODE_OAUTH_TOKEN', 'EXTRA'],
    })
  })

  test('may be any program that speaks ACP', () => {
    const { profiles } = settings('profiles: { mine: { command: [my-agent, --acp] } }')
    expect(profiles['mine']?.command).toEqual(['my-agent', '--acp'])
  })

  test('may name another that stands in for it', () => {
    const { profiles } = settings(
      'profiles: { a: { command: [a], fallback: b }, b: { command: [b], fallback: c }, c: { command: [c] } }',
    )
    expect(Object.values(profiles).map(({ fallback }) => fallback)).toEqual(['b', 'c', null])
  })

  test('cannot be stood in for by nobody, by itself, or in a circle', () => {
    const text = `profiles:
  patch: { command: [a], fallback: pach }
  alone: { command: [a], fallback: alone }
  a: { command: [a], fallback: b }
  b: { command: [b], fallback: c }
  c: { command: [c], fallback: b }
`
    expect(problems(text)).toEqual([
      '2 profiles.patch.fallback: there is no profile "pach" (did you mean patch?); the profiles are patch, alone, a, b, c',
      '3 profiles.alone.fallback: a fallback must not lead back to its own profile (alone → alone)',
      '5 profiles.b.fallback: a fallback must not lead back to its own profile (b → c → b)',
      '6 profiles.c.fallback: a fallback must not lead back to its own profile (c → b → c)',
    ])
  })

  test('may be a program without any protocol', () => {
    const { profiles } = settings('profiles: { mine: { protocol: command, command: [fix.sh] } }')
    expect(profiles['mine']).toMatchObject({ protocol: 'command', command: ['fix.sh'] })
  })

  test.each([
    [
      '{ protocol: command, preset: claude }',
      /^1 profiles.mine.protocol: command is for a program/,
    ],
    [
      '{ protocol: command, command: "builtin:patch" }',
      /^1 profiles.mine.protocol: command is for a program/,
    ],
    [
      '{ protocol: command, command: [x], mode: plan }',
      /^1 profiles.mine.mode: mode is for agents/,
    ],
    [
      '{ protocol: command, command: [x], permissions: ask }',
      /^1 profiles.mine.permissions: permissions is for agents/,
    ],
  ])('that needs a session cannot be one without: %s', (written, words) => {
    const text = `profiles: { mine: ${written} }\nnetwork: open`
    expect(problems(text)).toEqual([expect.stringMatching(words)])
  })

  test('is the default when it comes first, or when it is named', () => {
    const two = 'profiles: { b: { command: [b] }, a: { command: [a] } }'
    expect(settings(two).defaultProfile).toBe('b')
    expect(settings(`${two}\ndefault_profile: a`).defaultProfile).toBe('a')
  })
})

test('a tier that is not named keeps its default cap', () => {
  expect(settings('caps: { tiers: { opus: 1, local: 2 } }').caps.tiers).toEqual({
    opus: 1,
    sonnet: 8,
    haiku: 12,
    local: 2,
  })
})

describe('a problem says what to do', () => {
  const cases: readonly (readonly [text: string, said: string])[] = [
    [
      'profiles: { claude: { preset: cluade } }',
      '1 profiles.claude.preset: must be claude, codex, gemini, copilot, opencode or qwen, but is "cluade" (did you mean claude?)',
    ],
    [
      'profiles: { none: {} }',
      '1 profiles.none: a profile needs either preset (claude, codex, gemini, copilot, opencode, qwen) or command (builtin:patch, or a list), and not both',
    ],
    [
      'profiles: { two: { preset: codex, command: builtin:patch } }',
      '1 profiles.two: a profile needs either preset (claude, codex, gemini, copilot, opencode, qwen) or command (builtin:patch, or a list), and not both',
    ],
    [
      'profiles: { shell: { command: sh -c evil } }',
      '1 profiles.shell.command: must be builtin:patch, or a list of a program and its arguments, such as [my-agent, --acp], but is "sh -c evil"',
    ],
    [
      'profiles: { plan: { command: [a] } }',
      '1 profiles.plan: this name cannot be used; it must be at most 24 lower-case letters, digits, dots, dashes or underscores, beginning with a letter, and not "plan"',
    ],
    [
      'profiles: { a: { command: [a], env: [WEBHOOK_SECRET] } }',
      '1 profiles.a.env.1: must be the name of an environment variable; never one that holds a credential of Yardmaster or GitHub (PRIVATE_KEY, PRIVATE_KEY_PATH, WEBHOOK_SECRET, GITHUB_TOKEN, GH_TOKEN, GITHUB_CLIENT_SECRET, DATABASE_URL, WEBHOOK_PROXY_URL, YARDMASTER_BOARD_TOKEN), but is "WEBHOOK_SECRET"',
    ],
    [
      'profiles: {}',
      '1 profiles: must be a mapping of at least one name to a profile, such as claude: { preset: claude }, but is an empty mapping',
    ],
    [
      'profiles: { claude: { command: [a] } }\ndefault_profile: claud',
      '2 default_profile: there is no profile "claud" (did you mean claude?); the profiles are claude',
    ],
    [
      'profiles: { claude: { preset: claude } }\nnetwork: none',
      '2 network: the profile claude has to reach its model, but network is none; write network: model-only',
    ],
    ['jail: cage', '1 jail: must be auto, bwrap, podman, docker or none, but is "cage"'],
    [
      'jail: docker',
      '1 jail: docker needs an image to run agents and checks in; write image: <its name>',
    ],
    [
      'allow: [https://example.org]',
      '1 allow.1: must be a host in lower case, such as registry.npmjs.org, *.example.org or git.example.org:8443, but is "https://example.org"',
    ],
    [
      'repositories: [acme/shop]',
      '1 repositories.1: must be a whole number above 0, but is "acme/shop"',
    ],
    ['caps: { total: 0 }', '1 caps.total: must be a whole number from 1 to 1000, but is 0'],
    [
      'caps: { tiers: { opus: -1 } }',
      '1 caps.tiers.opus: must be a whole number from 0 to 1000, but is -1',
    ],
    [
      'cap: { total: 1 }',
      '1 cap: there is no such key (did you mean caps?); the keys here are profiles, default_profile, jail, image, network, allow, repositories, caps, prices, runner, retry, onboarding, pace_ms',
    ],
  ]
  test.each(cases)('%#', (text, said) => {
    expect(problems(text)).toEqual([said])
  })
})
