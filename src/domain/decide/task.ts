/**
 * What a fact comes to for a task: total over every pair of state and fact. `null` means that the fact concerns
 * no task of ours, and leaves no row behind.
 */
import type { Actor } from '../actor.ts'
import type { TaskFact } from '../fact.ts'
import { taskId } from '../ids.ts'
import type { Instant, IssueId, RepoId } from '../ids.ts'
import { snapshotHash } from '../snapshot.ts'
import { UNSTEERED, isTerminal } from '../task.ts'
import type { Task } from '../task.ts'
import { decideReminder } from './ask.ts'
import { decideAttemptEnded } from './attempt-ended.ts'
import { decideCommanded } from './commanded.ts'
import { decideCardMoved } from './card-moved.ts'
import { decision, noted } from './decision.ts'
import type { Decision, Subject, World } from './decision.ts'
import { decideBudgetSpent } from './budget-spent.ts'
import { decideFailedAlike } from './failed-alike.ts'
import { decideOrdered } from './ordered.ts'
import { decidePaused } from './paused.ts'
import { decideActDone, decideActFailed } from './publish.ts'
import { decidePullClosed, decidePullReopened } from './pull.ts'
import { decidePullLooked, decidePullPushed, decideReviewSubmitted } from './pull-signs.ts'
import { decideReplied } from './replied.ts'
import { seeReview } from './see-review.ts'
import { decideIssueClosed, decideIssueGone, decideLabelRemoved } from './withdraw.ts'
import { decideWish } from './wish.ts'

/** Whose permission must be asked of GitHub before this fact can be decided; null: nobody's. */
export function permissionNeeded(fact: TaskFact): Actor | null {
  const asks =
    fact.kind === 'label-added' ||
    fact.kind === 'commanded' ||
    fact.kind === 'review-submitted' ||
    fact.kind === 'card-moved' ||
    (fact.kind === 'ordered' && fact.route === 'button')
  return asks && fact.actor?.kind === 'person' ? fact.actor : null
}

/** The kinds of fact that can make a task; of an issue without one, all others come to nothing. */
export const BEGINNING: readonly TaskFact['kind'][] = ['label-added', 'commanded', 'card-moved']

/** A task that has no row yet. */
export function blankTask(
  issue: {
    readonly repo: RepoId
    readonly id: IssueId
    readonly number: number
    readonly title: string
  },
  now: Instant,
): Task {
  return {
    id: taskId(issue.repo, issue.id),
    repo: issue.repo,
    issue: issue.id,
    number: issue.number,
    title: issue.title,
    version: 0,
    state: { kind: 'cancelled', reason: 'nothing was asked yet' },
    wish: null,
    edited: false,
    priority: 0,
    attempts: 0,
    epoch: 0,
    failures: 0,
    losses: 0,
    report: null,
    redBase: null,
    pushed: null,
    pull: null,
    ...UNSTEERED,
    createdAt: now,
    changedAt: now,
  }
}

export function decideTask(subject: Subject, fact: TaskFact, world: World): Decision | null {
  switch (fact.kind) {
    case 'label-added':
      return decideWish(subject, fact, world)
    case 'label-removed':
      return decideLabelRemoved(subject, fact, world)
    case 'issue-edited':
      return decideEdited(subject, fact, world)
    case 'issue-closed':
      return decideIssueClosed(subject, fact, world)
    case 'issue-reopened':
      if (subject.task.version === 0) return null
      return noted(subject, world, {
        event: 'issue.reopened',
        why: 'the issue was reopened',
        by: fact.actor?.login ?? null,
      })
    case 'issue-gone':
      return decideIssueGone(subject, fact, world)
    case 'pull-closed':
      return decidePullClosed(subject, fact, world)
    case 'pull-reopened':
      return decidePullReopened(subject, fact, world)
    case 'attempt-ended':
      return decideAttemptEnded(subject, fact, world)
    case 'act-done':
      return decideActDone(subject, fact, world)
    case 'act-failed':
      return decideActFailed(subject, fact, world)
    case 'timer':
      return decideTimer(subject, fact, world)
    case 'failed-alike':
      return decideFailedAlike(subject, fact, world)
    case 'budget-spent':
      return decideBudgetSpent(subject, fact, world)
    case 'paused':
      return decidePaused(subject, fact, world)
    case 'commanded':
      return decideCommanded(subject, fact, world)
    case 'card-moved':
      return decideCardMoved(subject, fact, world)
    case 'replied':
      return decideReplied(subject, fact, world)
    case 'ordered':
      return decideOrdered(subject, fact, world)
    case 'review-submitted':
      return seeReview(subject, fact, world, (seen) => decideReviewSubmitted(seen, fact, world))
    case 'pull-pushed':
      return seeReview(subject, fact, world, (seen) => decidePullPushed(seen, fact, world))
    case 'checks-changed':
    case 'merges-changed':
      return seeReview(subject, fact, world, (seen) => decidePullLooked(seen, fact, world))
    default:
      return fact satisfies never
  }
}

/** With a webhook the text that was shown when the label was set counts; a later edit is only mentioned. */
function decideEdited(
  subject: Subject,
  fact: Extract<TaskFact, { kind: 'issue-edited' }>,
  world: World,
): Decision | null {
  const { task } = subject
  if (task.version === 0) return null
  const by = fact.actor?.login ?? null
  if (task.wish === null || isTerminal(task.state)) {
    return noted(subject, world, {
      event: 'issue.edited',
      why: 'the issue was edited',
      by,
      next: { title: fact.issue.title },
    })
  }
  // Deliveries overtake each other, and edits are taken back: what counts is whether the text still is the blessed one.
  const edited = world.shown === null || snapshotHash(world.shown) !== task.wish.snapshot
  return decision(subject, world, {
    event: 'issue.edited',
    why: edited
      ? 'the issue was edited after it was approved; the agent works from the approved text'
      : 'the issue was edited, and reads as it was approved',
    by,
    next: { edited },
    surfaces: edited === task.edited ? [] : ['status'],
  })
}

function decideTimer(
  subject: Subject,
  fact: Extract<TaskFact, { kind: 'timer' }>,
  world: World,
): Decision {
  if (fact.name === 'remind') return decideReminder(subject, fact, world)
  const { task } = subject
  if (task.state.kind !== 'retrying' || fact.epoch !== task.epoch) {
    return noted(subject, world, {
      event: 'timer.late',
      why: 'a timer of an earlier wish rang; it changes nothing',
    })
  }
  return decision(subject, world, {
    event: 'task.requeued',
    why: `attempt ${task.attempts + 1} is due`,
    next: { state: { kind: 'queued' } },
  })
}
