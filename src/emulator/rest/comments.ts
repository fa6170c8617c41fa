// Comments on issues and pull requests.
import { createComment, deleteComment, editComment } from '../change/comments.ts'
import { locked } from '../change/rules.ts'
import { created, NO_CONTENT, ok, paged, type Call, type Operations } from '../http/operation.ts'
import { commentJson } from '../present/issue.ts'
import { notFound } from '../world/refusal.ts'
import type { Comment } from '../world/issue.ts'
import { since, sortedComments } from './sorted-comments.ts'

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
    run: (call) =>
      paged(call, sortedComments(call, [...call.repo.comments.values()]), present(call)),
  },
  'issues/get-comment': {
    by: 'installation',
    needs: READ,
    run: (call) => ok(present(call)(issueComment(call))),
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
      const found = issueComment(call)
      editComment(call.world, found, call.actor, call.body.text('body'))
      return ok(present(call)(found))
    },
  },
  'issues/delete-comment': {
    by: 'installation',
    needs: WRITE,
    run: (call) => {
      deleteComment(call.world, issueComment(call), call.actor)
      return NO_CONTENT
    },
  },
}

export function issueComment(call: Call): Comment {
  const found = call.repo.comments.get(call.params.number('comment_id'))
  if (found === undefined) throw notFound()
  return found
}

function present(call: Call): (found: Comment) => unknown {
  return (found) => commentJson(call.world, found)
}
