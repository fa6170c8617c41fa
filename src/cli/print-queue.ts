/** The queue on a terminal: each task with why it is where it is, then what else a maintainer would wonder about. */
import { sayTotal, saySpent } from '../render/budget.ts'
import type { StateKind } from '../domain/task.ts'
import type { QueueView, RepositoryLine, StatusView, TaskLine } from '../web/view-types.ts'
import { duration, oneLine, paint, print, table } from './terminal.ts'
import type { Paint } from './terminal.ts'

const PAINTS: Readonly<Record<StateKind, Paint>> = {
  blocked: 'plain',
  queued: 'plain',
  held: 'yellow',
  running: 'cyan',
  publishing: 'cyan',
  parked: 'yellow',
  gated: 'yellow',
  retrying: 'yellow',
  'in-review': 'yellow',
  done: 'green',
  failed: 'red',
  cancelled: 'dim',
}

export const paintOf = (state: StateKind): Paint => PAINTS[state]

export function printQueue(view: QueueView, live: StatusView | null): void {
  print(headline(view, live))
  for (const { repository, why } of view.pauses) {
    const resume = `yardmaster resume ${repository ?? '--all'}`
    print(
      paint(`${repository === null ? '' : `${repository}: `}${oneLine(why)} (${resume})`, 'yellow'),
    )
  }
  if (view.tasks.length > 0) print()
  const now = Date.parse(view.at)
  const lines = table(view.tasks.map((task) => row(task, now)))
  for (const [at, task] of view.tasks.entries()) {
    print(lines[at] ?? '')
    print(paint(`    ${oneLine(task.why)}`, 'dim'))
  }
  const paying = view.repositories.filter(({ day }) => sayTotal(day.spent) !== 'nothing')
  if (paying.length > 0) {
    print()
    print('Spent in 24 hours:')
    for (const line of table(paying.map(paidRow), null)) print(`  ${line}`)
  }
  const quiet = view.repositories.filter((repository) => repository.settings !== 'ready')
  if (quiet.length > 0) {
    print()
    print('Nothing starts in:')
    for (const line of table(quiet.map(quietRow), null)) print(`  ${line}`)
  }
  for (const repository of view.repositories) printFound(repository)
}

function headline(view: QueueView, live: StatusView | null): string {
  const tasks = plural(view.tasks.length, 'task')
  const where = plural(view.repositories.length, 'repository', 'repositories')
  const who =
    live === null
      ? 'Yardmaster is not running on this data folder; this is what its store holds.'
      : `Live from process ${live.pid}, ${plural(live.running, 'attempt')} under way.`
  return `${tasks} in ${where}. ${who}`
}

const row = (task: TaskLine, now: number) => [
  { text: task.issue, paint: 'bold' as const },
  { text: task.state, paint: paintOf(task.state) },
  { text: duration(now - Date.parse(task.changed)) },
  { text: task.by === null ? '' : `@${task.by}` },
  { text: task.title },
]

const quietRow = (repository: RepositoryLine) => [
  { text: repository.repository },
  { text: repository.settings },
]

const paidRow = ({ repository, day }: RepositoryLine) => [
  { text: repository },
  { text: saySpent(day.spent, day.budget) },
]

function printFound({ repository, foundLabelled }: RepositoryLine): void {
  if (foundLabelled.length === 0) return
  const issues = foundLabelled.map((number) => `${repository}#${number}`).join(', ')
  print()
  print(
    `These wore the label before Yardmaster came and were not started; take it off and set it again to start one: ${issues}`,
  )
}

export const plural = (count: number, one: string, many = `${one}s`): string =>
  `${count} ${count === 1 ? one : many}`
