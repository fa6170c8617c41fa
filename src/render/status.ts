/**
 * The status comment: the one place on an issue that tells the whole story, edited in place. It never says how long
 * something has been going on, because a text that changes with the clock would cost an edit each time it is looked at.
 */
import type { Attempt } from '../domain/attempt.ts'
import type { BoardTrouble } from '../domain/board.ts'
import { spentBy } from '../domain/budget.ts'
import type { Instant } from '../domain/ids.ts'
import type { Budget } from '../domain/money.ts'
import { slug } from '../domain/repository.ts'
import type { Repository } from '../domain/repository.ts'
import type { JailKind, RepoPolicy } from '../domain/settings.ts'
import type { Task } from '../domain/task.ts'
import type { Wait } from '../domain/wait.ts'
import { attemptsTable, redOutput } from './attempt-words.ts'
import { boardTroubleWords } from './board.ts'
import { saySpent } from './budget.ts'
import { configurationHelp } from './configuration-help.ts'
import { fenced } from './details.ts'
import { sayResults } from './evidence.ts'
import { BODY_LIMIT, fit } from './fit.ts'
import type { Section } from './fit.ts'
import { code } from './inline.ts'
import { deniedNote, jailNote, sayUsage } from './notes.ts'
import { answersGiven, openQuestion } from './question.ts'
import { sanitise, sanitiseLine } from './sanitise.ts'
import { stateWords } from './state-words.ts'
import { stepBoxes } from './steps.ts'
import { sayMoment } from './time.ts'

export interface StatusView {
  readonly task: Task
  readonly attempts: readonly Attempt[]
  readonly repository: Repository
  readonly policy: RepoPolicy
  readonly wait: Wait | null
  readonly jailKind: JailKind
  /** What keeps the repository's board from showing this; null: nothing, or there is no board. */
  readonly boardTrouble: BoardTrouble | null
  /** What the task may cost; null: the settings cannot be read. */
  readonly budget: Budget | null
  /** Where people look at GitHub, without a trailing slash. */
  readonly webUrl: string
  readonly now: Instant
  /** Only while something is under way. */
  readonly nextUpdateBy: Instant | null
}

/** Leaves room for the marker and for the record that rides in the comment (12,000 characters packed, at the very worst). */
const STATUS_LIMIT = BODY_LIMIT - 12_000

/** Markdown of at most 53,000 characters; what matters least is left out first. */
export function statusComment(view: StatusView): string {
  const { task, attempts } = view
  const live = attempts.find((attempt) => attempt.endedAt === null) ?? null
  const { headline, why } = stateWords({ ...view, live })
  const sections: readonly Section[] = [
    { text: `### ${headline}`, keep: 10 },
    { text: why === null ? '' : sanitise(why, 3_000), keep: 9 },
    ...configurationHelp(view).map((text) => ({ text, keep: 9 })),
    ...question(view),
    { text: stepBoxes(task, live), keep: 6 },
    ...news(live),
    ...result(view),
    { text: attemptsTable(attempts), keep: 4 },
    { text: facts(view, live), keep: 7 },
    { text: promise(view), keep: 10 },
  ]
  return fit(sections, STATUS_LIMIT)
}

/** The open question with how to answer it; later what was answered, because the work rests on it. */
function question({ task, policy }: StatusView): readonly Section[] {
  const { question: open, answers } = task
  const style = policy.kind === 'ready' ? policy.settings.commands : 'bare'
  const given = answersGiven(answers)
  return [
    { text: open === null ? '' : openQuestion(open, style), keep: 9 },
    { text: given.length === 0 ? '' : `**Answers**\n\n${given.join('\n')}`, keep: 6 },
  ]
}

function news(live: Attempt | null): readonly Section[] {
  const progress = live?.progress ?? null
  if (progress === null) return []
  const boxes = progress.plan
    .slice(0, 30)
    .map(({ text, status }) => `- [${status === 'completed' ? 'x' : ' '}] ${sanitiseLine(text)}`)
  return [
    {
      text: progress.message === '' ? '' : `Agent: ${sanitiseLine(progress.message, 300)}`,
      keep: 5,
    },
    { text: boxes.length === 0 ? '' : `**The agent’s plan**\n\n${boxes.join('\n')}`, keep: 5 },
  ]
}

/** Evidence of what was published, or the output of what was red; nothing while there is neither. */
function result({ task, attempts }: StatusView): readonly Section[] {
  const last = attempts.findLast((attempt) => attempt.report !== null)
  const report = task.report ?? last?.report ?? null
  if (report === null) return []
  if (report.end.kind === 'completed') {
    const evidence = sayResults(report.verify, report.head).map((line) => `- ${line}`)
    return [{ text: `**Evidence**\n\n${evidence.join('\n')}`, keep: 8 }]
  }
  const red = redOutput(report).map((text, at) => ({ text, keep: at % 2 === 0 ? 8 : 2 }))
  // Without a red command the error itself is all there is; its first line stands in the table.
  const error = report.error ?? ''
  const long = red.length === 0 && error.includes('\n')
  return [...red, { text: long ? fenced(error, 4_000) : '', keep: 3 }]
}

function facts(view: StatusView, live: Attempt | null): string {
  const { task, attempts, jailKind, repository, webUrl, budget } = view
  const { wish, pull } = task
  const report = task.report ?? attempts.at(-1)?.report ?? null
  const usage = live?.progress?.usage ?? report?.usage ?? null
  const address = `${webUrl}/${slug(repository)}`
  const lines = [
    ...(pull === null ? [] : [`- Pull request: [#${pull.number}](${pull.url})`]),
    ...(task.hold === null || task.state.kind === 'held'
      ? []
      : [
          `- Held by ${code(task.hold.by)}: ${sanitiseLine(task.hold.reason)}. Nothing new starts here until \`/unhold\`.`,
        ]),
    ...(wish === null
      ? []
      : [
          `- Asked for by ${code(wish.by.login)}`,
          `- Works from the title and text as approved: SHA-256 ${code(wish.snapshot.slice(0, 12))}`,
        ]),
    ...(task.edited
      ? [
          '- The issue was edited since. To have the new text worked, take the label off and set it again.',
        ]
      : []),
    ...(task.standIn === undefined || task.state.kind === 'running'
      ? []
      : [
          `- The newest attempt was begun with ${code(task.standIn.profile)} in place of ${code(task.standIn.wished)}, whose provider was at its limit.`,
        ]),
    ...(task.pushed === null
      ? []
      : [`- Branch: [\`yardmaster/${task.number}\`](${address}/tree/yardmaster/${task.number})`]),
    ...(usage === null ? [] : [`- ${sayUsage(usage)}`]),
    ...(attempts.length === 0 || budget === null
      ? []
      : [
          `- Budget of this task: ${sanitiseLine(saySpent(spentBy(task, attempts), budget))} spent.`,
        ]),
    ...jailNote(jailKind).map((note) => `- ${note}`),
    ...(report === null ? [] : deniedNote(report)).map((note) => `- ${note}`),
    ...boardNote(view).map((note) => `- ${note}`),
  ]
  // A heading of its own: two lists in a row would be read as one.
  return lines.length === 0 ? '' : `**Details**\n\n${lines.join('\n')}`
}

function boardNote({ boardTrouble, policy }: StatusView): readonly string[] {
  if (boardTrouble === null || policy.kind !== 'ready' || policy.settings.board === null) return []
  return [boardTroubleWords(boardTrouble, policy.settings.board.project)]
}

function promise({ nextUpdateBy, now }: StatusView): string {
  return nextUpdateBy === null
    ? ''
    : `Next update by ${sayMoment(nextUpdateBy, now)}. Later than that, I am down.`
}
