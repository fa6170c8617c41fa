// Repositories and labels as GitHub's payloads show them.
import type { JsonObject } from '../world/refusal.ts'
import type { Label, Repository } from '../world/issue.ts'
import type { Role } from '../world/people.ts'
import { fullNameOf, type World } from '../world/world.ts'
import { userJson } from './user.ts'

/** The API address of a repository; everything in it is addressed below. */
export function repoUrl(world: World, repo: Repository): string {
  return `${world.url}/api/v3/repos/${fullNameOf(repo)}`
}

export function repoHtmlUrl(world: World, repo: Repository): string {
  return `${world.url}/${fullNameOf(repo)}`
}

/** The `repository` schema, which lists and pull requests' branches use. */
export function repoJson(world: World, repo: Repository): JsonObject {
  const html = repoHtmlUrl(world, repo)
  const host = world.url.replace(/^https?:\/\//, '')
  const open = [...repo.issues.values()].filter((issue) => issue.state === 'open').length
  return {
    id: repo.id,
    node_id: repo.nodeId,
    name: repo.name,
    full_name: fullNameOf(repo),
    owner: userJson(world, repo.owner),
    private: repo.private,
    html_url: html,
    description: repo.description,
    fork: false,
    ...addresses(repoUrl(world, repo)),
    git_url: `git://${host}/${fullNameOf(repo)}.git`,
    ssh_url: `git@${host}:${fullNameOf(repo)}.git`,
    clone_url: `${html}.git`,
    svn_url: html,
    mirror_url: null,
    homepage: null,
    language: null,
    license: null,
    forks: 0,
    forks_count: 0,
    stargazers_count: 0,
    watchers: 0,
    watchers_count: 0,
    size: 0,
    default_branch: repo.defaultBranch,
    open_issues: open,
    open_issues_count: open,
    is_template: false,
    topics: [],
    has_issues: true,
    has_projects: true,
    has_wiki: false,
    has_pages: false,
    has_downloads: true,
    has_discussions: false,
    archived: repo.archived,
    disabled: false,
    visibility: repo.private ? 'private' : 'public',
    pushed_at: repo.pushedAt,
    created_at: repo.createdAt,
    updated_at: repo.updatedAt,
    allow_forking: true,
    web_commit_signoff_required: false,
  }
}

/** The `full-repository` schema, for `GET /repos/{owner}/{repo}`. */
export function fullRepoJson(world: World, repo: Repository): JsonObject {
  return {
    ...repoJson(world, repo),
    allow_rebase_merge: true,
    allow_squash_merge: true,
    allow_merge_commit: true,
    allow_auto_merge: false,
    delete_branch_on_merge: false,
    subscribers_count: 0,
    network_count: 0,
    ...(repo.owner.type === 'Organization' ? { organization: userJson(world, repo.owner) } : {}),
  }
}

/** The repository inside a `push` payload, whose times are numbers and whose fields differ a little. */
export function pushedRepoJson(world: World, repo: Repository): JsonObject {
  return {
    ...repoJson(world, repo),
    url: repoHtmlUrl(world, repo),
    created_at: Date.parse(repo.createdAt) / 1000,
    pushed_at: Date.parse(repo.pushedAt) / 1000,
    stargazers: 0,
    master_branch: repo.defaultBranch,
    ...(repo.owner.type === 'Organization' ? { organization: repo.owner.login } : {}),
  }
}

export function labelJson(world: World, repo: Repository, label: Label): JsonObject {
  return {
    id: label.id,
    node_id: label.nodeId,
    url: `${repoUrl(world, repo)}/labels/${encodeURIComponent(label.name)}`,
    name: label.name,
    color: label.color,
    default: label.isDefault,
    description: label.description,
  }
}

/** What a role allows, in the shape of a collaborator's or repository's `permissions`. */
export function roleFlags(role: Role | 'none'): JsonObject {
  const rank = ['none', 'read', 'triage', 'write', 'maintain', 'admin'].indexOf(role)
  return { pull: rank > 0, triage: rank > 1, push: rank > 2, maintain: rank > 3, admin: rank > 4 }
}

function addresses(url: string): JsonObject {
  return {
    url,
    archive_url: `${url}/{archive_format}{/ref}`,
    assignees_url: `${url}/assignees{/user}`,
    blobs_url: `${url}/git/blobs{/sha}`,
    branches_url: `${url}/branches{/branch}`,
    collaborators_url: `${url}/collaborators{/collaborator}`,
    comments_url: `${url}/comments{/number}`,
    commits_url: `${url}/commits{/sha}`,
    compare_url: `${url}/compare/{base}...{head}`,
    contents_url: `${url}/contents/{+path}`,
    contributors_url: `${url}/contributors`,
    deployments_url: `${url}/deployments`,
    downloads_url: `${url}/downloads`,
    events_url: `${url}/events`,
    forks_url: `${url}/forks`,
    git_commits_url: `${url}/git/commits{/sha}`,
    git_refs_url: `${url}/git/refs{/sha}`,
    git_tags_url: `${url}/git/tags{/sha}`,
    hooks_url: `${url}/hooks`,
    issue_comment_url: `${url}/issues/comments{/number}`,
    issue_events_url: `${url}/issues/events{/number}`,
    issues_url: `${url}/issues{/number}`,
    keys_url: `${url}/keys{/key_id}`,
    labels_url: `${url}/labels{/name}`,
    languages_url: `${url}/languages`,
    merges_url: `${url}/merges`,
    milestones_url: `${url}/milestones{/number}`,
    notifications_url: `${url}/notifications{?since,all,participating}`,
    pulls_url: `${url}/pulls{/number}`,
    releases_url: `${url}/releases{/id}`,
    stargazers_url: `${url}/stargazers`,
    statuses_url: `${url}/statuses/{sha}`,
    subscribers_url: `${url}/subscribers`,
    subscription_url: `${url}/subscription`,
    tags_url: `${url}/tags`,
    teams_url: `${url}/teams`,
    trees_url: `${url}/git/trees{/sha}`,
  }
}
