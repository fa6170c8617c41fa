/**
 * Octokits for one repository each. Every request they make passes the governor, carries a token of
 * exactly that repository and purpose, has a time limit, and throws `WorldFault`s only.
 */
import { Octokit } from '@octokit/rest'
import type { InstallationId } from '../domain/ids.ts'
import type { RepoRef } from '../domain/repository.ts'
import type { Clock } from '../ports/clock.ts'
import { WorldFault } from '../ports/fault.ts'
import type { Log } from '../ports/log.ts'
import type { Lane } from '../ports/tracker.ts'
import type { GitHubCounters } from './counters.ts'
import { describeRequest, type Described } from './describe-request.ts'
import { classify, limitOf } from './errors.ts'
import { readFailure, type Failure } from './failure.ts'
import type { Governor } from './governor.ts'
import { graphqlFailure } from './graphql-errors.ts'
import { guardedFetch } from './guarded-fetch.ts'
import { pointsOf } from './pace.ts'
import { quietLog } from './quiet-log.ts'
import { REPLICATION } from './tokens.ts'
import type { Permissions, Scope, Tokens } from './tokens.ts'

/** What a token is for. Few sets, because each costs a mint; none wider than its calls need. */
export const ACCESS = {
  look: { metadata: 'read', contents: 'read', issues: 'read', pull_requests: 'read' },
  tell: { metadata: 'read', issues: 'write', checks: 'write' },
  pull: { metadata: 'read', contents: 'read', pull_requests: 'write' },
  list: { metadata: 'read' },
} as const satisfies Readonly<Record<string, Permissions>>

/** Nothing changed since the conditional request before. */
export class NotModified extends Error {
  constructor() {
    super('not modified')
    this.name = 'NotModified'
  }
}

export interface ClientOptions {
  readonly baseUrl: string
  readonly timeoutMilliseconds: number
  readonly tokens: Tokens
  readonly governorOf: (installation: InstallationId) => Governor
  readonly counters: GitHubCounters
  readonly clock: Clock
  readonly log: Log
}

export interface Client {
  /** Writes are acts unless said otherwise; reads have no lane. */
  on(repo: RepoRef, access: 'look' | 'tell' | 'pull', lane?: Lane): Octokit
  /** For listing what an installation holds. */
  within(installation: InstallationId): Octokit
}

interface Reply {
  readonly status: number
  readonly headers: Readonly<Record<string, string | number | undefined>>
  readonly data: unknown
}

export function createClient(options: ClientOptions): Client {
  // A new Octokit takes 15 µs: cheaper than to keep one per repository, purpose and lane.
  function connect(scope: Scope, lane: Lane): Octokit {
    const octokit = new Octokit({
      baseUrl: options.baseUrl,
      log: quietLog(options.log),
      request: { fetch: guardedFetch(options.baseUrl, scope.repo) },
    })
    const governor = options.governorOf(scope.installation)
    octokit.hook.wrap('request', async (request, call) => {
      const described = { ...describeRequest(call.method, call.url, call.request['purpose']), lane }
      return await governor.run(described, described.operation, () =>
        sendWithToken({ options, governor, scope, described }, async (authorization, signal) => {
          // In place, because Octokit's hooks are bound to this very object: a copy would be ignored.
          call.headers = { ...call.headers, authorization }
          call.request = { ...call.request, signal }
          return request(call)
        }),
      )
    })
    return octokit
  }

  return {
    on(repo, access, lane = 'act') {
      const { installation, id } = repo
      return connect({ installation, repo: id, permissions: ACCESS[access] }, lane)
    },
    within: (installation) =>
      connect({ installation, repo: null, permissions: ACCESS.list }, 'act'),
  }
}

interface Exchange {
  readonly options: ClientOptions
  readonly governor: Governor
  readonly scope: Scope
  readonly described: Described & { readonly lane: Lane }
}

/**
 * A fresh token that is not known everywhere yet is tried again after a moment, once; a token that stays
 * refused is replaced, once: tokens are revoked early when permissions change.
 */
async function sendWithToken<R extends Reply>(at: Exchange, send: Send<R>): Promise<R> {
  const { tokens, timeoutMilliseconds, clock } = at.options
  let [waited, renewed] = [false, false]
  for (;;) {
    const token = await tokens.get(at.scope)
    count(at)
    const signal = AbortSignal.timeout(timeoutMilliseconds)
    const outcome = await exchange(() => send(`token ${token}`, signal))
    if (!waited && isLag(outcome) && tokens.isFresh(at.scope, token)) {
      waited = true
      await clock.sleep(REPLICATION)
    } else if (!renewed && isRefused(outcome) && tokens.renew(at.scope, token)) renewed = true
    else return settle(at, outcome)
  }
}

const isRefused = <R>(outcome: Outcome<R>): boolean =>
  outcome.kind === 'failed' && outcome.failure.status === 401

/** The permissions were granted when the token was minted, so a 403 for want of them is the replicas' lag too. */
const isLag = <R>(outcome: Outcome<R>): boolean =>
  isRefused(outcome) ||
  (outcome.kind === 'failed' &&
    outcome.failure.status === 403 &&
    /not accessible by integration/i.test(outcome.failure.message))

type Send<R> = (authorization: string, signal: AbortSignal) => Promise<R>
type Outcome<R> =
  | { readonly kind: 'replied'; readonly reply: R }
  | { readonly kind: 'failed'; readonly failure: Failure }

async function exchange<R extends Reply>(send: () => Promise<R>): Promise<Outcome<R>> {
  try {
    const reply = await send()
    const headers = textual(reply.headers)
    const failure = graphqlFailure(reply.data, headers) ?? garbled(reply, headers)
    return failure === null ? { kind: 'replied', reply } : { kind: 'failed', failure }
  } catch (error) {
    const failure = readFailure(error)
    if (failure === null) throw error
    return { kind: 'failed', failure }
  }
}

function settle<R extends Reply>(at: Exchange, outcome: Outcome<R>): R {
  const { governor, described, options } = at
  if (outcome.kind === 'replied') {
    governor.answered(described.resource, outcome.reply.headers)
    return outcome.reply
  }
  const { failure } = outcome
  const limit = limitOf(failure)
  if (limit !== null) {
    options.counters.rateLimited += 1
    throw classify(failure, described, governor.refused(described.resource, failure.headers, limit))
  }
  if (failure.status !== null) governor.answered(described.resource, failure.headers)
  if (failure.status === 304) {
    options.counters.notModified += 1
    throw new NotModified()
  }
  throw classify(failure, described, null)
}

/** A success whose body is not JSON was written by something between GitHub and us, or cut. */
function garbled(reply: Reply, headers: Failure['headers']): Failure | null {
  const { status } = reply
  if (status === 204 || status === 205 || typeof reply.data === 'object') return null
  const message = `answered ${status}, but not with JSON`
  return { status: null, headers, message, code: null, redirected: false }
}

function count(at: Exchange): void {
  const { counters } = at.options
  const { effect } = at.described
  at.governor.sent(at.described)
  counters.requests += 1
  counters.points += pointsOf(effect)
  if (effect === 'read') counters.reads += 1
  else if (effect === 'edit') counters.edits += 1
  else counters.creations += 1
}

const textual = (headers: Reply['headers']): Failure['headers'] =>
  Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      value === undefined ? undefined : String(value),
    ]),
  )

/** What of it means that the thing is not there (any more). */
export const isMissing = (error: unknown): boolean =>
  error instanceof WorldFault && (error.kind === 'not-found' || error.kind === 'gone')
