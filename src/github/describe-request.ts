/** What a request is to the governor and to people: its name, whether it writes, and which budget it spends. */
import type { Resource } from '../ports/pace-book.ts'
import type { Effect } from './pace.ts'

export interface Described {
  readonly operation: string
  readonly effect: Effect
  readonly resource: Resource
}

// Content that notifies people, which GitHub limits apart: comments, issues, pull requests, reviews, check runs.
const CREATES = /\/(issues|comments|pulls|reviews|check-runs|replies)$/

/** `url`: the route's template (`/repos/{owner}/{repo}/issues`) or, for GraphQL, its address; `purpose` says what a query is for. */
export function describeRequest(method: string, url: string, purpose: unknown): Described {
  // Every GraphQL document of ours is a query.
  if (url.endsWith('/graphql'))
    return { operation: `GraphQL (${String(purpose)})`, effect: 'read', resource: 'graphql' }
  const operation = `${method} ${url}`
  if (method === 'GET' || method === 'HEAD') return { operation, effect: 'read', resource: 'core' }
  const effect = method === 'POST' && CREATES.test(url) ? 'create' : 'edit'
  return { operation, effect, resource: 'core' }
}
