// Commits, files and refs as GitHub's payloads show them.
import type { Commit, Person } from '../git/commits.ts'
import type { FileDifference } from '../git/differences.ts'
import type { TouchedFile } from '../git/touched-files.ts'
import type { JsonObject } from '../world/refusal.ts'
import type { Repository } from '../world/issue.ts'
import type { User } from '../world/people.ts'
import { nodeId, type World } from '../world/world.ts'
import { repoHtmlUrl, repoUrl } from './repository.ts'
import { nullableUser } from './user.ts'

const UNSIGNED = {
  verified: false,
  reason: 'unsigned',
  signature: null,
  payload: null,
  verified_at: null,
}

/** The `commit` schema. */
export function commitJson(world: World, repo: Repository, commit: Commit): JsonObject {
  const url = `${repoUrl(world, repo)}/commits/${commit.sha}`
  return {
    sha: commit.sha,
    node_id: nodeId('C', repo.id),
    commit: {
      author: commit.author,
      committer: commit.committer,
      message: commit.message,
      tree: { sha: commit.tree, url: `${repoUrl(world, repo)}/git/trees/${commit.tree}` },
      url: `${repoUrl(world, repo)}/git/commits/${commit.sha}`,
      comment_count: 0,
      verification: UNSIGNED,
    },
    url,
    html_url: `${repoHtmlUrl(world, repo)}/commit/${commit.sha}`,
    comments_url: `${url}/comments`,
    author: nullableUser(world, userByEmail(world, commit.author)),
    committer: nullableUser(world, userByEmail(world, commit.committer)),
    parents: commit.parents.map((sha) => ({
      sha,
      url: `${repoUrl(world, repo)}/commits/${sha}`,
      html_url: `${repoHtmlUrl(world, repo)}/commit/${sha}`,
    })),
  }
}

/** The `git-commit` schema. */
export function gitCommitJson(world: World, repo: Repository, commit: Commit): JsonObject {
  return {
    sha: commit.sha,
    node_id: nodeId('C', repo.id),
    url: `${repoUrl(world, repo)}/git/commits/${commit.sha}`,
    html_url: `${repoHtmlUrl(world, repo)}/commit/${commit.sha}`,
    author: commit.author,
    committer: commit.committer,
    tree: { sha: commit.tree, url: `${repoUrl(world, repo)}/git/trees/${commit.tree}` },
    message: commit.message,
    parents: commit.parents.map((sha) => ({
      sha,
      url: `${repoUrl(world, repo)}/git/commits/${sha}`,
      html_url: `${repoHtmlUrl(world, repo)}/commit/${sha}`,
    })),
    verification: UNSIGNED,
  }
}

/** A commit inside a `push` webhook. */
export function pushedCommitJson(
  world: World,
  repo: Repository,
  commit: Commit,
  files: readonly TouchedFile[],
): JsonObject {
  const names = (status: TouchedFile['status']): readonly string[] =>
    files.filter((file) => file.status === status).map((file) => file.path)
  return {
    id: commit.sha,
    tree_id: commit.tree,
    distinct: true,
    message: commit.message,
    timestamp: commit.committer.date,
    url: `${repoHtmlUrl(world, repo)}/commit/${commit.sha}`,
    author: pusher(world, commit.author),
    committer: pusher(world, commit.committer),
    added: names('added'),
    removed: names('removed'),
    modified: names('modified'),
  }
}

/** The `diff-entry` schema. */
export function fileJson(
  world: World,
  repo: Repository,
  commit: string,
  file: FileDifference,
): JsonObject {
  const path = file.filename.split('/').map(encodeURIComponent).join('/')
  const html = repoHtmlUrl(world, repo)
  return {
    sha: file.sha,
    filename: file.filename,
    status: file.status,
    additions: file.additions,
    deletions: file.deletions,
    changes: file.additions + file.deletions,
    blob_url: `${html}/blob/${commit}/${path}`,
    raw_url: `${html}/raw/${commit}/${path}`,
    contents_url: `${repoUrl(world, repo)}/contents/${path}?ref=${commit}`,
    ...(file.patch === null ? {} : { patch: file.patch }),
    ...(file.previous === null ? {} : { previous_filename: file.previous }),
  }
}

/** The `git-ref` schema. */
export function refJson(
  world: World,
  repo: Repository,
  given: { readonly ref: string; readonly sha: string; readonly type: string },
): JsonObject {
  const { ref, sha, type } = given
  const kind = type === 'tag' ? 'tags' : 'commits'
  return {
    ref,
    node_id: nodeId('REF', repo.id),
    url: `${repoUrl(world, repo)}/git/${ref}`,
    object: { sha, type, url: `${repoUrl(world, repo)}/git/${kind}/${sha}` },
  }
}

function userByEmail(world: World, person: Person): User | null {
  return (
    [...world.users.values()].find((user) => user.email !== '' && user.email === person.email) ??
    null
  )
}

function pusher(world: World, person: Person): JsonObject {
  const user = userByEmail(world, person)
  return {
    name: person.name,
    email: person.email,
    ...(user === null ? {} : { username: user.login }),
  }
}
