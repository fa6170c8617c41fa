/** Prints the review queue, or records a look through whoever has the store. */
import { samePerson } from '../domain/review.ts'
import type { IssueName } from '../web/issue-name.ts'
import type { ReviewLine, ReviewsView } from '../web/view-types.ts'
import { CommandEnd, EXIT } from './exit.ts'
import { plural } from './print-queue.ts'
import { duration, oneLine, paint, print, table } from './terminal.ts'
import type { Paint } from './terminal.ts'
import { withReading } from './with-reading.ts'

/** `show` prints it for people. */
export async function listReviews(
  login: string | null,
  answer: (view: ReviewsView, show: (print: (line?: string) => void) => void) => void,
): Promise<void> {
  await withReading(async ({ reading }) => {
    const view = await reading.reviews()
    const reviews = view.reviews.filter(
      (line) => login === null || (line.login !== null && samePerson(line.login, login)),
    )
    const wanted = { ...view, reviews }
    answer(wanted, () => printReviews(wanted, login))
  })
}

export async function recordLook(pull: IssueName | undefined, login: string | null): Promise<void> {
  if (pull === undefined)
    throw new CommandEnd('Name the pull request, such as: reviews done owner/repo#12', EXIT.usage)
  await withReading(async ({ reviewing, live }) => {
    const answer = await reviewing.done({ ...pull, login })
    if (answer.kind === 'missing') throw new CommandEnd(answer.message, EXIT.wrong)
    print(`Recorded: @${answer.login} has looked at ${answer.head.slice(0, 7)}.`)
    if (live === null) print('It counts from the next start of Yardmaster.')
  })
}

export function printReviews({ at, reviews }: ReviewsView, login: string | null): void {
  const whose = login === null ? '' : ` of @${login}`
  print(
    reviews.length === 0
      ? `Nothing waits for a look${whose}.`
      : `${plural(reviews.length, 'look')}${whose === '' ? ' owed' : `${whose} owed`}, easiest first within each day.`,
  )
  if (reviews.length > 0) print()
  const now = Date.parse(at)
  const lines = table(reviews.map((line) => row(line, now)))
  for (const [index, line] of reviews.entries()) {
    print(lines[index] ?? '')
    print(paint(`    ${oneLine(line.why)}`, 'dim'))
    if (line.changes !== null) print(paint(`    ${oneLine(line.changes)}`, 'dim'))
  }
}

const PAINTS: Readonly<Record<ReviewLine['need'], Paint>> = {
  review: 'yellow',
  're-review': 'cyan',
  none: 'dim',
  'merged-since': 'dim',
  'closed-since': 'dim',
}

const row = (line: ReviewLine, now: number) => [
  { text: `${line.rank}.` },
  { text: line.pull, paint: 'bold' as const },
  { text: line.login === null ? 'nobody yet' : `@${line.login}` },
  { text: line.need.replace('-since', ' since'), paint: PAINTS[line.need] },
  { text: duration(now - Date.parse(line.since)) },
  { text: line.title },
]
