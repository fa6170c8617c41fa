/**
 * What the status comment remembers for us, hidden and signed: enough of a task to go on when the store is lost.
 * Nothing in it is secret. It changes only when the comment's words do, so that it costs no edit of its own.
 */
import type { Attempt, AttemptEnd, AttemptReport, CommandResult, Usage } from './attempt.ts'
import type { Instant, Sha } from './ids.ts'
import type { Asked } from './question.ts'
import type { Revision } from './revision.ts'
import type { StateKind, Steering, Task, Wish } from './task.ts'

export interface TaskRecord {
  /** Raised when a reader of the old form would misread the new one. */
  readonly v: 1
  readonly state: StateKind
  /** Why it is held, done, failed or cancelled; empty otherwise. */
  readonly reason: string
  readonly wish: Wish | null
  readonly priority: number
  readonly attempts: number
  readonly epoch: number
  readonly failures: number
  readonly losses: number
  readonly redBase: Sha | null
  readonly pushed: Sha | null
  readonly pull: { readonly number: number; readonly head: Sha } | null
  readonly createdAt: Instant
  /** When Yardmaster first saw the repository: labels older than that are never started. */
  readonly firstSeen: Instant
  readonly report: AttemptReport | null
  /** The last attempts, the newest last. */
  readonly runs: readonly RunRecord[]
  /** Since 0.3; shortened. Sessions and what GitHub shows of the pull request are not in it. */
  readonly steering: Steering
}

export interface RunRecord {
  readonly n: number
  readonly epoch: number
  readonly profile: string
  readonly tier: string | null
  readonly startedAt: Instant
  /** Null: it was live. */
  readonly endedAt: Instant | null
  readonly end: AttemptEnd | null
  readonly error: string | null
  /** Since 0.5. */
  readonly usage?: Usage
}

/** As many as the status comment shows. */
const RUNS = 10
/** Together with the bounds below about 8,000 characters at worst, of GitHub's 65,536. */
const COMMANDS = 6
const ANSWERS = 3
const PATHS = 10
const REMARKS = 5
const DECISIONS = 5
const REVISED = 20
const PEOPLE = 20

export function recordOf(task: Task, attempts: readonly Attempt[], firstSeen: Instant): TaskRecord {
  const { state, wish, priority, epoch, failures, losses, redBase, pushed, pull, createdAt } = task
  return {
    v: 1,
    state: state.kind,
    reason: 'reason' in state ? short(state.reason, 600) : '',
    wish,
    priority,
    attempts: task.attempts,
    epoch,
    failures,
    losses,
    redBase,
    pushed,
    pull: pull === null ? null : { number: pull.number, head: pull.head },
    createdAt,
    firstSeen,
    report: task.report === null ? null : shortReport(task.report),
    runs: attempts.slice(-RUNS).map(runOf),
    steering: shortSteering(task),
  }
}

/** Who reads it back has lost the place and session to resume, and reads reviews from GitHub. */
function shortSteering(task: Task): Steering {
  const { question, asked, answers, gate, approved, rounds, hold, heard } = task
  const { forbidden, card } = task
  return {
    question: question === null ? null : shortAsked(question),
    asked,
    answers: answers.slice(-ANSWERS).map((answer) => ({
      ...answer,
      question: short(answer.question, 300),
      text: short(answer.text, 600),
    })),
    resume: null,
    handoffs: task.handoffs,
    gate: gate === null ? null : { ...gate, paths: gate.paths.slice(0, PATHS) },
    approved,
    revision: shortRevision(task.revision),
    nextRevision: shortRevision(task.nextRevision),
    rounds,
    revised: task.revised.slice(-REVISED),
    review: null,
    hold: hold === null ? null : { ...hold, reason: short(hold.reason, 300) },
    heard,
    forbidden: forbidden.slice(-PEOPLE),
    notices: [],
    card,
    purse: task.purse,
  }
}

const shortRevision = (revision: Revision | null): Revision | null =>
  revision === null
    ? null
    : {
        ...revision,
        log: '',
        remarks: revision.remarks
          .slice(0, REMARKS)
          .map((remark) => ({ ...remark, text: short(remark.text, 400) })),
      }

const shortAsked = <Q extends Asked>(asked: Q): Q => ({
  ...asked,
  text: short(asked.text, 600),
  options: asked.options.map((option) => short(option, 120)),
})

function runOf(attempt: Attempt): RunRecord {
  const { n, epoch, profile, tier, startedAt, endedAt, report } = attempt
  const end = report?.end ?? null
  const error = end?.kind === 'completed' ? null : (report?.error ?? null)
  const line = error?.split('\n')[0]
  return {
    n,
    epoch,
    profile,
    tier,
    startedAt,
    endedAt,
    end,
    error: line === undefined ? null : short(line, 160),
    ...(report === null ? {} : { usage: { tokens: report.usage.tokens, cost: report.usage.cost } }),
  }
}

/** Without the outputs and the list of files, which only the pull request shows. */
function shortReport(report: AttemptReport): AttemptReport {
  const { brief: _brief, discoveries: _discoveries, decisions, ...rest } = report
  const { error, question } = report
  return {
    ...rest,
    ...(decisions === undefined
      ? {}
      : { decisions: decisions.slice(0, DECISIONS).map((each) => short(each, 160)) }),
    summary: short(report.summary, 400),
    error: error === null ? null : short(error, 400),
    question: question === null ? null : shortAsked(question),
    session: null,
    files: [],
    ...(report.proof === undefined
      ? {}
      : {
          proof: {
            tests: report.proof.tests.slice(0, PATHS),
            base: shortResults(report.proof.base),
          },
        }),
    ...(report.withheld === undefined ? {} : { withheld: { ...report.withheld, patch: null } }),
    setup: shortResults(report.setup),
    verify: shortResults(report.verify),
    baseVerify: shortResults(report.baseVerify),
  }
}

const shortResults = (results: readonly CommandResult[]): readonly CommandResult[] =>
  results
    .slice(-COMMANDS)
    .map((result) => ({ ...result, command: short(result.command, 120), output: '' }))

const short = (text: string, limit: number): string =>
  text.length <= limit ? text : `${text.slice(0, limit - 1).toWellFormed()}…`
