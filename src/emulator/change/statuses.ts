// Commit statuses, each a new line of history; the newest of a context counts.
import type { Commit } from '../git/commits.ts'
import { statusWebhookJson } from '../present/status.ts'
import { invalid } from '../world/refusal.ts'
import type { Actor } from '../world/app.ts'
import type { Repository } from '../world/issue.ts'
import type { CommitStatus, StatusState } from '../world/status.ts'
import { nodeId, type World } from '../world/world.ts'

// GitHub's: more statuses of one context on one commit are refused.
const MAX_PER_CONTEXT = 1_000
const MAX_DESCRIPTION = 140

export type NewStatus = {
  readonly repo: Repository
  readonly commit: Commit
  readonly state: StatusState
  readonly context: string
  readonly description: string | null
  readonly targetUrl: string | null
}

export function createStatus(world: World, actor: Actor, given: NewStatus): CommitStatus {
  const { commit, context, repo } = given
  const refuse = (message: string): never => {
    throw invalid({ resource: 'Status', code: 'custom', message })
  }
  if ((given.description ?? '').length > MAX_DESCRIPTION) {
    refuse(`description is too long (maximum is ${MAX_DESCRIPTION} characters)`)
  }
  const same = statusesOf(world, repo, commit.sha).filter((one) => one.context === context)
  if (same.length >= MAX_PER_CONTEXT) {
    refuse('This SHA and context has reached the maximum number of statuses.')
  }
  const id = world.nextId()
  const status: CommitStatus = {
    id,
    nodeId: nodeId('SC', id),
    repo,
    sha: commit.sha,
    context,
    creator: actor.user,
    createdAt: world.stamp(),
    state: given.state,
    description: given.description,
    targetUrl: given.targetUrl,
  }
  world.statuses.push(world.born(status))
  const payload = statusWebhookJson(world, status, commit)
  world.emit({ event: 'status', action: null, sender: actor.user, repo, payload: () => payload })
  return status
}

/** Newest first. */
export function statusesOf(world: World, repo: Repository, sha: string): readonly CommitStatus[] {
  return world.statuses.filter((one) => one.repo === repo && one.sha === sha).toReversed()
}

/** The newest of each context. */
export function latestStatuses(
  world: World,
  repo: Repository,
  sha: string,
): readonly CommitStatus[] {
  const seen = new Set<string>()
  return statusesOf(world, repo, sha).filter(({ context }) => {
    if (seen.has(context)) return false
    seen.add(context)
    return true
  })
}
