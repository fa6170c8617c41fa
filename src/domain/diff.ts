/** What GitHub shows against what is recorded: the differences, as facts that a lost webhook would have brought. */
import type { Actor } from './actor.ts'
import type { IssueView, TaskFact } from './fact.ts'
import type { Instant } from './ids.ts'
import { isTerminal } from './task.ts'
import type { Task } from './task.ts'
import { parseTriggerLabel } from './trigger.ts'

/** The label that may be a wish nobody told us of; who set it, and when, must be asked of the issue's events. */
export function labelToAskAbout(
  issue: IssueView,
  task: Task | null,
  trigger: string,
): string | null {
  if (!issue.open || (task !== null && !isTerminal(task.state))) return null
  return issue.labels.find((label) => parseTriggerLabel(label, trigger).kind !== 'none') ?? null
}

/** A wish that is not there any more: the issue was closed, or its label taken off. */
export function missedWithdrawal(
  issue: IssueView,
  task: Task | null,
  trigger: string,
): TaskFact | null {
  if (task === null || isTerminal(task.state)) return null
  if (!issue.open) return { kind: 'issue-closed', actor: null, issue, via: 'reconcile' }
  const worn = issue.labels.some((label) => parseTriggerLabel(label, trigger).kind !== 'none')
  if (worn || task.wish === null) return null
  const label = task.wish.profile === null ? trigger : `${trigger}:${task.wish.profile}`
  return { kind: 'label-removed', label, actor: null, issue, via: 'reconcile' }
}

export interface PullSeen {
  readonly number: number
  readonly open: boolean
  readonly merged: boolean
  readonly mergedBy: Actor | null
}

/** A pull request that was merged or closed without our hearing of it. */
export function missedClosing(pull: PullSeen | null, task: Task): TaskFact | null {
  if (task.state.kind !== 'in-review' || pull === null || pull.open) return null
  return {
    kind: 'pull-closed',
    number: pull.number,
    merged: pull.merged,
    actor: pull.mergedBy,
    via: 'reconcile',
  }
}

/** A label event counts when it is newer than the wish we know, and than our first sight of the repository. */
export function isNewWish(at: Instant, task: Task | null, firstSeen: Instant): boolean {
  return at >= firstSeen && (task?.wish === null || task?.wish === undefined || at > task.wish.at)
}
