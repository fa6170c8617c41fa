/** What a request is to the governor and to people: its name, whether it writes, and which budget it spends. */
import type { Resource } from '../ports/pace-book.ts'
import type { Effect } from './pace.ts'

export interface Described {
  readonly operation: string
  readonly effect: Effect
  readonly resource: Resource
}

// Content, which GitHub limits apart: comments, issues, pull requests, reviews, check runs, items of projects.
const CREATES = /\/(issues|comments|pulls|reviews|check-runs|replies|items|fields)$/

/** `url`: the route's template (`/repos/{owner}/{repo}/issues`) or, for GraphQL, its address; `purpose` says what a document is for. */
export function describeRequest(
  method: string,
  url: string,
  { purpose, mutates }: { readonly purpose?: unknown; readonly mutates?: unknown },
): Described {
  if (url.endsWith('/graphql')) {
    const operation = `GraphQL (${String(purpose)})`
    return { operation, effect: mutates === true ? 'edit' : 'read', resource: 'graphql' }
  }
  const operation = `${method} ${url}`
  if (method === 'GET' || method === 'HEAD') return { operation, effect: 'read', resource: 'core' }
  const effect = method === 'POST' && CREATES.test(url) ? 'create' : 'edit'
  return { operation, effect, resource: 'core' }
}
