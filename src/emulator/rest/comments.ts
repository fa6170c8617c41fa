// Comments on issues and pull requests, and reactions.
import { createComment, deleteComment, editComment, react } from '../change/comments.ts'
import { locked } from '../change/rules.ts'
import {
  created,
  NO_CONTENT,
  ok,
  paged,
  type Answer,
  type Call,
  type Operations,
} from '../http/operation.ts'
import { commentJson, reactionJson } from '../present/issue.ts'
import { invalid, notFound } from '../world/refusal.ts'
import { type Comment, type Reaction, type ReactionContent, REACTIONS } from '../world/issue.ts'

const READ = ['issues:read', 'pull_requests:read'] as const
const WRITE = ['issues:write', 'pull_requests:write'] as const

export const commentOperations: Operations = {
  'issues/list-comments': {
    by: 'installation',
    needs: READ,
    run: (call) => paged(call, since(call, call.issue.comments), present(call)),
  },
  'issues/list-comments-for-repo': {
    by: 'installation',
    needs: READ,
    run: (call) => {
      const byUpdate = call.query.maybe('sort') === 'updated'
      const sorted = since(call, [...call.repo.comments.values()]).toSorted((a, b) =>
        byUpdate ? Date.parse(a.updatedAt) - Date.parse(b.updatedAt) : a.id - b.id,
      )
      const order = call.query.maybe('direction') === 'desc' ? sorted.toReversed() : sorted
      return paged(call, order, present(call))
    },
  },
  'issues/get-comment': {
    by: 'installation',
    needs: READ,
    run: (call) => ok(present(call)(comment(call))),
  },
  'issues/create-comment': {
    by: 'installation',
    needs: WRITE,
    creates: true,
    run: (call) => {
      const { actor, issue } = call
      // Only collaborators may speak in a locked conversation, and a bot is none, whatever it may write.
      if (issue.locked) throw locked()
      const made = createComment(call.world, issue, actor, call.body.text('body'))
      const json = present(call)(made)
      return created(json)
    },
  },
  'issues/update-comment': {
    by: 'installation',
    needs: WRITE,
    run: (call) => {
      const found = comment(call)
      editComment(call.world, found, call.actor, call.body.text('body'))
      return ok(present(call)(found))
    },
  },
  'issues/delete-comment': {
    by: 'installation',
    needs: WRITE,
    run: (call) => {
      deleteComment(call.world, comment(call), call.actor)
      return NO_CONTENT
    },
  },
  'reactions/list-for-issue-comment': {
    by: 'installation',
    needs: READ,
    run: (call) => listReactions(call, comment(call).reactions),
  },
  'reactions/create-for-issue-comment': {
    by: 'installation',
    needs: WRITE,
    run: (call) => addReaction(call, comment(call)),
  },
  'reactions/delete-for-issue-comment': {
    by: 'installation',
    needs: WRITE,
    run: (call) => removeReaction(call, comment(call)),
  },
  'reactions/list-for-issue': {
    by: 'installation',
    needs: READ,
    run: (call) => listReactions(call, call.issue.reactions),
  },
  'reactions/create-for-issue': {
    by: 'installation',
    needs: WRITE,
    run: (call) => addReaction(call, call.issue),
  },
  'reactions/delete-for-issue': {
    by: 'installation',
    needs: WRITE,
    run: (call) => removeReaction(call, call.issue),
  },
}

function comment(call: Call): Comment {
  const found = call.repo.comments.get(call.params.number('comment_id'))
  if (found === undefined) throw notFound()
  return found
}

function present(call: Call): (found: Comment) => unknown {
  return (found) => commentJson(call.world, found)
}

function since(call: Call, comments: readonly Comment[]): readonly Comment[] {
  const from = call.query.maybe('since')
  return comments.filter(
    (one) =>
      call.world.listed(one) && (from === null || Date.parse(one.updatedAt) >= Date.parse(from)),
  )
}

function listReactions(call: Call, reactions: readonly Reaction[]): Answer {
  return paged(call, reactions, (reaction) => reactionJson(call.world, reaction))
}

function addReaction(call: Call, target: { readonly reactions: Reaction[] }): Answer {
  const { reaction, isNew } = react(
    call.world,
    target,
    call.actor,
    content(call.body.text('content')),
  )
  return { status: isNew ? 201 : 200, body: reactionJson(call.world, reaction) }
}

function removeReaction(call: Call, target: { readonly reactions: Reaction[] }): Answer {
  const id = call.params.number('reaction_id')
  const at = target.reactions.findIndex((one) => one.id === id)
  if (at < 0) throw notFound()
  target.reactions.splice(at, 1)
  return NO_CONTENT
}

function content(text: string): ReactionContent {
  const found = REACTIONS.find((one) => one === text)
  if (found === undefined)
    throw invalid({ resource: 'Reaction', field: 'content', code: 'invalid' })
  return found
}
