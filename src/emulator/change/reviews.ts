// Reviews of pull requests: begun, submitted, edited, dismissed. Their comments on lines are told
// with the submission, never before.
import { pullInReviewJson, reviewJson } from '../present/pull.ts'
import { invalid, unprocessable, type JsonObject } from '../world/refusal.ts'
import type { PullIssue, Review } from '../world/issue.ts'
import type { ReviewState } from '../world/pull.ts'
import type { Actor } from '../world/app.ts'
import { nodeId, type World } from '../world/world.ts'
import { recordEvent, touch } from './record.ts'
import { addReviewComment, emitReviewComment } from './review-comments.ts'
import { checkBody } from './rules.ts'
import { findPlace, openThread, type Place } from './threads.ts'

export type ReviewEvent = 'APPROVE' | 'REQUEST_CHANGES' | 'COMMENT'

const STATE: Readonly<Record<ReviewEvent, ReviewState>> = {
  APPROVE: 'APPROVED',
  REQUEST_CHANGES: 'CHANGES_REQUESTED',
  COMMENT: 'COMMENTED',
}

export type LineComment = Place & { readonly body: string }

export type NewReview = {
  /** `null` leaves the review pending. */
  readonly event: ReviewEvent | null
  readonly body: string
  readonly commitId?: string
  readonly comments?: readonly LineComment[]
}

export async function createReview(
  world: World,
  issue: PullIssue,
  actor: Actor,
  given: NewReview,
): Promise<Review> {
  const comments = given.comments ?? []
  checkOwn(issue, actor, given.event)
  checkWords({ ...given, comments: comments.length })
  if (issue.pull.reviews.some((one) => one.user === actor.user && one.state === 'PENDING')) {
    throw unprocessable('User can only have one pending review per pull request')
  }
  const found = []
  for (const comment of comments) found.push(await findPlace(issue, comment))
  const review = beginReview(world, issue, actor, given)
  found.forEach((place, at) => {
    const thread = openThread(world, issue, place)
    addReviewComment(world, thread, actor, { review, body: comments[at]?.body ?? '' })
  })
  if (given.event !== null) submitted(world, issue, actor, review)
  return review
}

/** Adds to one's pending review, and begins one if there is none. */
export async function commentInReview(
  world: World,
  issue: PullIssue,
  actor: Actor,
  given: LineComment,
): Promise<Review> {
  const found = await findPlace(issue, given)
  const review =
    issue.pull.reviews.find((one) => one.user === actor.user && one.state === 'PENDING') ??
    beginReview(world, issue, actor, { event: null, body: '' })
  const thread = openThread(world, issue, found)
  addReviewComment(world, thread, actor, { review, body: given.body })
  return review
}

export function submitReview(
  world: World,
  issue: PullIssue,
  actor: Actor,
  given: { readonly review: Review; readonly event: ReviewEvent; readonly body: string | null },
): void {
  const { event, review } = given
  if (review.state !== 'PENDING') throw unprocessable('The review has been submitted already')
  checkOwn(issue, actor, event)
  const body = given.body ?? review.body
  checkWords({ event, body, comments: commentsOf(issue, review).length })
  review.body = body
  review.state = STATE[event]
  submitted(world, issue, actor, review)
}

/** A comment that stands alone, or a reply, is a review of its own without a word. */
export function reviewAround(
  world: World,
  issue: PullIssue,
  actor: Actor,
  say: (review: Review) => void,
): Review {
  const review = beginReview(world, issue, actor, { event: 'COMMENT', body: '' })
  say(review)
  submitted(world, issue, actor, review)
  return review
}

export function editReview(
  world: World,
  issue: PullIssue,
  actor: Actor,
  given: { readonly review: Review; readonly body: string },
): void {
  const { review } = given
  checkBody('PullRequestReview', given.body)
  if (review.body === given.body) return
  const changes = { body: { from: review.body } }
  review.body = given.body
  review.editedAt = world.stamp()
  if (review.state === 'PENDING') return
  touch(world, issue)
  emitReview(world, issue, actor, { action: 'edited', review, extra: { changes } })
}

export function dismissReview(
  world: World,
  issue: PullIssue,
  actor: Actor,
  given: { readonly review: Review; readonly message: string },
): void {
  const { review } = given
  if (review.state !== 'APPROVED' && review.state !== 'CHANGES_REQUESTED') {
    throw unprocessable('Can not dismiss a pending or commented pull request review')
  }
  const detail = { kind: 'dismissal', review, was: review.state, message: given.message } as const
  review.state = 'DISMISSED'
  touch(world, issue)
  recordEvent(world, issue, actor, { event: 'review_dismissed', detail })
  emitReview(world, issue, actor, { action: 'dismissed', review })
}

/** Forgets a review that nobody has been told of yet. */
export function dropPendingReview(world: World, issue: PullIssue, review: Review): void {
  if (review.state !== 'PENDING') throw unprocessable('Can not delete a non-pending review')
  for (const { id, nodeId: node, thread } of commentsOf(issue, review)) {
    issue.repo.reviewComments.delete(id)
    world.nodes.delete(node)
    world.nodes.delete(thread.nodeId)
    issue.pull.threads.splice(issue.pull.threads.indexOf(thread), 1)
  }
  issue.pull.reviews.splice(issue.pull.reviews.indexOf(review), 1)
  world.nodes.delete(review.nodeId)
}

function beginReview(
  world: World,
  issue: PullIssue,
  actor: Actor,
  given: Omit<NewReview, 'comments'>,
): Review {
  const id = world.nextId()
  const review: Review = {
    id,
    nodeId: nodeId('PRR', id),
    issue,
    user: actor.user,
    app: actor.app,
    createdAt: world.stamp(),
    commitId: given.commitId ?? issue.pull.head.sha,
    body: given.body,
    state: given.event === null ? 'PENDING' : STATE[given.event],
    submittedAt: null,
    editedAt: null,
    reactions: [],
  }
  issue.pull.reviews.push(world.born(review))
  world.nodes.set(review.nodeId, { kind: 'review', value: review })
  return review
}

function commentsOf(issue: PullIssue, review: Review) {
  return issue.pull.threads
    .flatMap((thread) => thread.comments)
    .filter((comment) => comment.review === review)
}

function checkOwn(issue: PullIssue, actor: Actor, event: ReviewEvent | null): void {
  if (issue.user !== actor.user) return
  if (event === 'APPROVE') throw unprocessable('Can not approve your own pull request')
  if (event === 'REQUEST_CHANGES') {
    throw unprocessable('Can not request changes on your own pull request')
  }
}

/** Comments on lines speak for a comment without a body; a request of changes needs words. */
function checkWords(given: {
  readonly event: ReviewEvent | null
  readonly body: string
  readonly comments: number
}): void {
  const { body, comments, event } = given
  const silent = body.trim() === ''
  if (silent && (event === 'REQUEST_CHANGES' || (event === 'COMMENT' && comments === 0))) {
    throw invalid({ resource: 'PullRequestReview', field: 'body', code: 'missing_field' })
  }
  checkBody('PullRequestReview', body)
}

function submitted(world: World, issue: PullIssue, actor: Actor, review: Review): void {
  review.submittedAt = world.stamp()
  issue.pull.requestedReviewers = issue.pull.requestedReviewers.filter((one) => one !== actor.user)
  touch(world, issue)
  emitReview(world, issue, actor, { action: 'submitted', review })
  for (const comment of commentsOf(issue, review)) {
    emitReviewComment(world, comment, actor, { action: 'created' })
  }
}

function emitReview(
  world: World,
  issue: PullIssue,
  actor: Actor,
  given: { readonly action: string; readonly review: Review; readonly extra?: JsonObject },
): void {
  const { review } = given
  world.emit({
    event: 'pull_request_review',
    action: given.action,
    sender: actor.user,
    repo: issue.repo,
    payload: () => ({
      review: {
        ...reviewJson(world, issue, review),
        // Webhooks spell the state in small letters, the REST API in capitals.
        state: review.state.toLowerCase(),
        updated_at: review.editedAt ?? review.submittedAt,
      },
      pull_request: pullInReviewJson(world, issue),
      ...given.extra,
    }),
  })
}
