// Reviews of pull requests.
import {
  createReview,
  dismissReview,
  dropPendingReview,
  editReview,
  submitReview,
  type LineComment,
  type ReviewEvent,
} from '../change/reviews.ts'
import { isCommit } from '../git/commits.ts'
import { Fields } from '../http/fields.ts'
import { ok, paged, type Call, type Operations } from '../http/operation.ts'
import { reviewJson } from '../present/pull.ts'
import { reviewCommentJson } from '../present/review-comment.ts'
import { forbidden, notFound, unprocessable } from '../world/refusal.ts'
import type { Review } from '../world/issue.ts'
import { placeOf } from './review-comments.ts'

const READ = ['pull_requests:read'] as const
const WRITE = ['pull_requests:write'] as const

export const reviewOperations: Operations = {
  'pulls/list-reviews': {
    by: 'installation',
    needs: READ,
    run: (call) =>
      paged(
        call,
        call.pullIssue.pull.reviews.filter((one) => seen(call, one) && call.world.listed(one)),
        present(call),
      ),
  },
  'pulls/get-review': {
    by: 'installation',
    needs: READ,
    run: (call) => ok(present(call)(review(call))),
  },
  'pulls/create-review': {
    by: 'installation',
    needs: WRITE,
    creates: true,
    run: async (call) => {
      const { body } = call
      const event = reviewEvent(body.maybe('event'))
      watch(call, event)
      const commitId = body.maybe('commit_id')
      const comments = body.list('comments').map((one) => lineComment(new Fields(one)))
      if (commitId !== null) await checkCommit(call, commitId, comments.length)
      const made = await createReview(call.world, call.pullIssue, call.actor, {
        event,
        body: body.maybe('body') ?? '',
        ...(commitId === null ? {} : { commitId }),
        comments,
      })
      return ok(present(call)(made))
    },
  },
  'pulls/submit-review': {
    by: 'installation',
    needs: WRITE,
    run: (call) => {
      const found = own(call, review(call))
      const event = reviewEvent(call.body.text('event')) ?? 'COMMENT'
      watch(call, event)
      const body = call.body.maybe('body')
      submitReview(call.world, call.pullIssue, call.actor, { review: found, event, body })
      return ok(present(call)(found))
    },
  },
  'pulls/update-review': {
    by: 'installation',
    needs: WRITE,
    run: (call) => {
      const found = own(call, review(call))
      const body = call.body.text('body')
      editReview(call.world, call.pullIssue, call.actor, { review: found, body })
      return ok(present(call)(found))
    },
  },
  'pulls/delete-pending-review': {
    by: 'installation',
    needs: WRITE,
    run: (call) => {
      const found = own(call, review(call))
      const json = present(call)(found)
      dropPendingReview(call.world, call.pullIssue, found)
      return ok(json)
    },
  },
  'pulls/dismiss-review': {
    by: 'installation',
    needs: WRITE,
    run: (call) => {
      const found = review(call)
      const event = call.body.maybe('event')
      if (event !== null && event !== 'DISMISS') throw unprocessable('event must be DISMISS')
      const message = call.body.text('message')
      dismissReview(call.world, call.pullIssue, call.actor, { review: found, message })
      return ok(present(call)(found))
    },
  },
  'pulls/list-comments-for-review': {
    by: 'installation',
    needs: READ,
    run: (call) => {
      const found = review(call)
      const comments = call.pullIssue.pull.threads
        .flatMap((thread) => thread.comments)
        .filter((comment) => comment.review === found && call.world.listed(comment))
      return paged(call, comments, (comment) => {
        // This list's schema is the older one, and GitHub's answer here lacks the file-level mark.
        const { subject_type: subject, ...json } = reviewCommentJson(call.world, comment)
        return subject === 'file' ? { ...json, subject_type: subject } : json
      })
    },
  },
}

function present(call: Call): (review: Review) => unknown {
  return (found) => reviewJson(call.world, call.pullIssue, found)
}

function review(call: Call): Review {
  const id = call.params.number('review_id')
  const found = call.pullIssue.pull.reviews.find((one) => one.id === id)
  if (found === undefined || !seen(call, found)) throw notFound()
  return found
}

/** A pending review is its author's alone. */
function seen(call: Call, found: Review): boolean {
  return found.state !== 'PENDING' || found.user === call.actor.user
}

function own(call: Call, found: Review): Review {
  if (found.user === call.actor.user) return found
  throw forbidden('Resource not accessible by integration')
}

/** GitHub lets an App approve; Yardmaster never may. */
function watch(call: Call, event: ReviewEvent | null): void {
  if (event !== 'APPROVE') return
  const { number } = call.pullIssue
  call.world.violate(
    'never',
    `approve #${number}`,
    `${call.actor.user.login} approved a pull request`,
  )
}

/** A review may be of any commit; comments on lines are taken for the newest. */
async function checkCommit(call: Call, commit: string, comments: number): Promise<void> {
  const { pull, repo } = call.pullIssue
  if (!(await isCommit(repo.gitDir, commit))) {
    throw unprocessable('The commit_id is not part of the pull request')
  }
  if (comments > 0 && commit !== pull.head.sha) {
    throw unprocessable('The emulator takes comments on the newest commit only.')
  }
}

function lineComment(fields: Fields): LineComment {
  return { ...placeOf(fields), body: fields.text('body') }
}

function reviewEvent(text: string | null): ReviewEvent | null {
  return text === 'APPROVE' || text === 'REQUEST_CHANGES' || text === 'COMMENT' ? text : null
}
