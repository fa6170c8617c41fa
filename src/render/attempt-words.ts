/** Attempts in words: how each one ended, how long it took, and what it left to look at. */
import { passed } from '../domain/attempt.ts'
import type { Attempt, AttemptEnd, AttemptReport, Failure } from '../domain/attempt.ts'
import { folded } from './details.ts'
import { sayResult } from './evidence.ts'
import { code, htmlCode } from './inline.ts'
import { sanitiseLine } from './sanitise.ts'
import { PHASES } from './state-words.ts'
import { sayDuration } from './time.ts'

const FAILURES: Readonly<Record<Failure, string>> = {
  auth: 'the agent could not log in',
  rate: 'the agent was at its limit',
  overload: 'the provider was overloaded',
  network: 'the provider could not be reached',
  program: 'the agent’s program could not be started',
  world: 'GitHub or this machine had a fault',
  context: 'the work did not fit the agent’s context',
  crash: 'the agent crashed',
  stall: 'the agent gave no sign of life',
  timeout: 'time ran out',
  budget: 'the budget ran out',
  refusal: 'the agent declined',
  protocol: 'the agent broke the protocol',
  'no-result': 'nothing was changed',
  setup: 'setup was red',
  verify: 'the checks were red',
}

export function sayEnd(end: AttemptEnd): string {
  switch (end.kind) {
    case 'completed':
      return 'completed'
    case 'parked':
      return 'parked with a question'
    case 'needs':
      return 'the agent asked'
    case 'handoff':
      return 'handed over, its context was full'
    case 'stopped':
      return 'stopped'
    case 'cancelled':
      return 'withdrawn'
    case 'lost':
      return 'its process was lost'
    case 'failed':
      return FAILURES[end.failure]
    default:
      return end satisfies never
  }
}

/** Rows beyond these say little that is new. */
const SHOWN = 10

/** Markdown table, the newest last; empty when there is none. */
export function attemptsTable(attempts: readonly Attempt[]): string {
  if (attempts.length === 0) return ''
  const shown = attempts.slice(-SHOWN)
  const rows = shown.map(
    (attempt) =>
      `| ${attempt.n} | ${code(attempt.profile)} | ${endOf(attempt)} | ${spanOf(attempt)} |`,
  )
  const before = attempts.length - shown.length
  return [
    '| Attempt | Profile | End | Took |',
    '| --- | --- | --- | --- |',
    ...rows,
    ...(before > 0 ? [`\n${before} earlier attempts are not shown.`] : []),
  ].join('\n')
}

function endOf(attempt: Attempt): string {
  if (attempt.endedAt === null) return PHASES[attempt.phase]
  const { report } = attempt
  if (report === null) return 'ended'
  const said = report.end.kind === 'completed' ? null : report.error
  const more = said === null ? '' : `: ${sanitiseLine(said.split('\n')[0] ?? '', 160)}`
  return `${sayEnd(report.end)}${more}`
}

/** The duration of a live attempt would change with every look, and each change costs an edit. */
const spanOf = ({ startedAt, endedAt }: Attempt): string =>
  endedAt === null ? '' : sayDuration(endedAt - startedAt)

/** The commands that were red, with their output folded away; empty when none was. */
export function redOutput(report: AttemptReport, limit = 8_000): readonly string[] {
  const red = (results: AttemptReport['verify'], head: AttemptReport['head']) =>
    results
      .filter((result) => !passed(result))
      .flatMap((result) => [
        `${sayResult(result, head)}.`,
        folded(`Output of ${htmlCode(result.command)}`, result.output, limit),
      ])
  return [...red(report.setup, report.base), ...red(report.verify, report.head)]
}
