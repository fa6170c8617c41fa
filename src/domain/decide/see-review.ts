/** Keeps a task's review as GitHub shows it, beside whatever else a sign from its pull request leads to. */
import { mayWrite } from '../actor.ts'
import type { TaskFact } from '../fact.ts'
import type { PullNow } from '../pull-now.ts'
import { dismissed, looked, opened, pushedTo, samePerson, shown } from '../review.ts'
import type { Review } from '../review.ts'
import { isTerminal } from '../task.ts'
import type { Task } from '../task.ts'
import { noted } from './decision.ts'
import type { Decision, Subject, World } from './decision.ts'

export type Sign = Extract<
  TaskFact,
  { kind: 'review-submitted' | 'pull-pushed' | 'checks-changed' | 'merges-changed' }
>

/** What is seen stays, also where nothing else comes of it. */
export function seeReview(
  subject: Subject,
  fact: Sign,
  world: World,
  decide: (seen: Subject) => Decision | null,
): Decision | null {
  const { task } = subject
  const review = reviewAfter(task, fact, world)
  if (review === null || JSON.stringify(review) === JSON.stringify(task.review))
    return decide(subject)
  const seen: Subject = { ...subject, task: { ...task, review } }
  return (
    decide(seen) ??
    noted(seen, world, { event: 'review.seen', why: `#${task.pull?.number} looks otherwise now` })
  )
}

function reviewAfter(task: Task, fact: Sign, world: World): Review | null {
  const { pull } = task
  if (pull === null || task.version === 0 || isTerminal(task.state)) return null
  if ('pull' in fact && fact.pull !== pull.number) return null
  const now = world.pull
  const known = task.review ?? opened(now?.openedAt ?? task.changedAt)
  const review = now === null ? known : asShown(task, known, now, world)
  return fact.kind === 'review-submitted' ? withLook(task, review, fact, world) : review
}

/**
 * Whoever was asked looked when GitHub says so, whether its webhook came or not. Looks come first: a review takes its
 * author off GitHub's list of those who are asked, and only without a look does that mean that they are relieved.
 */
function asShown(task: Task, known: Review, now: PullNow, world: World): Review {
  const { pull } = task
  const moved = pull !== null && pull.head !== now.head
  const before = moved ? pushedTo(known, world.now) : known
  const asked = { ...before, reviewers: [...before.reviewers, ...now.reviewers] }
  const seen = now.reviews.reduce((review, { says, actor, head, at }) => {
    if (actor === null || actor.kind === 'bot' || !concerns(task, asked, actor.login)) return review
    const { login } = actor
    if (says === 'dismissed') return dismissed(review, { login, head })
    return looked(review, { login, head, verdict: says, at })
  }, before)
  return shown(seen, now)
}

/** A passer-by's review is welcome, and makes nobody owe anything. */
const concerns = (task: Task, { reviewers, looks }: Review, login: string): boolean =>
  [...reviewers, ...looks.map((look) => look.login), task.wish?.by.login ?? ''].some((one) =>
    samePerson(one, login),
  )

function withLook(
  task: Task,
  review: Review,
  fact: Extract<Sign, { kind: 'review-submitted' }>,
  { permission }: World,
): Review {
  const { actor, says, head, at } = fact
  if (actor === null || actor.kind === 'bot') return review
  const { login } = actor
  const may = permission !== null && mayWrite(permission)
  if (!may && !concerns(task, review, login)) return review
  if (says === 'dismissed') return dismissed(review, { login, head })
  return looked(review, { login, head, verdict: says, at })
}
