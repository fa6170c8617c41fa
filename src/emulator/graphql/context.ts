// What resolvers know of the query they work for, and how they refuse.
import { GraphQLError } from 'graphql'
import { actorOf, type Credential } from '../auth/credential.ts'
import { allows, effective, reaches, type Need } from '../auth/permission.ts'
import { appMay, maySeeProject, mayWriteProject } from '../auth/project-access.ts'
import { hasRole, roleOf } from '../auth/role.ts'
import type { Actor } from '../world/app.ts'
import type { Issue, Repository } from '../world/issue.ts'
import type { Project } from '../world/project.ts'
import { fullNameOf, type World } from '../world/world.ts'
import type { Limits } from '../http/limits.ts'

/** An installation of an App, or a person by a classic token. */
export type Asker = Extract<Credential, { kind: 'installation' | 'person' }>

export type QueryContext = {
  readonly world: World
  readonly asker: Asker
  readonly actor: Actor
  readonly limits: Limits
  readonly limitKey: string
  readonly cost: number
}

export function queryContext(given: Omit<QueryContext, 'actor'>): QueryContext {
  return { ...given, actor: actorOf(given.asker) }
}

export function refuse(type: string, message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { type } })
}

/** Whether the query may know that the repository exists. */
export function sees({ asker }: QueryContext, repo: Repository): boolean {
  if (!repo.private) return true
  if (asker.kind === 'installation') return reaches(asker.token, repo)
  return asker.token.scopes.has('repo') && roleOf(repo, asker.token.user) !== 'none'
}

/** Whether the permissions open it, an App's or a person's. */
export function may({ asker }: QueryContext, repo: Repository, needed: readonly Need[]): boolean {
  if (asker.kind === 'installation') {
    const held = effective(asker.token)
    return needed.some((one) => allows(held, one))
  }
  const writes = needed.every((one) => !one.endsWith(':read'))
  const { scopes, user } = asker.token
  return scopes.has('repo') && hasRole(roleOf(repo, user), writes ? 'write' : 'read')
}

/** Refuses what the token's permissions do not open; a correct client never asks for it. */
export function need(context: QueryContext, repo: Repository, needed: readonly Need[]): void {
  if (may(context, repo, needed)) return
  throw denied(context, `graphql on ${fullNameOf(repo)}`, needed)
}

export function needIssue(context: QueryContext, issue: Issue): void {
  need(context, issue.repo, issue.pull === null ? ['issues:read'] : ['pull_requests:read'])
}

/** A project that is not to be seen is not there: all those of people, for an App. */
export function seesProject({ asker }: QueryContext, project: Project): boolean {
  if (asker.kind === 'installation') {
    return project.owner === asker.installation.account && project.owner.type === 'Organization'
  }
  return maySeeProject(project, asker.token.user)
}

export function needProject(
  context: QueryContext,
  project: Project,
  level: 'read' | 'write',
): void {
  const { asker } = context
  if (asker.kind === 'installation') {
    const { account } = asker.installation
    if (appMay(project, { account, permissions: effective(asker.token), level })) return
    throw denied(context, `graphql on project ${project.number} of ${project.owner.login}`, [
      `organization_projects:${level}`,
    ])
  }
  const { scopes, user } = asker.token
  const scoped = scopes.has('project') || (level === 'read' && scopes.has('read:project'))
  if (!scoped) {
    throw refuse(
      'INSUFFICIENT_SCOPES',
      `Your token has not been granted the required scopes to execute this query: ['${level === 'read' ? 'read:project' : 'project'}']`,
    )
  }
  if (level === 'write' && !mayWriteProject(project, user)) {
    throw refuse('FORBIDDEN', `${user.login} does not have permission to update the project`)
  }
}

function denied({ world }: QueryContext, what: string, needed: readonly Need[]): GraphQLError {
  world.violate('permission', what, `needs ${needed.join(' or ')}`)
  return refuse('FORBIDDEN', 'Resource not accessible by integration')
}
