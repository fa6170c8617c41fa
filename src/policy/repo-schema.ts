/** `.github/yardmaster.yml`, defined once: its checks, its messages and its documentation all come from here. */
import { z } from 'zod'

/** A word that can stand in a label, whose names hold 50 characters: `<trigger>:<profile>`. */
const word = z.string().regex(/^[A-Za-z][A-Za-z0-9._-]{0,23}$/)

const command = z
  .string()
  .min(1)
  .max(2000)
  // A NUL cannot be passed to a program, and blank is no command.
  .regex(/^(?=[^]*\S)[^\0]*$/)
  .meta({ accepted: 'a command of at most 2000 characters, such as npm test' })

const commands = z.array(command).max(20)

const whole = (least: number, most: number) => z.int().min(least).max(most)

/** Parts of a minute are for quick repositories and quick agents; below three seconds nothing real gets done. */
const minutes = (most: number) => z.number().min(0.05).max(most)

/** A cent is the least that is worth counting. */
const dollars = (most: number) => z.number().min(0.01).max(most)

const tokens = z.int().min(1_000).max(1_000_000_000_000)

/**
 * What five dollars buy of the priced models that coding agents use most: of their tokens about nine in ten are read
 * from the cache, most of the rest is read anew, and some two in a hundred are written. At $1.25, $0.125 and $10 for a
 * million (gpt-5-codex) that is $0.41 a million, or 12 million for $5. Rounded down.
 */
const TASK_TOKENS = 10_000_000

/** Columns of a board are named by the same keys as the labels. */
const column = z.string().min(1).max(100).optional()

const limits = z.strictObject({
  parallel: whole(1, 50)
    .default(3)
    .describe(
      'Tasks of this repository at work at the same time. The operator’s caps may be lower.',
    ),
  attempts: whole(1, 10)
    .default(3)
    .describe('Attempts at one task before it counts as failed, the first one included.'),
  minutes: minutes(1440)
    .default(60)
    .describe('Time for one attempt, from setup to the last check.'),
  stall_minutes: minutes(240)
    .default(10)
    .describe('An agent that gives no sign of life for this long is stopped.'),
  open_reviews: whole(1, 1000)
    .default(10)
    .describe(
      'Pull requests of Yardmaster waiting for review before nothing new is started in the repository.',
    ),
  ci_fixes: whole(0, 20)
    .default(2)
    .describe(
      'Attempts at mending red required checks on one pull request before a person is asked; 0: red checks are left to people.',
    ),
})

const budget = z.strictObject({
  task: dollars(10_000)
    .default(5)
    .describe(
      'US dollars for one task, all its attempts together. When they are spent a person is asked.',
    ),
  day: dollars(100_000)
    .default(50)
    .describe(
      'US dollars for the repository in 24 hours. When they are spent nothing starts until they are not.',
    ),
  task_tokens: tokens
    .default(TASK_TOKENS)
    .describe('In place of `task` where an agent tells tokens and nobody knows their price.'),
  day_tokens: tokens
    .default(10 * TASK_TOKENS)
    .describe('In place of `day` where an agent tells tokens and nobody knows their price.'),
})

const board = z.strictObject({
  project: z
    .int()
    .min(1)
    .max(1_000_000_000)
    .describe('The number of a project of the account that owns the repository.'),
  status: z
    .strictObject({
      backlog: column,
      queued: column,
      working: column,
      'needs-answer': column,
      'needs-approval': column,
      'needs-review': column,
      held: column,
      failed: column,
      done: column,
    })
    .optional()
    .describe(
      'Which of the board’s columns shows which state; `yardmaster board init` makes and prints them.',
    ),
})

/** GitHub's rule for the names of accounts. */
const LOGIN = /^[A-Za-z0-9](?:[A-Za-z0-9]|-(?=[A-Za-z0-9])){0,38}$/

const questions = z.strictObject({
  remind_hours: z.array(z.number().min(0.01).max(720)).max(5).default([4, 24]).meta({
    description:
      'Hours after a question at which whoever asked for the work is reminded of it; then it stays quiet. An empty list: never.',
    accepted: 'a list of at most 5 numbers of hours, such as [4, 24]',
  }),
})

export const repoSchema = z.strictObject({
  trigger: word
    .refine((text) => text.toLowerCase() !== 'yard')
    .default('yardmaster')
    .meta({
      description: 'The word of the labels that start work: `yardmaster`, `yardmaster:<profile>`.',
      accepted:
        'a word of at most 24 letters, digits, dots, dashes or underscores that begins with a letter and is not "yard" (the status labels use that)',
    }),
  agent: z
    .string()
    .regex(/^[a-z][a-z0-9._-]{0,23}$/)
    .optional()
    .meta({
      description: 'The profile that the bare label means. Without it: the operator’s default.',
      accepted: 'the name of one of the operator’s profiles',
    }),
  setup: commands.default([]).meta({
    description: 'Commands that make the worktree ready, run in the jail before the agent.',
    accepted: 'a list of commands, such as [npm ci]',
  }),
  verify: commands.default([]).meta({
    description:
      'Commands that must pass before anything is pushed. Yardmaster runs them itself, in the jail.',
    accepted: 'a list of commands, such as [npm test]',
  }),
  draft: z.boolean().default(false).describe('Open pull requests as drafts.'),
  limits: limits.prefault({}),
  questions: questions.prefault({}),
  budget: budget.prefault({}),
  protected: z
    .array(z.string().min(1).max(200))
    .max(200)
    .default(['.github/**', 'CODEOWNERS', '**/.npmrc', '**/.husky/**'])
    .meta({
      description:
        'Paths whose change needs a person’s yes before the push, beyond those that always do.',
      accepted: 'a list of path patterns, such as [".github/**"]',
    }),
  test_proof: z
    .boolean()
    .default(true)
    .describe(
      'Whether the tests that a change adds or alters are run on the base as well, where they should fail. Costs one more round of setup and checks.',
    ),
  own_approval: z
    .boolean()
    .default(true)
    .describe(
      'Whether the yes of whoever asked for the work counts: their `/approve`, and, if not, their review in the check `yardmaster/approval`.',
    ),
  reviewers: z.array(z.string().regex(LOGIN)).max(50).default([]).meta({
    description:
      'Who is asked for a review, in turn, where CODEOWNERS names nobody. Without it GitHub asks the owners, and otherwise the look is up to whoever asked for the work.',
    accepted: 'a list of logins without the @, such as [ana, ben]',
  }),
  reviewer_capacity: whole(1, 1000)
    .default(5)
    .describe(
      'Pull requests that one person may owe a review before nobody asks them for another.',
    ),
  digest: z
    .boolean()
    .default(true)
    .describe(
      'Keep the review queue in one pinned issue, made once a review is owed for more than a day.',
    ),
  board: board.optional(),
  commands: z
    .enum(['bare', 'prefixed'])
    .default('bare')
    .describe(
      'Slash commands as `/retry`, or only as `/yard retry` where another bot owns the bare form.',
    ),
})
