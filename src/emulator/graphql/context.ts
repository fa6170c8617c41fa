// What resolvers know of the query they work for, and how they refuse.
import { GraphQLError } from 'graphql'
import { allows, effective, reaches, type Need } from '../auth/permission.ts'
import type { Actor } from '../world/app.ts'
import type { Token } from '../world/installation.ts'
import type { Issue, Repository } from '../world/issue.ts'
import { fullNameOf, type World } from '../world/world.ts'
import type { Limits } from '../http/limits.ts'

export type QueryContext = {
  readonly world: World
  readonly token: Token
  readonly actor: Actor
  readonly limits: Limits
  readonly limitKey: string
  readonly cost: number
}

export function refuse(type: string, message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { type } })
}

/** Whether the query may know that the repository exists. */
export function sees(context: QueryContext, repo: Repository): boolean {
  return !repo.private || reaches(context.token, repo)
}

/** Refuses what the token's permissions do not open; a correct client never asks for it. */
export function need(context: QueryContext, repo: Repository, needed: readonly Need[]): void {
  const held = effective(context.token)
  if (needed.some((one) => allows(held, one))) return
  context.world.violate(
    'permission',
    `graphql on ${fullNameOf(repo)}`,
    `needs ${needed.join(' or ')}`,
  )
  throw refuse('FORBIDDEN', 'Resource not accessible by integration')
}

export function needIssue(context: QueryContext, issue: Issue): void {
  need(context, issue.repo, issue.pull === null ? ['issues:read'] : ['pull_requests:read'])
}
