// Which installations hear of an event: those that cover the repository, whose App subscribed to
// the event and holds the permission that GitHub asks for it.
import { allows, covers, type Need } from '../auth/permission.ts'
import type { Installation } from '../world/installation.ts'
import type { Emission, World } from '../world/world.ts'

// From GitHub's "Webhook events and payloads"; one of the needs suffices.
export const EVENT_NEEDS: Readonly<Record<string, readonly Need[]>> = {
  issues: ['issues:read'],
  sub_issues: ['issues:read'],
  issue_dependencies: ['issues:read'],
  label: ['issues:read', 'pull_requests:read'],
  issue_comment: ['issues:read', 'pull_requests:read'],
  pull_request: ['pull_requests:read'],
  pull_request_review: ['pull_requests:read'],
  pull_request_review_comment: ['pull_requests:read'],
  pull_request_review_thread: ['pull_requests:read'],
  push: ['contents:read'],
  create: ['contents:read'],
  delete: ['contents:read'],
  check_run: ['checks:read'],
  check_suite: ['checks:read'],
  repository: ['metadata:read'],
  member: ['metadata:read'],
  status: ['statuses:read'],
  projects_v2: ['organization_projects:read'],
  projects_v2_item: ['organization_projects:read'],
}

// Sent to every App whether it subscribes or not.
const ALWAYS = new Set(['installation', 'installation_repositories', 'github_app_authorization'])

// What people ask of one App's own checks: who may write checks is "automatically subscribed" to it, says the page
// "Webhook events and payloads".
const OWN_CHECKS = new Set(['check_run', 'check_suite'])

export function listeners(world: World, emission: Emission): readonly Installation[] {
  const { account, only, repo, event } = emission
  if (only !== undefined && ALWAYS.has(event)) return [only]
  if (only !== undefined && OWN_CHECKS.has(event)) {
    const hears = only.suspendedAt === null && allows(only.permissions, 'checks:write')
    return hears && (repo === null || covers(only, repo)) ? [only] : []
  }
  const candidates = only === undefined ? [...world.installations.values()] : [only]
  return candidates.filter(
    (one) =>
      one.suspendedAt === null &&
      (repo === null || covers(one, repo)) &&
      (account === undefined || one.account === account) &&
      one.app.events.includes(event) &&
      (EVENT_NEEDS[event] ?? []).some((need) => allows(one.permissions, need)),
  )
}
