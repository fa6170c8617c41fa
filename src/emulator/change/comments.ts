// Comments on issues and pull requests, and reactions to issues and comments.
import { commentJson, issueInWebhookJson } from '../present/issue.ts'
import type { JsonObject } from '../world/refusal.ts'
import type { Actor } from '../world/app.ts'
import type { Comment, Issue, Reaction, ReactionContent } from '../world/issue.ts'
import { nodeId, type World } from '../world/world.ts'
import { touch } from './record.ts'
import { checkComment } from './rules.ts'

export function createComment(world: World, issue: Issue, actor: Actor, body: string): Comment {
  checkComment('IssueComment', body)
  const comment = addComment(world, issue, actor, body)
  touch(world, issue)
  emitComment(world, comment, actor, { action: 'created' })
  return comment
}

/** Only puts the comment into state; a transferred issue takes its comments along silently. */
export function addComment(world: World, issue: Issue, actor: Actor, body: string): Comment {
  const id = world.nextId()
  const now = world.stamp()
  const comment: Comment = {
    id,
    nodeId: nodeId('IC', id),
    issue,
    user: actor.user,
    app: actor.app,
    createdAt: now,
    reactions: [],
    body,
    updatedAt: now,
    lastEditedAt: null,
  }
  issue.repo.comments.set(id, world.born(comment))
  issue.comments.push(comment)
  world.nodes.set(comment.nodeId, { kind: 'comment', value: comment })
  return comment
}

export function editComment(world: World, comment: Comment, actor: Actor, body: string): void {
  checkComment('IssueComment', body)
  if (body === comment.body) return
  const changes = { body: { from: comment.body } }
  comment.body = body
  comment.updatedAt = world.stamp()
  comment.lastEditedAt = comment.updatedAt
  touch(world, comment.issue)
  emitComment(world, comment, actor, { action: 'edited', changes })
}

export function deleteComment(world: World, comment: Comment, actor: Actor): void {
  const { issue } = comment
  issue.repo.comments.delete(comment.id)
  issue.comments.splice(issue.comments.indexOf(comment), 1)
  world.nodes.delete(comment.nodeId)
  touch(world, issue)
  emitComment(world, comment, actor, { action: 'deleted' })
}

/** A second reaction of the same content by the same user changes nothing (200, not 201). */
export function react(
  world: World,
  target: { readonly reactions: Reaction[] },
  actor: Actor,
  content: ReactionContent,
): { readonly reaction: Reaction; readonly isNew: boolean } {
  const known = target.reactions.find((one) => one.user === actor.user && one.content === content)
  if (known !== undefined) return { reaction: known, isNew: false }
  const id = world.nextId()
  const createdAt = world.stamp()
  const reaction = { id, nodeId: nodeId('REA', id), user: actor.user, content, createdAt }
  target.reactions.push(reaction)
  return { reaction, isNew: true }
}

/** Takes one's own reaction of that content back; nothing happens when there is none. */
export function unreact(
  target: { readonly reactions: Reaction[] },
  actor: Actor,
  content: ReactionContent,
): void {
  const at = target.reactions.findIndex((one) => one.user === actor.user && one.content === content)
  if (at >= 0) target.reactions.splice(at, 1)
}

function emitComment(
  world: World,
  comment: Comment,
  actor: Actor,
  given: { readonly action: string; readonly changes?: JsonObject },
): void {
  world.emit({
    event: 'issue_comment',
    action: given.action,
    sender: actor.user,
    repo: comment.issue.repo,
    payload: () => ({
      issue: issueInWebhookJson(world, comment.issue),
      comment: commentJson(world, comment),
      ...(given.changes === undefined ? {} : { changes: given.changes }),
    }),
  })
}
