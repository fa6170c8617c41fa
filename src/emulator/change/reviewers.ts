// Who is asked to look at a pull request.
import { hasRole, roleOf } from '../auth/role.ts'
import { userJson } from '../present/user.ts'
import { unprocessable } from '../world/refusal.ts'
import type { Actor } from '../world/app.ts'
import type { PullIssue } from '../world/issue.ts'
import type { User } from '../world/people.ts'
import { fullNameOf, type World } from '../world/world.ts'
import { emitIssue, recordEvent, touch } from './record.ts'

export function requestReviewers(
  world: World,
  issue: PullIssue,
  actor: Actor,
  users: readonly User[],
): void {
  if (users.includes(issue.user)) {
    throw unprocessable('Review cannot be requested from pull request author.')
  }
  const { repo } = issue
  if (users.some((user) => !mayReview(issue, user))) {
    throw unprocessable(
      `Reviews may only be requested from collaborators. One or more of the users or teams you specified is not a collaborator of the ${fullNameOf(repo)} repository.`,
    )
  }
  for (const user of users) {
    if (issue.pull.requestedReviewers.includes(user)) continue
    issue.pull.requestedReviewers = [...issue.pull.requestedReviewers, user]
    tell(world, issue, actor, { user, event: 'review_requested' })
  }
}

export function cancelReviewRequests(
  world: World,
  issue: PullIssue,
  actor: Actor,
  users: readonly User[],
): void {
  for (const user of users) {
    if (!issue.pull.requestedReviewers.includes(user)) continue
    issue.pull.requestedReviewers = issue.pull.requestedReviewers.filter((one) => one !== user)
    tell(world, issue, actor, { user, event: 'review_request_removed' })
  }
}

/** Anyone reads a public repository; only those who were let in may be asked. */
function mayReview({ repo }: PullIssue, user: User): boolean {
  const letIn = repo.collaborators.has(user.id) || repo.owner.members.has(user.id)
  return (
    user.type === 'User' && (repo.owner === user || (letIn && hasRole(roleOf(repo, user), 'read')))
  )
}

function tell(
  world: World,
  issue: PullIssue,
  actor: Actor,
  given: { readonly user: User; readonly event: string },
): void {
  touch(world, issue)
  const detail = { kind: 'reviewer', reviewer: given.user } as const
  recordEvent(world, issue, actor, { event: given.event, detail })
  const extra = { requested_reviewer: userJson(world, given.user) }
  emitIssue(world, issue, actor, { action: given.event, extra })
}
