/**
 * Whether tasks of a repository fail alike: by the same kind of failure with the same first line of error, one after
 * another. Then the cause is the repository's or the host's, and each further attempt would only cost.
 */
import { isProviderFailure, passed } from './attempt.ts'
import type { Attempt, AttemptReport, CommandResult } from './attempt.ts'
import { later } from './ids.ts'
import type { AttemptId, Instant, TaskId } from './ids.ts'
import type { Pause } from './pause.ts'

/** So many tasks must fail alike (design §4). */
export const ALIKE = 3
/** What failed longer ago says little of today: a night's work. Milliseconds; a judgement. */
export const ALIKE_WITHIN = 12 * 3_600_000

export type EndedAttempt = Pick<Attempt, 'id' | 'task' | 'report'> & { readonly endedAt: Instant }

export interface Alike {
  /** What it failed by, such as `setup: \`npm ci\` ended with exit code 1`. */
  readonly error: string
  /** The line of output that all have in common; null: the error is all there is. */
  readonly line: string | null
  /** The newest one. */
  readonly attempt: AttemptId
  readonly tasks: readonly TaskId[]
}

/** Since when failures count: not before the window, nor before somebody resumed. */
export const countsSince = (now: Instant, hold: Pause | undefined): Instant => {
  const window = later(now, -ALIKE_WITHIN)
  return hold?.until === undefined || hold.until === null || hold.until < window
    ? window
    : hold.until
}

/** `ended`: of one repository, the newest first. Null: no three different tasks failed alike in a row. */
export function failedAlike(ended: readonly EndedAttempt[]): Alike | null {
  const verdicts = ended.flatMap((attempt) => {
    const verdict = attempt.report === null ? 'none' : verdictOf(attempt.report)
    return verdict === 'none' ? [] : [{ attempt, verdict }]
  })
  const [newest] = verdicts
  if (newest === undefined || newest.verdict === 'well') return null
  const { kind, error, line } = newest.verdict
  const other = verdicts.findIndex(
    ({ verdict }) =>
      verdict === 'well' || verdict.kind !== kind || shape(verdict) !== shape({ error, line }),
  )
  const row = other === -1 ? verdicts : verdicts.slice(0, other)
  const tasks = [...new Set(row.map(({ attempt }) => attempt.task))]
  return tasks.length < ALIKE ? null : { error, line, attempt: newest.attempt.id, tasks }
}

interface Failed {
  readonly kind: string
  readonly error: string
  readonly line: string | null
}

/** `none`: it says nothing of the repository (stopped, lost, the provider's or the world's fault, a question). */
function verdictOf(report: AttemptReport): Failed | 'well' | 'none' {
  const { end } = report
  if (end.kind === 'completed') return 'well'
  if (end.kind !== 'failed' || end.failure === 'world' || isProviderFailure(end.failure))
    return 'none'
  // A base that is red makes each task wait by itself, and says so.
  if (report.baseVerify.some((result) => !passed(result))) return 'none'
  const red = [...report.setup, ...report.verify].find((result) => !passed(result))
  const [error = ''] = (report.error ?? '').trim().split('\n')
  return { kind: end.failure, error, line: red === undefined ? null : firstError(red) }
}

const ERROR_WORDS =
  /\b(?:error|err!|fail(?:ed|ure|s)?|fatal|cannot|denied|refused|not found|no such)\b/i

/** The first line that tells of an error, else the last one: exit codes alone are alike by chance. */
function firstError({ output }: CommandResult): string | null {
  const lines = output.split('\n').map((line) => line.trim())
  return (
    lines.find((line) => ERROR_WORDS.test(line)) ?? lines.findLast((line) => line !== '') ?? null
  )
}

/** Numbers and paths of worktrees differ from attempt to attempt. */
const shape = ({ error, line }: Pick<Failed, 'error' | 'line'>): string =>
  `${error}\n${line ?? ''}`
    .replaceAll(/(?:\/[^\s/:'"`]+){2,}/g, '/…')
    .replaceAll(/\b[0-9a-f]{7,40}\b/g, '#')
    .replaceAll(/\d+(?:\.\d+)*/g, '#')
