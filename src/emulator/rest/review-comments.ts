// Comments on the lines of a pull request, and replies to them.
import {
  addReviewComment,
  deleteReviewComment,
  editReviewComment,
} from '../change/review-comments.ts'
import { reviewAround } from '../change/reviews.ts'
import { findPlace, openThread, type Place } from '../change/threads.ts'
import type { Fields } from '../http/fields.ts'
import { created, NO_CONTENT, ok, paged, type Call, type Operations } from '../http/operation.ts'
import { reviewCommentJson } from '../present/review-comment.ts'
import { forbidden, notFound, unprocessable } from '../world/refusal.ts'
import type { PullIssue, ReviewComment, ReviewThread } from '../world/issue.ts'
import type { Side } from '../world/pull.ts'
import { sortedComments } from './sorted-comments.ts'

const READ = ['pull_requests:read'] as const
const WRITE = ['pull_requests:write'] as const

export const reviewCommentOperations: Operations = {
  'pulls/list-review-comments': {
    by: 'installation',
    needs: READ,
    run: (call) => {
      const all = call.pullIssue.pull.threads.flatMap((thread) => thread.comments)
      return paged(call, sortedComments(call, told(all)), present(call))
    },
  },
  'pulls/list-review-comments-for-repo': {
    by: 'installation',
    needs: READ,
    run: (call) =>
      paged(
        call,
        sortedComments(call, told([...call.repo.reviewComments.values()])),
        present(call),
      ),
  },
  'pulls/get-review-comment': {
    by: 'installation',
    needs: READ,
    run: (call) => ok(present(call)(reviewComment(call))),
  },
  'pulls/create-review-comment': {
    by: 'installation',
    needs: WRITE,
    creates: true,
    run: async (call) => {
      const { body, pullIssue: issue, world } = call
      const text = body.text('body')
      const commit = body.text('commit_id')
      if (body.has('in_reply_to')) {
        // GitHub ignores every other field of a reply.
        for (const [name] of body.entries()) body.raw(name)
        return created(present(call)(reply(call, body.number('in_reply_to'), text)))
      }
      const place = placeOf(body)
      if (commit !== issue.pull.head.sha) {
        throw unprocessable('The emulator takes comments on the newest commit only.')
      }
      const found = await findPlace(issue, place)
      return created(present(call)(say(call, text, () => openThread(world, issue, found))))
    },
  },
  'pulls/create-reply-for-review-comment': {
    by: 'installation',
    needs: WRITE,
    creates: true,
    run: (call) => {
      const made = reply(call, call.params.number('comment_id'), call.body.text('body'))
      return created(present(call)(made))
    },
  },
  'pulls/update-review-comment': {
    by: 'installation',
    needs: WRITE,
    run: (call) => {
      const found = reviewComment(call)
      if (found.user !== call.actor.user) throw forbidden('Resource not accessible by integration')
      editReviewComment(call.world, found, call.actor, call.body.text('body'))
      return ok(present(call)(found))
    },
  },
  'pulls/delete-review-comment': {
    by: 'installation',
    needs: WRITE,
    run: (call) => {
      deleteReviewComment(call.world, reviewComment(call), call.actor)
      return NO_CONTENT
    },
  },
}

export function reviewComment(call: Call): ReviewComment {
  const found = call.repo.reviewComments.get(call.params.number('comment_id'))
  if (found === undefined || found.review.state === 'PENDING') throw notFound()
  return found
}

/** The schema has checked the forms; what is left is to name them. */
export function placeOf(fields: Fields): Place {
  const line = fields.has('line') ? fields.number('line') : undefined
  const startLine = fields.has('start_line') ? fields.number('start_line') : undefined
  const position = fields.has('position') ? fields.number('position') : undefined
  const side = sideOf(fields.maybe('side'))
  const startSide = sideOf(fields.maybe('start_side'))
  const whole = fields.maybe('subject_type') === 'file'
  if (whole === (line !== undefined || position !== undefined)) {
    throw unprocessable('A comment stands on a line, or its subject_type is file')
  }
  return {
    path: fields.maybe('path') ?? '',
    ...(line === undefined ? {} : { line }),
    ...(startLine === undefined ? {} : { startLine }),
    ...(position === undefined ? {} : { position }),
    ...(side === undefined ? {} : { side }),
    ...(startSide === undefined ? {} : { startSide }),
  }
}

function reply(call: Call, to: number, text: string): ReviewComment {
  const issue: PullIssue = call.pullIssue
  const found = issue.pull.threads.find((thread) => thread.comments.some(({ id }) => id === to))
  if (found === undefined) throw notFound()
  if (found.comments[0]?.id !== to) throw unprocessable('Replies to replies are not supported')
  return say(call, text, () => found)
}

function say(call: Call, text: string, where: () => ReviewThread): ReviewComment {
  const { actor, pullIssue: issue, world } = call
  const made: ReviewComment[] = []
  reviewAround(world, issue, actor, (review) => {
    made.push(addReviewComment(world, where(), actor, { review, body: text }))
  })
  const [comment] = made
  if (comment === undefined) throw new Error('a review without its comment')
  return comment
}

function told(comments: readonly ReviewComment[]): readonly ReviewComment[] {
  return comments.filter(({ review }) => review.state !== 'PENDING')
}

function present(call: Call): (found: ReviewComment) => unknown {
  return (found) => reviewCommentJson(call.world, found)
}

function sideOf(text: string | null): Side | undefined {
  return text === 'LEFT' || text === 'RIGHT' ? text : undefined
}
