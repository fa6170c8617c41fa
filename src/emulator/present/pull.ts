// Pull requests and reviews as GitHub's payloads show them. A pull request shares number, title,
// labels and comments with its issue; `pull` is the branch side.
import type { JsonObject } from '../world/refusal.ts'
import type { Issue, Pull, PullIssue, Review } from '../world/issue.ts'
import type { World } from '../world/world.ts'
import { association, issueHtmlUrl, issueUrl } from './issue.ts'
import { labelJson, repoJson, repoUrl } from './repository.ts'
import { nullableUser, userJson } from './user.ts'

export function pullUrl(world: World, issue: Issue): string {
  return `${repoUrl(world, issue.repo)}/pulls/${issue.number}`
}

/** The `pull-request-simple` schema, for lists and review webhooks. */
export function simplePullJson(world: World, issue: Issue, pull: Pull): JsonObject {
  const { repo } = issue
  const url = pullUrl(world, issue)
  const html = issueHtmlUrl(world, issue)
  const api = repoUrl(world, repo)
  const links = {
    commits: `${url}/commits`,
    review_comments: `${url}/comments`,
    review_comment: `${api}/pulls/comments{/number}`,
    comments: `${issueUrl(world, issue)}/comments`,
    statuses: `${api}/statuses/${pull.head.sha}`,
  }
  return {
    url,
    id: pull.id,
    node_id: issue.nodeId,
    html_url: html,
    diff_url: `${html}.diff`,
    patch_url: `${html}.patch`,
    issue_url: issueUrl(world, issue),
    number: issue.number,
    state: issue.state,
    locked: issue.locked,
    active_lock_reason: issue.lockReason,
    title: issue.title,
    user: userJson(world, issue.user),
    body: issue.body,
    created_at: issue.createdAt,
    updated_at: issue.updatedAt,
    closed_at: issue.closedAt,
    merged_at: pull.mergedAt,
    merge_commit_sha: pull.mergeCommitSha,
    assignee: nullableUser(world, issue.assignees[0] ?? null),
    assignees: issue.assignees.map((user) => userJson(world, user)),
    requested_reviewers: pull.requestedReviewers.map((user) => userJson(world, user)),
    requested_teams: [],
    labels: issue.labels.map((label) => labelJson(world, repo, label)),
    milestone: null,
    draft: pull.draft,
    commits_url: links.commits,
    review_comments_url: links.review_comments,
    review_comment_url: links.review_comment,
    comments_url: links.comments,
    statuses_url: links.statuses,
    head: branchJson(world, issue, pull.head),
    base: branchJson(world, issue, pull.base),
    _links: {
      self: { href: url },
      html: { href: html },
      issue: { href: issueUrl(world, issue) },
      ...Object.fromEntries(Object.entries(links).map(([name, href]) => [name, { href }])),
    },
    author_association: association(repo, issue.user),
    auto_merge: null,
  }
}

/**
 * The `pull-request` schema. The caller has refreshed `pull.stats` and knows the `mergeable_state`;
 * unknown mergeability is null.
 */
export function pullJson(
  world: World,
  issue: Issue,
  pull: Pull,
  state: string = 'unknown',
): JsonObject {
  const { stats } = pull
  const mergeable = issue.state === 'closed' ? null : (stats?.mergeable ?? null)
  return {
    ...simplePullJson(world, issue, pull),
    merged: pull.merged,
    mergeable,
    rebaseable: mergeable,
    mergeable_state: state,
    merged_by: nullableUser(world, pull.mergedBy),
    comments: issue.comments.length,
    review_comments: said(pull),
    maintainer_can_modify: pull.maintainerCanModify,
    commits: stats?.commits ?? 0,
    additions: stats?.additions ?? 0,
    deletions: stats?.deletions ?? 0,
    changed_files: stats?.changedFiles ?? 0,
  }
}

/** As webhooks carry it: GitHub has not computed the mergeability yet when it sends them. */
export function pullWebhookJson(world: World, issue: Issue, pull: Pull): JsonObject {
  return { ...pullJson(world, issue, pull), mergeable: null, rebaseable: null }
}

/** As webhooks about reviews carry it. */
export function pullInReviewJson(world: World, issue: PullIssue): JsonObject {
  return simplePullJson(world, issue, issue.pull)
}

export function reviewJson(world: World, issue: Issue, review: Review): JsonObject {
  const html = `${issueHtmlUrl(world, issue)}#pullrequestreview-${review.id}`
  const url = pullUrl(world, issue)
  return {
    id: review.id,
    node_id: review.nodeId,
    user: userJson(world, review.user),
    body: review.body,
    state: review.state,
    html_url: html,
    pull_request_url: url,
    author_association: association(issue.repo, review.user),
    _links: { html: { href: html }, pull_request: { href: url } },
    ...(review.submittedAt === null ? {} : { submitted_at: review.submittedAt }),
    commit_id: review.commitId,
  }
}

function branchJson(
  world: World,
  issue: Issue,
  branch: { readonly ref: string; readonly sha: string },
): JsonObject {
  const { repo } = issue
  return {
    label: `${repo.owner.login}:${branch.ref}`,
    ref: branch.ref,
    sha: branch.sha,
    user: userJson(world, repo.owner),
    repo: repoJson(world, repo),
  }
}

/** Comments on lines, those of pending reviews left out. */
function said(pull: Pull): number {
  return pull.threads
    .flatMap((thread) => thread.comments)
    .filter(({ review }) => review.state !== 'PENDING').length
}
