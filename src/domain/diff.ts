/** What GitHub shows against what is recorded: the differences, as facts that a lost webhook would have brought. */
import type { Actor } from './actor.ts'
import type { IssueView, TaskFact } from './fact.ts'
import type { Instant, Sha } from './ids.ts'
import type { PullNow, SubmittedReview } from './pull-now.ts'
import type { Review } from './review.ts'
import { isTerminal } from './task.ts'
import type { Task } from './task.ts'
import { isWishLabel, parseTriggerLabel } from './trigger.ts'

/** As much of a task as is compared. */
type Known = Pick<Task, 'state' | 'wish'>

/** The label that may be a wish nobody told us of; who set it, and when, must be asked of the issue's events. */
export function labelToAskAbout(
  issue: IssueView,
  task: Known | null,
  trigger: string,
): string | null {
  if (!issue.open || (task !== null && !isTerminal(task.state))) return null
  return issue.labels.find((label) => parseTriggerLabel(label, trigger).kind !== 'none') ?? null
}

/** A wish that is not there any more: the issue was closed, or its label taken off. `at`: when the issue looked so. */
export function missedWithdrawal(
  issue: IssueView,
  task: Known | null,
  look: { readonly trigger: string; readonly at: Instant },
): TaskFact | null {
  if (task === null || task.wish === null || isTerminal(task.state)) return null
  const seen = { actor: null, issue, at: look.at, via: 'reconcile' } as const
  if (!issue.open) return { kind: 'issue-closed', ...seen }
  const { label } = task.wish
  // Wished by word on an issue that never wore the label: there is none to miss.
  if (label === null) return null
  const worn = issue.labels.some((one) => isWishLabel(one, look.trigger, label))
  return worn ? null : { kind: 'label-removed', label, ...seen }
}

export interface PullSeen {
  readonly number: number
  readonly open: boolean
  readonly merged: boolean
  readonly mergedBy: Actor | null
}

/** A pull request that was merged or closed without our hearing of it. */
export function missedClosing(
  pull: PullSeen | null,
  task: Known & { readonly revising: boolean },
): TaskFact | null {
  if ((task.state.kind !== 'in-review' && !task.revising) || pull === null || pull.open) return null
  return {
    kind: 'pull-closed',
    number: pull.number,
    merged: pull.merged,
    actor: pull.mergedBy,
    via: 'reconcile',
  }
}

/** What a pull request in review shows that nobody told us of: the reviews, and what is different from what we know. */
export function missedOnPull(
  pull: PullSigns | null,
  task: Known & Pick<Task, 'pull' | 'review'>,
): readonly TaskFact[] {
  if (pull === null || !pull.open || task.pull === null || isTerminal(task.state)) return []
  const via = 'reconcile'
  const { review } = task
  const facts: TaskFact[] = pull.reviews.flatMap(({ id, says, head, author: actor, at }) => {
    if (actor?.kind !== 'person' || says === 'dismissed' || head === null) return []
    // That a look at it is known does not say that its words were heard: those are taken once, by their key.
    if (says !== 'changes' && looked(review, actor.login, at)) return []
    return [{ kind: 'review-submitted', pull: pull.number, review: id, says, head, actor, at, via }]
  })
  if (pull.head !== task.pull.head)
    facts.push({ kind: 'pull-pushed', pull: pull.number, head: pull.head, actor: null, via })
  if (mayDiffer(pull.checks, review?.checks ?? 'none')) facts.push({ kind: 'checks-changed', via })
  const merges =
    pull.merges === 'clean' ? (review?.merges ?? 'clean') !== 'clean' : pull.merges !== 'unknown'
  if (merges) facts.push({ kind: 'merges-changed', via })
  return facts
}

/**
 * What is seen counts all checks, what is known the required ones: green over none is nothing new. Red is always worth a
 * look, for that it is known does not say that anything came of it.
 */
const mayDiffer = (seen: PullNow['checks'], known: PullNow['checks']): boolean =>
  seen === 'red' || (seen !== known && known !== 'none')

const looked = (review: Review | null, login: string, at: Instant): boolean =>
  review?.looks.some((look) => look.login === login && look.at >= at) ?? false

/** As much of a pull request as a look at many shows. */
export type PullSigns = PullSeen &
  Pick<PullNow, 'head' | 'merges' | 'checks'> & {
    readonly reviews: readonly (Omit<SubmittedReview, 'actor' | 'head'> & {
      readonly author: Actor | null
      readonly head: Sha | null
    })[]
  }

export interface Sight {
  readonly firstSeen: Instant
  /** It wore a trigger label when the repository was first looked at. */
  readonly listed: boolean
}

/** GitHub tells moments in whole seconds, cut off. */
const SECOND = 1_000

/**
 * A label event counts when it is newer than the wish we know, and than our first sight of the repository; what comes
 * from the second of that sight itself is newer unless it was there to be listed.
 */
export function isNewWish(at: Instant, task: Known | null, sight: Sight): boolean {
  const since = sight.listed ? sight.firstSeen : sight.firstSeen - SECOND + 1
  return at >= since && (task?.wish === null || task?.wish === undefined || at > task.wish.at)
}
