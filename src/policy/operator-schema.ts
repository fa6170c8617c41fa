/** `yardmaster.config.yml`, defined once: its checks, its messages and its documentation all come from here. */
import { z } from 'zod'
import { PRESET_NAMES } from './presets.ts'

/** Labels are compared in lower case, so that is how profiles are named. `plan` is a word of the labels' own. */
const profileName = z
  .string()
  .regex(/^(?!plan$)[a-z][a-z0-9._-]{0,23}$/)
  .meta({
    accepted:
      'at most 24 lower-case letters, digits, dots, dashes or underscores, beginning with a letter, and not "plan"',
  })

/** What an agent must never hold: credentials of GitHub, of the App, of the store (rule). */
const OURS = [
  'PRIVATE_KEY',
  'PRIVATE_KEY_PATH',
  'WEBHOOK_SECRET',
  'GITHUB_TOKEN',
  'GH_TOKEN',
  'GITHUB_CLIENT_SECRET',
  'DATABASE_URL',
  'WEBHOOK_PROXY_URL',
  'YARDMASTER_BOARD_TOKEN',
]

const variable = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9_]{0,99}$/)
  .refine((name) => !OURS.includes(name.toUpperCase()))
  .meta({
    accepted: `the name of an environment variable; never one that holds a credential of Yardmaster or GitHub (${OURS.join(', ')})`,
  })

const profile = z
  .strictObject({
    preset: z
      .enum(PRESET_NAMES)
      .optional()
      .describe('A known agent; its program must be on the PATH.'),
    command: z
      .union([z.literal('builtin:patch'), z.array(z.string().min(1).max(4000)).min(1).max(100)])
      .optional()
      .meta({
        description: 'Instead of a preset: the built-in agent, or any program that speaks ACP.',
        accepted:
          'builtin:patch, or a list of a program and its arguments, such as [my-agent, --acp]',
      }),
    tier: z
      .string()
      .regex(/^[a-z][a-z0-9._-]{0,23}$/)
      .optional()
      .meta({
        description: 'Which of `caps.tiers` it counts against.',
        accepted: 'a name in lower case, such as sonnet',
      }),
    protocol: z
      .enum(['acp', 'command'])
      .default('acp')
      .describe(
        'How the program of `command` is spoken to: ACP over its standard streams, or one file in and one out.',
      ),
    model: z.string().min(1).max(100).optional().describe('The model to ask the agent for.'),
    mode: z
      .string()
      .min(1)
      .max(100)
      .optional()
      .describe('The session mode to ask the agent for, by its id or name.'),
    fallback: profileName.optional().meta({
      description:
        'The profile with which its tasks start while its provider is at its limit. Without it they wait.',
      accepted: 'the name of another profile',
    }),
    network: z
      .enum(['none', 'model-only', 'open'])
      .optional()
      .describe('What the jail lets through for this profile. Without it: `network`.'),
    permissions: z
      .enum(['allow', 'ask'])
      .default('allow')
      .describe(
        'When the agent asks for permission: allow each act, since the jail holds it, or ask a person.',
      ),
    env: z
      .array(variable)
      .max(50)
      .default([])
      .describe(
        'Variables of Yardmaster’s own environment that the agent may see, beyond its preset’s.',
      ),
  })
  .superRefine(({ preset, command, protocol, mode, permissions }, context) => {
    if ((preset === undefined) === (command === undefined)) {
      context.addIssue({
        code: 'custom',
        message: `a profile needs either preset (${PRESET_NAMES.join(', ')}) or command (builtin:patch, or a list), and not both`,
      })
    }
    if (protocol === 'acp') return
    if (!Array.isArray(command)) {
      context.addIssue({
        code: 'custom',
        path: ['protocol'],
        message:
          'command is for a program of your own (command: [program, …]); presets and builtin:patch speak acp',
      })
    }
    for (const [key, given] of [
      ['mode', mode !== undefined],
      ['permissions', permissions === 'ask'],
    ] as const) {
      if (given)
        context.addIssue({
          code: 'custom',
          path: [key],
          message: `${key} is for agents that speak acp: with protocol: command there is no session`,
        })
    }
  })

const whole = (least: number, most: number) => z.int().min(least).max(most)

const dollars = z.number().min(0.01).max(1_000_000)
const tokens = z.int().min(1_000).max(1_000_000_000_000)

/** Ten times what a repository gets unasked: room for whoever knows that they want more, and an end to it. A judgement. */
const budget = z.strictObject({
  task: dollars
    .default(50)
    .describe('US dollars for one task, however often people allow it more.'),
  day: dollars.default(500).describe('US dollars for one repository in 24 hours.'),
  task_tokens: tokens.default(100_000_000).describe('Tokens of unknown cost for one task.'),
  day_tokens: tokens
    .default(1_000_000_000)
    .describe('Tokens of unknown cost for one repository in 24 hours.'),
})

const price = z.strictObject({
  input: z.number().min(0).max(100_000).describe('US dollars for a million tokens read.'),
  cached: z
    .number()
    .min(0)
    .max(100_000)
    .optional()
    .describe('For a million tokens read from the provider’s cache. Without it: `input`.'),
  output: z.number().min(0).max(100_000).describe('For a million tokens written.'),
})

const caps = z.strictObject({
  total: whole(1, 1000)
    .default(8)
    .describe('Attempts under way at the same time, over everything.'),
  tiers: z
    .record(z.string().regex(/^[a-z][a-z0-9._-]{0,23}$/), whole(0, 1000))
    .default({ opus: 4, sonnet: 8, haiku: 12 })
    .describe('Attempts under way for each tier. Tiers that are not named keep their default.'),
  per_repository: whole(1, 1000).default(8).describe('Attempts under way in one repository.'),
  per_actor_day: whole(1, 100_000)
    .default(100)
    .describe('Attempts started for one person in 24 hours.'),
  budget: budget.prefault({}),
})

const retry = z.strictObject({
  first_seconds: whole(0, 86_400)
    .default(30)
    .describe('Wait after a first failure; doubled for each further one.'),
  max_seconds: whole(0, 86_400).default(900).describe('The longest wait between two attempts.'),
})

/** What of the work this machine does itself. */
const runner = z.strictObject({
  capacity: whole(0, 1000)
    .optional()
    .describe(
      'Attempts that this machine executes at the same time; 0 leaves them all to runners elsewhere. Without it: `caps.total`.',
    ),
  tiers: z
    .array(z.string().regex(/^[a-z][a-z0-9._-]{0,23}$/))
    .min(1)
    .optional()
    .meta({
      description: 'Only attempts of these tiers.',
      accepted: 'a list of tiers, such as [sonnet, haiku]',
    }),
  agents: z.array(profileName).min(1).optional().meta({
    description: 'Only attempts of these profiles. Without it: every profile of this file.',
    accepted: 'a list of names of profiles, such as [claude]',
  }),
  repositories: z
    .array(z.union([z.int().positive(), z.string().regex(/^[A-Za-z0-9-]{1,39}\/[\w.-]{1,100}$/)]))
    .min(1)
    .optional()
    .meta({
      description: 'Only attempts in these repositories.',
      accepted: 'a list of numeric ids or owner/name, such as [ana/shop]',
    }),
})

export const operatorSchema = z.strictObject({
  profiles: z
    .record(profileName, profile)
    .refine((profiles) => Object.keys(profiles).length > 0)
    .prefault({ patch: { command: 'builtin:patch' } })
    .meta({
      description: 'The agents that repositories may choose from, by name.',
      accepted: 'a mapping of at least one name to a profile, such as claude: { preset: claude }',
    }),
  default_profile: z.string().optional().meta({
    description: 'The profile of repositories that name none. Without it: the first profile.',
    accepted: 'the name of one of the profiles',
  }),
  jail: z
    .enum(['auto', 'bwrap', 'podman', 'docker', 'none'])
    .default('auto')
    .describe(
      'What agents, setup and checks run in. `auto`: bubblewrap where it works, else podman or docker if `image` is set; `none` is shown in every status comment.',
    ),
  image: z
    .string()
    .regex(/^[a-z0-9][\w./:@-]{0,254}$/)
    .optional()
    .meta({
      description:
        'The image in which podman or docker run agents and checks: with sh, git, node and whatever those call.',
      accepted: 'the name of an image, such as localhost/yard-agents:1',
    }),
  network: z
    .enum(['none', 'model-only', 'open'])
    .default('model-only')
    .describe(
      'What the jail lets through. `model-only`: to an agent its model, and to everything the hosts of `allow`; `open`: all, this machine and its network included.',
    ),
  allow: z
    .array(
      z
        .string()
        .regex(/^((\*\.)?[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?|\[[0-9a-f:.]+\])(:[0-9]{1,5})?$/)
        .meta({
          accepted:
            'a host in lower case, such as registry.npmjs.org, *.example.org or git.example.org:8443',
        }),
    )
    .max(200)
    .default([])
    .meta({
      description:
        'Hosts that `model-only` lets through besides, such as package registries; ports 80 and 443 unless one is named. A private address is reached only where it is written itself.',
      accepted:
        'a list of hosts in lower case, such as [registry.npmjs.org, "*.example.org", "git.example.org:8443"]',
    }),
  repositories: z.array(z.int().positive()).min(1).optional().meta({
    description:
      'Numeric ids of the repositories that are served. Without it: every one the App is installed on.',
    accepted: 'a list of numeric repository ids, such as [123456]',
  }),
  caps: caps.prefault({}),
  prices: z.record(z.string().min(1).max(100), price).default({}).meta({
    description:
      'What models cost whose agents tell tokens only, by the name the agent gives the model; beside and before the built-in table.',
    accepted: 'a mapping of names of models to prices, such as gpt-5.5: { input: 5, output: 30 }',
  }),
  runner: runner.prefault({}),
  retry: retry.prefault({}),
  onboarding: z
    .boolean()
    .default(true)
    .describe(
      'Propose a settings file to each repository that has none: one pull request, with the commands tried.',
    ),
  pace_ms: whole(0, 60_000)
    .default(1000)
    .describe(
      'Milliseconds between two writes to GitHub through one installation. GitHub asks for 1000.',
    ),
})

export type OperatorFile = z.infer<typeof operatorSchema>
