/** The text of `.github/yardmaster.yml` → the repository's policy. It chooses among the operator's profiles and defines none. */
import { COLUMN_NAMES } from '../domain/board.ts'
import type { BoardSettings } from '../domain/board.ts'
import type { z } from 'zod'
import { UNREADABLE_CONFIG } from '../domain/repository.ts'
import type { RepoPolicy, RepoSettings, SettingsProblem } from '../domain/settings.ts'
import { definitionOf } from './accepted.ts'
import { explain } from './explain.ts'
import { repoSchema } from './repo-schema.ts'
import { readYaml } from './yaml-file.ts'

const definition = definitionOf(repoSchema)

const UNREADABLE: SettingsProblem = {
  line: null,
  path: '',
  message: 'it cannot be read as text; make it a small plain text file',
}

/** `text` null: there is no such file on the default branch. An empty file is one, and takes every default. */
export function readRepoPolicy(text: string | null): RepoPolicy {
  if (text === null) return { kind: 'missing' }
  if (text === UNREADABLE_CONFIG) return { kind: 'broken', problems: [UNREADABLE] }
  const reading = readYaml(text)
  if (reading.kind === 'unreadable') return { kind: 'broken', problems: reading.problems }
  const { value, lineOf } = reading
  const parsed = repoSchema.safeParse(value)
  if (!parsed.success) {
    const { issues } = parsed.error
    return { kind: 'broken', problems: explain({ issues, value, definition, lineOf }) }
  }
  const { trigger, agent, setup, verify, draft, commands, limits, budget, questions } = parsed.data
  const settings: RepoSettings = {
    trigger,
    agent: agent ?? null,
    setup,
    verify,
    draft,
    remindHours: questions.remind_hours.toSorted((a, b) => a - b),
    commands,
    protected: parsed.data.protected,
    testProof: parsed.data.test_proof,
    ownApproval: parsed.data.own_approval,
    reviewers: parsed.data.reviewers,
    reviewerCapacity: parsed.data.reviewer_capacity,
    digest: parsed.data.digest,
    board: boardOf(parsed.data.board),
    limits: {
      parallel: limits.parallel,
      attempts: limits.attempts,
      minutes: limits.minutes,
      stallMinutes: limits.stall_minutes,
      openReviews: limits.open_reviews,
      ciFixes: limits.ci_fixes,
    },
    budget: {
      task: { cost: budget.task, tokens: budget.task_tokens },
      day: { cost: budget.day, tokens: budget.day_tokens },
    },
  }
  return { kind: 'ready', settings }
}

/** Columns that the file does not name are called as by default. */
function boardOf(board: z.infer<typeof repoSchema>['board']): BoardSettings | null {
  if (board === undefined) return null
  const named = Object.entries(board.status ?? {}).filter(([, name]) => name !== undefined)
  return { project: board.project, columns: { ...COLUMN_NAMES, ...Object.fromEntries(named) } }
}
