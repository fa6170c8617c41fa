// Issues, comments, reactions and issue events as GitHub's payloads show them.
import { roleOf } from '../auth/role.ts'
import type { JsonObject } from '../world/refusal.ts'
import {
  type Comment,
  type Issue,
  type IssueEvent,
  type Reaction,
  REACTIONS,
  type Repository,
} from '../world/issue.ts'
import type { User } from '../world/people.ts'
import type { World } from '../world/world.ts'
import { appJson, nullableApp } from './app.ts'
import { labelJson, repoHtmlUrl, repoUrl } from './repository.ts'
import { nullableUser, userJson } from './user.ts'

export function issueUrl(world: World, issue: Issue): string {
  return `${repoUrl(world, issue.repo)}/issues/${issue.number}`
}

export function issueHtmlUrl(world: World, issue: Issue): string {
  const kind = issue.pull === null ? 'issues' : 'pull'
  return `${repoHtmlUrl(world, issue.repo)}/${kind}/${issue.number}`
}

/** The fields that the `issue` schema and the webhooks' issue share. */
export function issueJson(world: World, issue: Issue): JsonObject {
  const url = issueUrl(world, issue)
  return {
    url,
    repository_url: repoUrl(world, issue.repo),
    labels_url: `${url}/labels{/name}`,
    comments_url: `${url}/comments`,
    events_url: `${url}/events`,
    html_url: issueHtmlUrl(world, issue),
    timeline_url: `${url}/timeline`,
    id: issue.id,
    node_id: issue.nodeId,
    number: issue.number,
    title: issue.title,
    user: userJson(world, issue.user),
    labels: issue.labels.map((label) => labelJson(world, issue.repo, label)),
    state: issue.state,
    state_reason: issue.stateReason,
    locked: issue.locked,
    active_lock_reason: issue.lockReason,
    assignee: nullableUser(world, issue.assignees[0] ?? null),
    assignees: issue.assignees.map((user) => userJson(world, user)),
    milestone: null,
    comments: issue.comments.length,
    created_at: issue.createdAt,
    updated_at: issue.updatedAt,
    closed_at: issue.closedAt,
    author_association: association(issue.repo, issue.user),
    sub_issues_summary: summary(issue.subIssues),
    issue_dependencies_summary: dependencies(issue),
    body: issue.body,
    reactions: rollup(`${url}/reactions`, issue.reactions),
    performed_via_github_app: nullableApp(world, issue.app),
    ...(issue.pull === null ? {} : pullLinks(world, issue, issue.pull.mergedAt)),
    ...(issue.pull === null ? {} : { draft: issue.pull.draft }),
  }
}

/** The whole `issue` schema, for REST answers. */
export function fullIssueJson(world: World, issue: Issue): JsonObject {
  return {
    ...issueJson(world, issue),
    closed_by: nullableUser(world, issue.closedBy),
    ...(issue.parent === null ? {} : { parent_issue_url: issueUrl(world, issue.parent) }),
  }
}

/** Payloads show the App that opened the issue without its client id. */
export function issueInWebhookJson(world: World, issue: Issue): JsonObject {
  const shown = issueJson(world, issue)
  if (issue.app === null) return shown
  const { client_id: _clientId, ...app } = appJson(world, issue.app)
  return { ...shown, performed_via_github_app: app }
}

export function commentJson(world: World, comment: Comment): JsonObject {
  const url = `${repoUrl(world, comment.issue.repo)}/issues/comments/${comment.id}`
  return {
    url,
    html_url: `${issueHtmlUrl(world, comment.issue)}#issuecomment-${comment.id}`,
    issue_url: issueUrl(world, comment.issue),
    id: comment.id,
    node_id: comment.nodeId,
    user: userJson(world, comment.user),
    created_at: comment.createdAt,
    updated_at: comment.updatedAt,
    body: comment.body,
    author_association: association(comment.issue.repo, comment.user),
    reactions: rollup(`${url}/reactions`, comment.reactions),
    performed_via_github_app: nullableApp(world, comment.app),
  }
}

export function reactionJson(world: World, reaction: Reaction): JsonObject {
  return {
    id: reaction.id,
    node_id: reaction.nodeId,
    user: userJson(world, reaction.user),
    content: reaction.content,
    created_at: reaction.createdAt,
  }
}

/** The fields of an issue event; `commit_url` is set with `commit_id`, as GitHub does. */
export function eventJson(world: World, event: IssueEvent): JsonObject {
  const url = repoUrl(world, event.issue.repo)
  const { detail } = event
  return {
    id: event.id,
    node_id: event.nodeId,
    url: `${url}/issues/events/${event.id}`,
    actor: userJson(world, event.actor),
    event: event.event,
    commit_id: event.commitId,
    commit_url: event.commitId === null ? null : `${url}/commits/${event.commitId}`,
    created_at: event.createdAt,
    performed_via_github_app: nullableApp(world, event.app),
    ...(detail.kind === 'label' ? { label: { name: detail.name, color: detail.color } } : {}),
    ...(detail.kind === 'rename' ? { rename: { from: detail.from, to: detail.to } } : {}),
    ...(detail.kind === 'assignee'
      ? { assignee: userJson(world, detail.assignee), assigner: userJson(world, event.actor) }
      : {}),
    ...(detail.kind === 'dismissal'
      ? {
          dismissed_review: {
            state: detail.was.toLowerCase(),
            review_id: detail.review.id,
            dismissal_message: detail.message,
          },
        }
      : {}),
    ...(detail.kind === 'reviewer'
      ? {
          requested_reviewer: userJson(world, detail.reviewer),
          review_requester: userJson(world, event.actor),
        }
      : {}),
  }
}

/** How GitHub words somebody's tie to a repository. Wrong for private members there, and here too. */
export function association(repo: Repository, user: User): string {
  if (repo.owner === user) return 'OWNER'
  if (repo.owner.members.has(user.id)) return 'MEMBER'
  const role = roleOf(repo, user)
  return role !== 'none' && repo.collaborators.has(user.id) ? 'COLLABORATOR' : 'NONE'
}

export function rollup(url: string, reactions: readonly Reaction[]): JsonObject {
  const counts: Record<string, number> = {}
  for (const content of REACTIONS) counts[content] = 0
  for (const { content } of reactions) counts[content] = (counts[content] ?? 0) + 1
  return { url, total_count: reactions.length, ...counts }
}

function pullLinks(world: World, issue: Issue, mergedAt: string | null): JsonObject {
  const html = issueHtmlUrl(world, issue)
  return {
    pull_request: {
      url: `${repoUrl(world, issue.repo)}/pulls/${issue.number}`,
      html_url: html,
      diff_url: `${html}.diff`,
      patch_url: `${html}.patch`,
      merged_at: mergedAt,
    },
  }
}

function summary(subIssues: readonly Issue[]): JsonObject {
  const completed = subIssues.filter((issue) => issue.state === 'closed').length
  const total = subIssues.length
  return {
    total,
    completed,
    percent_completed: total === 0 ? 0 : Math.floor((100 * completed) / total),
  }
}

function dependencies(issue: Issue): JsonObject {
  const open = (issues: readonly Issue[]): number =>
    issues.filter((other) => other.state === 'open').length
  return {
    blocked_by: open(issue.blockedBy),
    total_blocked_by: issue.blockedBy.length,
    blocking: issue.state === 'open' ? issue.blocking.length : 0,
    total_blocking: issue.blocking.length,
  }
}
