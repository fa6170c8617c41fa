// What every change of an issue or pull request leaves behind: a newer `updated_at`, a line in its
// history, and the webhook that tells of it.
import { issueInWebhookJson } from '../present/issue.ts'
import { pullWebhookJson } from '../present/pull.ts'
import type { JsonObject } from '../world/refusal.ts'
import type { Actor } from '../world/app.ts'
import type { EventDetail, Issue } from '../world/issue.ts'
import { nodeId, type World } from '../world/world.ts'

export function touch(world: World, issue: Issue): void {
  issue.updatedAt = world.stamp()
}

/** Adds a line to the issue's history, as `GET …/events` lists it. */
export function recordEvent(
  world: World,
  issue: Issue,
  actor: Actor,
  given: { readonly event: string; readonly detail?: EventDetail; readonly commitId?: string },
): void {
  const id = world.nextId()
  issue.repo.events.push(
    world.born({
      id,
      nodeId: nodeId('EV', id),
      issue,
      actor: actor.user,
      app: actor.app,
      createdAt: world.stamp(),
      event: given.event,
      commitId: given.commitId ?? null,
      detail: given.detail ?? { kind: 'none' },
    }),
  )
}

/** Tells of a change: `issues.<action>`, or `pull_request.<action>` where the issue is one. */
export function emitIssue(
  world: World,
  issue: Issue,
  actor: Actor,
  given: { readonly action: string; readonly extra?: JsonObject },
): void {
  const { pull } = issue
  const shared = { action: given.action, sender: actor.user, repo: issue.repo }
  const extra = given.extra ?? {}
  if (pull === null) {
    const payload = (): JsonObject => ({ issue: issueInWebhookJson(world, issue), ...extra })
    world.emit({ ...shared, event: 'issues', payload })
    return
  }
  const payload = (): JsonObject => ({
    number: issue.number,
    pull_request: pullWebhookJson(world, issue, pull),
    ...extra,
  })
  world.emit({ ...shared, event: 'pull_request', payload })
}
