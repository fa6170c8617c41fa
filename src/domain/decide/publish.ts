/** Push, then check and pull request: what follows from each act's outcome. */
import type { TaskFact } from '../fact.ts'
import { shortSha } from '../ids.ts'
import type { Sha } from '../ids.ts'
import { opened, pushedTo, sizeOf } from '../review.ts'
import type { Review } from '../review.ts'
import { branchOf, revisingOf } from '../task.ts'
import type { PullRef, Task } from '../task.ts'
import { fail } from './attempt-ended.ts'
import { holdBack } from './gate.ts'
import { afterwards, revised, startedOver } from './revised.ts'
import { decision, noted } from './decision.ts'
import { approvalOf } from './approval.ts'
import type { Decision, Subject, World } from './decision.ts'

type Done = Extract<TaskFact, { kind: 'act-done' }>
type Failed = Extract<TaskFact, { kind: 'act-failed' }>

export function decideActDone(subject: Subject, fact: Done, world: World): Decision {
  const { task } = subject
  const current = fact.epoch === task.epoch && task.state.kind === 'publishing'
  switch (fact.outcome.kind) {
    case 'pushed': {
      const { head } = fact.outcome
      // True whatever became of the wish meanwhile: the branch is where we put it, and the next push must expect that.
      if (!current)
        return noted(subject, world, {
          event: 'push.late',
          why: `${shortSha(head)} was pushed after the wish was taken back`,
          next: { pushed: head },
        })
      const draft = world.policy.kind === 'ready' && world.policy.settings.draft
      return decision(subject, world, {
        event: 'push.done',
        why: `${shortSha(head)} was pushed to ${branchOf(task)}`,
        next: { pushed: head },
        acts: [{ kind: 'open-pull', branch: branchOf(task), head, draft }],
        surfaces: [`check:${head}`, ...approvalOf(world, head), 'status'],
      })
    }
    case 'pull-opened': {
      const { pull } = fact.outcome
      if (!current)
        return noted(subject, world, {
          event: 'pull.late',
          why: `#${pull.number} was opened after the wish was taken back`,
          next: { pull },
        })
      const revising = revisingOf(task)
      if (revising !== null)
        return decision(subject, world, revised(task, { revision: revising.revision, pull }))
      return decision(subject, world, {
        event: 'pull.opened',
        why: `#${pull.number} waits for review`,
        data: { url: pull.url },
        next: { ...afterwards(task, pull), review: reviewOf(task, pull, world) },
        acts: asksReviewers(world) ? [{ kind: 'assign-review', pull: pull.number }] : [],
      })
    }
    case 'secrets':
      return current
        ? holdBack(subject, fact.outcome, world)
        : noted(subject, world, {
            event: 'push.late',
            why: `${shortSha(fact.outcome.head)} was held back after the wish was taken back`,
          })
    case 'moved':
      return decideMoved(subject, { found: fact.outcome.found, current }, world)
    case 'review-assigned':
      return decideAssigned(subject, fact.outcome, world)
    case 'commented':
    case 'nothing':
      return noted(subject, world, { event: 'act.done', why: `${fact.act} is done` })
    default:
      return fact.outcome satisfies never
  }
}

/** A revision starts again from what others pushed to its pull request; where there is none, the branch is somebody's own. */
function decideMoved(
  subject: Subject,
  { found, current }: { readonly found: Sha; readonly current: boolean },
  world: World,
): Decision {
  const { task } = subject
  const why = `the branch moved to ${shortSha(found)} before the push`
  if (!current) return noted(subject, world, { event: 'push.late', why })
  const change = startedOver(task, found)
  if (change !== null)
    return decision(subject, world, {
      ...change,
      why: `${why}; the revision starts again from there`,
    })
  const reason = `the branch \`${branchOf(task)}\` holds \`${shortSha(found)}\`, which Yardmaster did not put there, so nothing was pushed over it; rename or delete that branch, then set the label again`
  return fail(subject, null, world, reason)
}

/**
 * Where no reviewers are named GitHub itself asks the owners of the files, and otherwise the look is the requester's, who
 * follows the issue anyhow: two requests for each task would change nothing.
 */
const asksReviewers = ({ policy }: World): boolean =>
  policy.kind === 'ready' && policy.settings.reviewers.length > 0

function decideAssigned(
  subject: Subject,
  { pull, reviewers, teams }: Extract<Done['outcome'], { kind: 'review-assigned' }>,
  world: World,
): Decision {
  const { review, pull: own } = subject.task
  const people = reviewers.map((login) => `@${login}`)
  const named = teams.length === 0 ? '' : `; ${teams.join(', ')} own files in it`
  const who = people.length === 0 ? 'nobody has room for' : `${people.join(', ')} is asked for`
  const why = `${who} a look at #${pull}${named}`
  const next = review === null || own?.number !== pull ? {} : { review: { ...review, reviewers } }
  return noted(subject, world, { event: 'review.assigned', why, data: { pull, teams }, next })
}

/** A pull request that was there before, with its looks, has a new head. */
function reviewOf(task: Task, pull: PullRef, { now, guarded }: World): Review {
  const known = { size: sizeOf(task.report?.files ?? []), findings: guarded }
  const { review } = task
  if (review === null || review.ended !== null || task.pull?.number !== pull.number)
    return opened(now, known)
  return pull.head === task.pull.head ? review : { ...pushedTo(review, now), ...known }
}

/** What a failed act ends is only what waits for it, at this epoch; anything else it leaves as it is. */
export function decideActFailed(subject: Subject, fact: Failed, world: World): Decision {
  const { task } = subject
  switch (fact.epoch === task.epoch ? `${fact.name} while ${task.state.kind}` : 'late') {
    case 'push while publishing':
    case 'open-pull while publishing':
      return fail(subject, null, world, fact.reason)
    case 'wake while retrying':
      return decision(subject, world, {
        event: 'task.requeued',
        why: `attempt ${task.attempts + 1} does not wait for its time: ${fact.reason}`,
        next: { state: { kind: 'queued' } },
      })
    default:
      return noted(subject, world, {
        event: 'act.failed',
        why: `${fact.name}: ${fact.reason}`,
        data: { act: fact.act },
      })
  }
}
