// Comments on the lines of a pull request as GitHub's payloads show them.
import type { JsonObject } from '../world/refusal.ts'
import type { ReviewComment, ReviewThread } from '../world/issue.ts'
import type { World } from '../world/world.ts'
import { association, issueHtmlUrl, rollup } from './issue.ts'
import { pullUrl } from './pull.ts'
import { repoUrl } from './repository.ts'
import { userJson } from './user.ts'

/** The `pull-request-review-comment` schema, and that of webhooks. */
export function reviewCommentJson(world: World, comment: ReviewComment): JsonObject {
  const { thread } = comment
  const { issue } = thread
  const url = `${repoUrl(world, issue.repo)}/pulls/comments/${comment.id}`
  const html = reviewCommentHtmlUrl(world, comment)
  return {
    url,
    pull_request_review_id: comment.review.id,
    id: comment.id,
    node_id: comment.nodeId,
    diff_hunk: thread.diffHunk,
    path: thread.path,
    position: thread.position,
    original_position: thread.originalPosition,
    commit_id: thread.commitId,
    original_commit_id: thread.originalCommitId,
    ...(comment.replyTo === null ? {} : { in_reply_to_id: comment.replyTo.id }),
    user: userJson(world, comment.user),
    body: comment.body,
    created_at: comment.createdAt,
    updated_at: comment.updatedAt,
    html_url: html,
    pull_request_url: pullUrl(world, issue),
    author_association: association(issue.repo, comment.user),
    _links: {
      self: { href: url },
      html: { href: html },
      pull_request: { href: pullUrl(world, issue) },
    },
    start_line: thread.startLine,
    original_start_line: thread.originalStartLine,
    start_side: thread.startSide,
    line: thread.line,
    original_line: thread.originalLine,
    side: thread.side,
    subject_type: thread.subject,
    reactions: rollup(`${url}/reactions`, comment.reactions),
  }
}

export function reviewCommentHtmlUrl(world: World, comment: ReviewComment): string {
  return `${issueHtmlUrl(world, comment.thread.issue)}#discussion_r${comment.id}`
}

export function threadJson(world: World, thread: ReviewThread): JsonObject {
  return {
    node_id: thread.nodeId,
    comments: thread.comments.map((comment) => reviewCommentJson(world, comment)),
  }
}
