// Commit statuses as GitHub's payloads show them.
import type { Commit } from '../git/commits.ts'
import type { JsonObject } from '../world/refusal.ts'
import type { CommitStatus } from '../world/status.ts'
import { fullNameOf, type World } from '../world/world.ts'
import { commitJson } from './commit.ts'
import { repoUrl } from './repository.ts'
import { userJson } from './user.ts'

/** The `status` schema. */
export function statusJson(world: World, status: CommitStatus): JsonObject {
  return { ...simpleStatusJson(world, status), creator: userJson(world, status.creator) }
}

/** The `simple-commit-status` schema, for the combined view. */
export function simpleStatusJson(world: World, status: CommitStatus): JsonObject {
  return {
    url: `${repoUrl(world, status.repo)}/statuses/${status.sha}`,
    avatar_url: `${world.url}/avatars/u/${status.creator.id}`,
    id: status.id,
    node_id: status.nodeId,
    state: status.state,
    description: status.description,
    target_url: status.targetUrl,
    context: status.context,
    created_at: status.createdAt,
    updated_at: status.createdAt,
  }
}

/** The body of a `status` webhook. */
export function statusWebhookJson(world: World, status: CommitStatus, commit: Commit): JsonObject {
  const { repo, sha } = status
  const heads = 'refs/heads/'
  const branches = [...repo.refs].filter(([ref, tip]) => tip === sha && ref.startsWith(heads))
  return {
    id: status.id,
    sha,
    name: fullNameOf(repo),
    avatar_url: `${world.url}/avatars/u/${status.creator.id}`,
    target_url: status.targetUrl,
    context: status.context,
    description: status.description,
    state: status.state,
    commit: commitJson(world, repo, commit),
    branches: branches.map(([ref]) => {
      const name = ref.slice(heads.length)
      const at = { sha, url: `${repoUrl(world, repo)}/commits/${sha}` }
      return { name, commit: at, protected: repo.protectedBranches.has(name) }
    }),
    created_at: status.createdAt,
    updated_at: status.createdAt,
  }
}
