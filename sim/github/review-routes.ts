/** Reviews, their words, and what the App says in return. */
import { stamp } from './hub.ts'
import type { Hub, SimPull, SimReview } from './hub.ts'
import { Refusal } from './refusal.ts'
import { read } from './route.ts'
import type { Params, Route } from './route.ts'

export const REVIEW_ROUTES: Readonly<Record<string, Route>> = {
  'pulls.getReview': read('GET /repos/…/reviews/{id}', (hub, params) => {
    const { id, text } = reviewOf(hub, params)
    return { data: { id, body: text } }
  }),
  'pulls.listCommentsForReview': read('GET /repos/…/reviews/{id}/comments', (hub, params) => {
    const { comment, text } = reviewOf(hub, params)
    return { data: [{ id: comment, path: 'README.md', line: 1, original_line: 1, body: text }] }
  }),
  'pulls.listReviewComments': read('GET /repos/…/pulls/{n}/comments', (hub, params) => ({
    data: pullOf(hub, params).replies,
  })),
  'pulls.createReplyForReviewComment': {
    operation: 'POST /repos/{owner}/{repo}/pulls/{pull_number}/comments/{comment_id}/replies',
    effect: 'create',
    answer(hub, params) {
      const reply = {
        id: hub.nextId(),
        to: Number(params['comment_id']),
        body: String(params['body']),
      }
      pullOf(hub, params).replies.push(reply)
      return { data: reply }
    },
  },
}

function pullOf(hub: Hub, params: Params): SimPull {
  const repo = hub.find(String(params['owner']), String(params['repo']))
  const pull = repo?.pulls.get(Number(params['pull_number']))
  if (pull === undefined) throw new Refusal(404, 'Not Found')
  return pull
}

function reviewOf(hub: Hub, params: Params): SimReview {
  const found = pullOf(hub, params).reviews.find(({ id }) => id === params['review_id'])
  if (found === undefined) throw new Refusal(404, 'Not Found')
  return found
}

export const reviewNode = ({ id, by, changes, head, at, text }: SimReview): object => ({
  databaseId: id,
  state: changes ? 'CHANGES_REQUESTED' : 'COMMENTED',
  body: text,
  commit: { oid: head },
  submittedAt: stamp(at),
  lastEditedAt: null,
  author: { __typename: 'User', login: by.login, databaseId: by.id },
})
