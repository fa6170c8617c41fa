/** What is owed on a pull request and what its rank hangs on, in one plain sentence without a full stop. */
import { shortSha } from '../domain/ids.ts'
import type { Owed } from '../domain/review-queue.ts'
import { plainLine } from './plain.ts'

/** Plain text, such as "waits 2 days; small (12 lines in 2 files); checks green; new commits since abc1234". */
export function sayOwed(owed: Owed): string {
  const { need, look, review } = owed
  if (need === 'merged-since' || need === 'closed-since') {
    const how = need === 'merged-since' ? 'merged' : 'closed'
    return look === null
      ? `${how} without a look`
      : `${how} since the look at ${shortSha(look.head)}`
  }
  const lines = review.size.additions + review.size.deletions
  return [
    need === 'none' ? 'seen' : waits(owed.days),
    `${owed.size} (${count(lines, 'line')} in ${count(review.size.files, 'file')})`,
    CHECKS[review.checks],
    MERGES[review.merges],
    need === 're-review' && look !== null ? `new commits since ${shortSha(look.head)}` : null,
    findings(review.findings),
  ]
    .filter((part) => part !== null)
    .join('; ')
}

const waits = (days: number): string => (days === 0 ? 'new today' : `waits ${count(days, 'day')}`)

const CHECKS: Readonly<Record<Owed['review']['checks'], string | null>> = {
  none: null,
  pending: 'checks run',
  green: 'checks green',
  red: 'checks red',
}
const MERGES: Readonly<Record<Owed['review']['merges'], string | null>> = {
  clean: null,
  unknown: null,
  behind: 'behind its base',
  conflict: 'conflicts with its base',
}

function findings(paths: readonly string[]): string | null {
  const [first, ...more] = paths
  if (first === undefined) return null
  return `protected: ${plainLine(first, 80)}${more.length === 0 ? '' : ` and ${more.length} more`}`
}

const count = (number: number, one: string): string => `${number} ${one}${number === 1 ? '' : 's'}`
