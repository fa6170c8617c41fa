// Reactions to issues, to comments and to comments on lines.
import { react } from '../change/comments.ts'
import { NO_CONTENT, paged, type Answer, type Call, type Operations } from '../http/operation.ts'
import { reactionJson } from '../present/issue.ts'
import { forbidden, invalid, notFound } from '../world/refusal.ts'
import { type Reaction, type ReactionContent, REACTIONS } from '../world/issue.ts'
import { issueComment } from './comments.ts'
import { reviewComment } from './review-comments.ts'

const ISSUES = ['issues:read', 'pull_requests:read'] as const
const ISSUES_WRITE = ['issues:write', 'pull_requests:write'] as const
const PULLS = ['pull_requests:read'] as const
const PULLS_WRITE = ['pull_requests:write'] as const

type Target = { readonly reactions: Reaction[] }

export const reactionOperations: Operations = {
  'reactions/list-for-issue-comment': {
    by: 'installation',
    needs: ISSUES,
    run: (call) => list(call, issueComment(call)),
  },
  'reactions/create-for-issue-comment': {
    by: 'installation',
    needs: ISSUES_WRITE,
    run: (call) => add(call, issueComment(call)),
  },
  'reactions/delete-for-issue-comment': {
    by: 'installation',
    needs: ISSUES_WRITE,
    run: (call) => remove(call, issueComment(call)),
  },
  'reactions/list-for-issue': {
    by: 'installation',
    needs: ISSUES,
    run: (call) => list(call, call.issue),
  },
  'reactions/create-for-issue': {
    by: 'installation',
    needs: ISSUES_WRITE,
    run: (call) => add(call, call.issue),
  },
  'reactions/delete-for-issue': {
    by: 'installation',
    needs: ISSUES_WRITE,
    run: (call) => remove(call, call.issue),
  },
  'reactions/list-for-pull-request-review-comment': {
    by: 'installation',
    needs: PULLS,
    run: (call) => list(call, reviewComment(call)),
  },
  'reactions/create-for-pull-request-review-comment': {
    by: 'installation',
    needs: PULLS_WRITE,
    run: (call) => add(call, reviewComment(call)),
  },
  'reactions/delete-for-pull-request-comment': {
    by: 'installation',
    needs: PULLS_WRITE,
    run: (call) => remove(call, reviewComment(call)),
  },
}

function list(call: Call, { reactions }: Target): Answer {
  const content = call.query.maybe('content')
  const shown = reactions.filter((one) => content === null || one.content === content)
  return paged(call, shown, (reaction) => reactionJson(call.world, reaction))
}

/** 200 for a reaction that is there already. */
function add(call: Call, target: Target): Answer {
  const wanted = content(call.body.text('content'))
  const { reaction, isNew } = react(call.world, target, call.actor, wanted)
  return { status: isNew ? 201 : 200, body: reactionJson(call.world, reaction) }
}

function remove(call: Call, { reactions }: Target): Answer {
  const id = call.params.number('reaction_id')
  const at = reactions.findIndex((one) => one.id === id)
  const found = reactions[at]
  if (found === undefined) throw notFound()
  if (found.user !== call.actor.user) throw forbidden('Resource not accessible by integration')
  reactions.splice(at, 1)
  return NO_CONTENT
}

function content(text: string): ReactionContent {
  const found = REACTIONS.find((one) => one === text)
  if (found === undefined)
    throw invalid({ resource: 'Reaction', field: 'content', code: 'invalid' })
  return found
}
