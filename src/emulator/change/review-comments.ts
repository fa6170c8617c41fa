// What is said on lines of a pull request, and threads resolved by those who read it.
import { pullInReviewJson } from '../present/pull.ts'
import { reviewCommentJson, threadJson } from '../present/review-comment.ts'
import type { Actor } from '../world/app.ts'
import type { JsonObject } from '../world/refusal.ts'
import type { Review, ReviewComment, ReviewThread } from '../world/issue.ts'
import { nodeId, type World } from '../world/world.ts'
import { touch } from './record.ts'
import { checkComment } from './rules.ts'

const RESOURCE = 'PullRequestReviewComment'

/** Only puts the comment into state; its review tells of it when it is submitted. */
export function addReviewComment(
  world: World,
  thread: ReviewThread,
  actor: Actor,
  given: { readonly review: Review; readonly body: string },
): ReviewComment {
  checkComment(RESOURCE, given.body)
  const { issue } = thread
  const id = world.nextId()
  const now = world.stamp()
  const comment: ReviewComment = {
    id,
    nodeId: nodeId('PRRC', id),
    thread,
    review: given.review,
    user: actor.user,
    app: actor.app,
    createdAt: now,
    reactions: [],
    replyTo: thread.comments[0] ?? null,
    body: given.body,
    updatedAt: now,
    lastEditedAt: null,
  }
  thread.comments.push(world.born(comment))
  issue.repo.reviewComments.set(id, comment)
  world.nodes.set(comment.nodeId, { kind: 'review-comment', value: comment })
  return comment
}

export function editReviewComment(
  world: World,
  comment: ReviewComment,
  actor: Actor,
  body: string,
): void {
  checkComment(RESOURCE, body)
  if (body === comment.body) return
  const changes = { body: { from: comment.body } }
  comment.body = body
  comment.updatedAt = world.stamp()
  comment.lastEditedAt = comment.updatedAt
  if (comment.review.state === 'PENDING') return
  touch(world, comment.thread.issue)
  emitReviewComment(world, comment, actor, { action: 'edited', extra: { changes } })
}

/** A thread goes with its last comment. */
export function deleteReviewComment(world: World, comment: ReviewComment, actor: Actor): void {
  const { thread } = comment
  const { pull, repo } = thread.issue
  repo.reviewComments.delete(comment.id)
  world.nodes.delete(comment.nodeId)
  thread.comments.splice(thread.comments.indexOf(comment), 1)
  if (thread.comments.length === 0) {
    pull.threads.splice(pull.threads.indexOf(thread), 1)
    world.nodes.delete(thread.nodeId)
  }
  if (comment.review.state === 'PENDING') return
  touch(world, thread.issue)
  emitReviewComment(world, comment, actor, { action: 'deleted' })
}

export function resolveThread(
  world: World,
  thread: ReviewThread,
  actor: Actor,
  resolved: boolean,
): void {
  if ((thread.resolvedBy !== null) === resolved) return
  thread.resolvedBy = resolved ? actor.user : null
  const { issue } = thread
  world.emit({
    event: 'pull_request_review_thread',
    action: resolved ? 'resolved' : 'unresolved',
    sender: actor.user,
    repo: issue.repo,
    payload: () => ({
      pull_request: pullInReviewJson(world, issue),
      thread: threadJson(world, thread),
      updated_at: world.stamp(),
    }),
  })
}

export function emitReviewComment(
  world: World,
  comment: ReviewComment,
  actor: Actor,
  given: { readonly action: string; readonly extra?: JsonObject },
): void {
  const { issue } = comment.thread
  world.emit({
    event: 'pull_request_review_comment',
    action: given.action,
    sender: actor.user,
    repo: issue.repo,
    payload: () => ({
      comment: reviewCommentJson(world, comment),
      pull_request: pullInReviewJson(world, issue),
      ...given.extra,
    }),
  })
}
