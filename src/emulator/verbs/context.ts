// What verbs share: names into entities, and the question whether the named user may do it.
import { hasRole, requireRole, roleOf } from '../auth/role.ts'
import { isPull } from '../change/follow-branches.ts'
import type { Issue, PullIssue, Repository } from '../world/issue.ts'
import { forbidden, notFound } from '../world/refusal.ts'
import type { Actor } from '../world/app.ts'
import type { Role, User } from '../world/people.ts'
import type { World } from '../world/world.ts'
import type { Webhooks } from '../webhooks/dispatcher.ts'

export type VerbContext = { readonly world: World; readonly webhooks: Webhooks }

/** An issue or pull request named as a person would: repository and number. */
export type At = { readonly repo: string; readonly number: number }
/** The same, done by somebody. */
export type AsAt = At & { readonly as: string }

export function issueAt(world: World, at: At): Issue {
  const issue = world.repository(at.repo).issues.get(at.number)
  if (issue === undefined) throw notFound()
  return issue
}

export function pullAt(world: World, at: At): PullIssue {
  const issue = issueAt(world, at)
  if (!isPull(issue)) throw notFound()
  return issue
}

/** The user as one who acts, having at least this role there. */
export function acting(world: World, repo: Repository, login: string, needed: Role): Actor {
  const user = world.user(login)
  requireRole(repo, user, needed)
  return { user, app: null }
}

/** As `acting`, for what everybody may do to their own and only some to others'. */
export function actingOnOwn(
  world: World,
  repo: Repository,
  login: string,
  given: { owner: User; otherwise: Role },
): Actor {
  const user = world.user(login)
  requireRole(repo, user, user === given.owner ? 'read' : given.otherwise)
  return { user, app: null }
}

export function mayWrite(repo: Repository, user: User): boolean {
  return hasRole(roleOf(repo, user), 'write')
}

export function refuse(message: string): never {
  throw forbidden(message)
}
