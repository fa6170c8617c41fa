// Reviews of pull requests and the comments in them.
import { simplePullJson, reviewJson } from '../present/pull.ts'
import { invalid, unprocessable } from '../world/refusal.ts'
import type { PullIssue } from '../world/issue.ts'
import type { Review, ReviewState } from '../world/pull.ts'
import type { Actor } from '../world/app.ts'
import { nodeId, type World } from '../world/world.ts'
import { recordEvent, touch } from './record.ts'
import { checkBody } from './rules.ts'

export type ReviewEvent = 'APPROVE' | 'REQUEST_CHANGES' | 'COMMENT'

const STATE: Readonly<Record<ReviewEvent, ReviewState>> = {
  APPROVE: 'APPROVED',
  REQUEST_CHANGES: 'CHANGES_REQUESTED',
  COMMENT: 'COMMENTED',
}

export type NewReview = {
  /** `null` leaves the review pending. */
  readonly event: ReviewEvent | null
  readonly body: string
  readonly commitId?: string
}

export function createReview(
  world: World,
  issue: PullIssue,
  actor: Actor,
  given: NewReview,
): Review {
  const own = issue.user === actor.user
  if (given.event === 'APPROVE' && own) throw unprocessable('Can not approve your own pull request')
  if (given.event === 'REQUEST_CHANGES' && own) {
    throw unprocessable('Can not request changes on your own pull request')
  }
  if (given.event !== null && given.event !== 'APPROVE' && given.body.trim() === '') {
    throw invalid({ resource: 'PullRequestReview', field: 'body', code: 'missing_field' })
  }
  checkBody('PullRequestReview', given.body)
  const id = world.nextId()
  const review: Review = {
    id,
    nodeId: nodeId('PRR', id),
    user: actor.user,
    app: actor.app,
    commitId: given.commitId ?? issue.pull.head.sha,
    body: given.body,
    state: given.event === null ? 'PENDING' : STATE[given.event],
    submittedAt: null,
  }
  issue.pull.reviews.push(world.born(review))
  if (given.event !== null) submitted(world, issue, actor, review)
  return review
}

export function submitReview(
  world: World,
  issue: PullIssue,
  actor: Actor,
  given: { readonly review: Review; readonly event: ReviewEvent; readonly body: string | null },
): void {
  const { review } = given
  if (review.state !== 'PENDING') throw unprocessable('The review has been submitted already')
  if (given.event !== 'COMMENT' && issue.user === actor.user) {
    throw unprocessable('Can not approve your own pull request')
  }
  review.body = given.body ?? review.body
  review.state = STATE[given.event]
  submitted(world, issue, actor, review)
}

export function dismissReview(world: World, issue: PullIssue, actor: Actor, review: Review): void {
  if (review.state !== 'APPROVED' && review.state !== 'CHANGES_REQUESTED') {
    throw unprocessable('Can not dismiss a pending or commented pull request review')
  }
  review.state = 'DISMISSED'
  touch(world, issue)
  recordEvent(world, issue, actor, { event: 'review_dismissed' })
  emitReview(world, issue, actor, { action: 'dismissed', review })
}

function submitted(world: World, issue: PullIssue, actor: Actor, review: Review): void {
  review.submittedAt = world.stamp()
  issue.pull.requestedReviewers = issue.pull.requestedReviewers.filter((one) => one !== actor.user)
  touch(world, issue)
  emitReview(world, issue, actor, { action: 'submitted', review })
}

function emitReview(
  world: World,
  issue: PullIssue,
  actor: Actor,
  given: { readonly action: string; readonly review: Review },
): void {
  world.emit({
    event: 'pull_request_review',
    action: given.action,
    sender: actor.user,
    repo: issue.repo,
    payload: () => ({
      review: {
        ...reviewJson(world, issue, given.review),
        // Webhooks spell the state in small letters, the REST API in capitals.
        state: given.review.state.toLowerCase(),
        updated_at: given.review.submittedAt,
      },
      pull_request: simplePullJson(world, issue, issue.pull),
    }),
  })
}
