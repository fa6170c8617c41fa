/** What GitHub shows against what is recorded: the differences, as facts that a lost webhook would have brought. */
import type { Actor } from './actor.ts'
import type { IssueView, TaskFact } from './fact.ts'
import type { Instant } from './ids.ts'
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
export function missedClosing(pull: PullSeen | null, task: Known): TaskFact | null {
  if (task.state.kind !== 'in-review' || pull === null || pull.open) return null
  return {
    kind: 'pull-closed',
    number: pull.number,
    merged: pull.merged,
    actor: pull.mergedBy,
    via: 'reconcile',
  }
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
