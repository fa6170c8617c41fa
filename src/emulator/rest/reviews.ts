// Reviews of pull requests.
import { createReview, dismissReview, submitReview, type ReviewEvent } from '../change/reviews.ts'
import { ok, paged, type Call, type Operations } from '../http/operation.ts'
import { reviewJson } from '../present/pull.ts'
import { notFound } from '../world/refusal.ts'
import type { Review } from '../world/pull.ts'

const READ = ['pull_requests:read'] as const
const WRITE = ['pull_requests:write'] as const

export const reviewOperations: Operations = {
  'pulls/list-reviews': {
    by: 'installation',
    needs: READ,
    run: (call) => paged(call, call.pullIssue.pull.reviews, present(call)),
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
    run: (call) => {
      const { body } = call
      const event = reviewEvent(body.maybe('event'))
      watch(call, event)
      const commitId = body.maybe('commit_id')
      const made = createReview(call.world, call.pullIssue, call.actor, {
        event,
        body: body.maybe('body') ?? '',
        ...(commitId === null ? {} : { commitId }),
      })
      return ok(present(call)(made))
    },
  },
  'pulls/submit-review': {
    by: 'installation',
    needs: WRITE,
    run: (call) => {
      const found = review(call)
      const event = reviewEvent(call.body.text('event')) ?? 'COMMENT'
      watch(call, event)
      const body = call.body.maybe('body')
      submitReview(call.world, call.pullIssue, call.actor, { review: found, event, body })
      return ok(present(call)(found))
    },
  },
  'pulls/dismiss-review': {
    by: 'installation',
    needs: WRITE,
    run: (call) => {
      const found = review(call)
      dismissReview(call.world, call.pullIssue, call.actor, found)
      return ok(present(call)(found))
    },
  },
}

function present(call: Call): (review: Review) => unknown {
  return (found) => reviewJson(call.world, call.pullIssue, found)
}

function review(call: Call): Review {
  const id = call.params.number('review_id')
  const found = call.pullIssue.pull.reviews.find((one) => one.id === id)
  if (found === undefined) throw notFound()
  return found
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

function reviewEvent(text: string | null): ReviewEvent | null {
  return text === 'APPROVE' || text === 'REQUEST_CHANGES' || text === 'COMMENT' ? text : null
}
