/** One task on a terminal: where it stands and why, each attempt with its evidence, and the addresses to click. */
import { dollars, saySpent } from '../render/budget.ts'
import { plain } from '../render/plain.ts'
import type { AttemptView, CommandLine, TaskView } from '../web/view-types.ts'
import { paintOf, plural } from './print-queue.ts'
import { cut, duration, oneLine, paint, print, terminalWidth } from './terminal.ts'

/** Of a red command's output, what fits a screen. Lines. */
const TAIL = 15

export function printTask(task: TaskView, now: number): void {
  print(`${paint(task.issue, 'bold')}  ${oneLine(task.title)}`)
  print()
  const since = duration(now - Date.parse(task.changed))
  fact('state', paint(`${task.state} for ${since}`, paintOf(task.state)))
  fact('why', oneLine(task.why))
  fact('asked by', task.by === null ? null : `@${task.by}`)
  fact('profile', task.profile)
  fact('text', task.edited ? 'edited after the label; the agent works from what was blessed' : null)
  fact('failures', task.failures === 0 ? null : String(task.failures))
  const { spent, budget } = task.purse
  fact('spent', task.attemptList.length === 0 ? null : saySpent(spent, budget))
  fact('pending', task.pending.join(', '))
  fact('issue', task.links.issue)
  fact('branch', task.links.branch)
  fact('pull', task.links.pull)
  for (const attempt of task.attemptList) printAttempt(attempt, now)
}

/** Sentences and addresses are never cut: they are what the reader came for. */
function fact(name: string, text: string | null): void {
  if (text !== null && text !== '') print(`${name.padEnd(10)}${text}`)
}

function printAttempt(attempt: AttemptView, now: number): void {
  print()
  const took = duration(
    (attempt.ended === null ? now : Date.parse(attempt.ended)) - Date.parse(attempt.started),
  )
  const how = attempt.end ?? attempt.phase ?? 'ended'
  const when = attempt.ended === null ? `for ${took}` : `after ${took}`
  print(`${paint(`Attempt ${attempt.n}`, 'bold')}  ${oneLine(attempt.profile)}, ${how} ${when}`)
  indent('says', attempt.says === attempt.question ? null : attempt.says)
  indent('asks', attempt.question)
  indent('error', attempt.error)
  if (attempt.head !== null) {
    const added = sum(attempt.files.map((file) => file.additions))
    const deleted = sum(attempt.files.map((file) => file.deletions))
    const files = plural(attempt.files.length, 'file')
    indent('commit', `${attempt.head.slice(0, 7)} (${files}, +${added} −${deleted})`)
  }
  for (const command of attempt.setup) printCommand('setup', command)
  for (const command of attempt.verify) printCommand('verify', command)
  for (const command of attempt.baseVerify) printCommand('base', command)
  // Not yet told is not the same as never told.
  if (attempt.usage === null) return
  const { tokens, cost } = attempt.usage
  const counted = tokens === null ? 'tokens unknown' : plural(tokens, 'token')
  indent('used', `${counted}, ${cost === null ? 'cost unknown' : dollars(cost)}`)
}

function printCommand(kind: string, command: CommandLine): void {
  const time = `${command.seconds} s`
  const [verdict, how] = verdictOf(command, time)
  print(`  ${kind.padEnd(NAME)}${oneLine(command.command)} ${paint(verdict, how)}`)
  if (command.exitCode === 0) return
  const width = terminalWidth()
  for (const line of plain(command.output).trimEnd().split('\n').slice(-TAIL)) {
    print(paint(`      ${width === null ? line : cut(line, width - 6)}`, 'dim'))
  }
}

function verdictOf({ exitCode }: CommandLine, time: string): readonly [string, 'green' | 'red'] {
  if (exitCode === 0) return [`passed in ${time}`, 'green']
  return [exitCode === null ? `stopped after ${time}` : `ended with ${exitCode} in ${time}`, 'red']
}

const NAME = 8

function indent(name: string, text: string | null): void {
  if (text === null || text.trim() === '') return
  const [first = '', ...more] = plain(text).trim().split('\n')
  print(`  ${name.padEnd(NAME)}${first}`)
  for (const line of more) print(`  ${' '.repeat(NAME)}${line}`.trimEnd())
}

const sum = (counts: readonly (number | null)[]): number =>
  counts.reduce<number>((all, count) => all + (count ?? 0), 0)
