/**
 * Who owes which pull request a look, in the order in which they are best taken: day by day of age, and within a day
 * the easy ones first. Whoever opens more than a day later never goes before, so that nothing starves.
 */
import type { Instant, RepoId, Sha, TaskId } from './ids.ts'
import { opened, samePerson } from './review.ts'
import type { Look, Review } from './review.ts'
import { isTerminal } from './task.ts'
import type { PullRef, Task } from './task.ts'

/** `none`: they have looked at its present head. */
export type Need = 'review' | 're-review' | 'none' | 'merged-since' | 'closed-since'

const DAY = 86_400_000
/** How long whoever looked is told that it was merged or closed since. Milliseconds; as often as the nudge comes. */
export const TOLD_FOR = DAY

/** Changed lines, at most; what takes five minutes, a quarter of an hour, an hour. A judgement. */
const SIZES = [
  ['tiny', 10],
  ['small', 50],
  ['medium', 200],
  ['large', 800],
] as const
export type SizeBand = (typeof SIZES)[number][0] | 'huge'
const BANDS: readonly SizeBand[] = ['tiny', 'small', 'medium', 'large', 'huge']

export const sizeBand = ({ additions, deletions }: Review['size']): SizeBand =>
  SIZES.find(([, most]) => additions + deletions <= most)?.[0] ?? 'huge'

/** What one person owes one pull request. */
export interface Owed {
  readonly task: TaskId
  readonly repo: RepoId
  readonly issue: number
  readonly title: string
  readonly pull: PullRef
  /** Null: nobody was asked yet, because nobody has room. */
  readonly login: string | null
  readonly need: Need
  /** Their last one; null: they never looked. */
  readonly look: Look | null
  /** Since when it is owed; for what has ended, when that was. */
  readonly since: Instant
  readonly days: number
  readonly size: SizeBand
  readonly review: Review
}

/** As much of a task as the queue looks at. */
export type Reviewed = Pick<
  Task,
  'id' | 'repo' | 'number' | 'title' | 'state' | 'pull' | 'review' | 'wish' | 'changedAt'
>

/** Best taken first. What is not owed any more (`none`) is left out, unless `all` is asked for. */
export function reviewQueue(
  tasks: readonly Reviewed[],
  now: Instant,
  which: 'owed' | 'all' = 'owed',
): readonly Owed[] {
  return tasks
    .flatMap((task) => owedOf(task, now))
    .filter(({ need }) => which === 'all' || need !== 'none')
    .toSorted(byRank)
}

/** Whether a pull request of it waits for people. */
export function waitsForReview({
  state,
  pull,
  review,
}: Pick<Task, 'state' | 'pull' | 'review'>): boolean {
  if (pull === null || isTerminal(state)) return false
  return state.kind === 'in-review' || (review !== null && review.ended === null)
}

/** Whether that person has looked at exactly that head. */
export const hasSeen = ({ looks }: Pick<Review, 'looks'>, login: string, head: Sha): boolean =>
  looks.some((look) => samePerson(look.login, login) && look.head === head)

function owedOf(task: Reviewed, now: Instant): readonly Owed[] {
  const { pull } = task
  if (pull === null) return []
  // Of before there was a queue: nothing is known of it but that it is open.
  const review = task.review ?? opened(task.changedAt)
  if (review.ended !== null) return endedOf({ task, pull, review, ended: review.ended }, now)
  if (!waitsForReview(task)) return []
  return whoOf(task, review, pull.head).map((login): Owed => {
    const look = login === null ? null : lookOf(review, login)
    const need = look === null ? 'review' : look.head === pull.head ? 'none' : 're-review'
    const since =
      need === 'review' ? review.openedAt : need === 'none' ? (look?.at ?? now) : review.headAt
    return { ...common({ task, pull, review }, now, since), login, need, look }
  })
}

interface Ended {
  readonly task: Reviewed
  readonly pull: PullRef
  readonly review: Review
  readonly ended: NonNullable<Review['ended']>
}

/** Told to whoever was asked or looked, unless they ended it themselves or saw what was merged; for a while only. */
function endedOf({ task, pull, review, ended }: Ended, now: Instant): readonly Owed[] {
  if (now - ended.at >= TOLD_FOR) return []
  return people(review).flatMap((login): readonly Owed[] => {
    const look = lookOf(review, login)
    if (look !== null && (look.head === pull.head || look.at >= ended.at)) return []
    const need = ended.how === 'merged' ? 'merged-since' : 'closed-since'
    return [{ ...common({ task, pull, review }, now, ended.at), login, need, look }]
  })
}

function common(
  { task, pull, review }: Pick<Ended, 'task' | 'pull' | 'review'>,
  now: Instant,
  since: Instant,
) {
  const { id, repo, number: issue, title } = task
  const days = Math.max(0, Math.floor((now - since) / DAY))
  return { task: id, repo, issue, title, pull, since, days, size: sizeBand(review.size), review }
}

/** With nobody asked it is the requester's, until anybody has looked at the present head. */
function whoOf({ wish }: Reviewed, review: Review, head: Sha): readonly (string | null)[] {
  const known = people(review)
  if (review.reviewers.length > 0 || review.looks.some((look) => look.head === head)) return known
  const requester = wish?.by.login
  if (requester === undefined) return known.length === 0 ? [null] : known
  return known.some((login) => samePerson(login, requester)) ? known : [...known, requester]
}

const people = ({ reviewers, looks }: Review): readonly string[] => [
  ...reviewers,
  ...looks
    .map(({ login }) => login)
    .filter((login) => !reviewers.some((one) => samePerson(one, login))),
]

const lookOf = ({ looks }: Review, login: string): Look | null =>
  looks.find((look) => samePerson(look.login, login)) ?? null

/** News that need nothing but reading come last, what is not owed behind them. */
const KIND: Readonly<Record<Need, number>> = {
  review: 0,
  're-review': 0,
  'merged-since': 1,
  'closed-since': 1,
  none: 2,
}

/**
 * 1. What is owed goes before what is only told. 2. More days of age first. 3. What can be merged as it is: checks
 * green, no conflict. 4. Smaller first. 5. Without protected paths first. 6. The longer-waiting first. 7. By number,
 * and by person, so that the order is total.
 */
function byRank(a: Owed, b: Owed): number {
  return (
    KIND[a.need] - KIND[b.need] ||
    b.days - a.days ||
    trouble(a.review) - trouble(b.review) ||
    BANDS.indexOf(a.size) - BANDS.indexOf(b.size) ||
    Math.sign(a.review.findings.length) - Math.sign(b.review.findings.length) ||
    a.since - b.since ||
    a.repo - b.repo ||
    a.pull.number - b.pull.number ||
    compare(a.login ?? '', b.login ?? '')
  )
}

const CHECKS: Readonly<Record<Review['checks'], number>> = { green: 0, none: 0, pending: 1, red: 2 }
const trouble = ({ checks, merges }: Review): number =>
  CHECKS[checks] + (merges === 'conflict' ? 2 : 0)

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
