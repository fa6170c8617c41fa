/**
 * Octokits for one repository each. Every request they make passes the governor, carries a token of
 * exactly that repository and purpose, has a time limit, and throws `WorldFault`s only.
 */
import { Octokit } from '@octokit/rest'
import type { InstallationId } from '../domain/ids.ts'
import type { Deadline } from '../domain/deadline.ts'
import type { RepoRef } from '../domain/repository.ts'
import type { Clock } from '../ports/clock.ts'
import { WorldFault } from '../ports/fault.ts'
import type { Log } from '../ports/log.ts'
import type { Lane } from '../ports/tracker.ts'
import type { Breaker } from './breaker.ts'
import type { GitHubCounters } from './counters.ts'
import { describeRequest, type Described } from './describe-request.ts'
import type { Reply } from './exchange.ts'
import type { Governor } from './governor.ts'
import { guardedFetch } from './guarded-fetch.ts'
import { createJoinReads } from './join-reads.ts'
import type { LeaveClean } from './leave-clean.ts'
import { quietLog } from './quiet-log.ts'
import { createRefusals } from './refusals.ts'
import { createReplies } from './replies.ts'
import { NotModified, sendWithToken } from './send-with-token.ts'
import type { Permissions, Scope, Tokens } from './tokens.ts'
import { checkTimely } from './timely.ts'

export { NotModified } from './send-with-token.ts'

/** What a token is for. Few sets, because each costs a mint; none wider than its calls need. */
export const ACCESS = {
  look: { metadata: 'read', contents: 'read', issues: 'read', pull_requests: 'read' },
  /** Pull requests with what others check on them. */
  review: {
    metadata: 'read',
    issues: 'read',
    pull_requests: 'read',
    checks: 'read',
    statuses: 'read',
  },
  tell: { metadata: 'read', issues: 'write', checks: 'write' },
  pull: { metadata: 'read', contents: 'read', pull_requests: 'write' },
  commit: { metadata: 'read', contents: 'write' },
  list: { metadata: 'read' },
  // Projects are an organisation's own; what lies on them is seen through the repositories of the token.
  board: { metadata: 'read', issues: 'read', organization_projects: 'write' },
  boards: { metadata: 'read', issues: 'read', organization_projects: 'read' },
} as const satisfies Readonly<Record<string, Permissions>>

export interface ClientOptions {
  readonly baseUrl: string
  readonly timeoutMilliseconds: number
  readonly tokens: Tokens
  /** What guards the requests of an installation; none of another waits for them. */
  readonly gateOf: (installation: InstallationId) => Gate
  readonly counters: GitHubCounters
  readonly leave: LeaveClean
  readonly clock: Clock
  readonly log: Log
}

export interface Gate {
  readonly governor: Governor
  readonly breaker: Breaker
}

export interface Client {
  /** For reading; `tell`: what only those may read who may write it. */
  on(repo: RepoRef, access: 'look' | 'review' | 'tell'): Octokit
  /** For writing in that lane, and not later than told. */
  write(repo: RepoRef, access: 'tell' | 'pull' | 'commit' | 'board', going: Going): Octokit
  /** For reading what an installation holds: its repositories, or its boards with what lies on them. */
  within(installation: InstallationId, access?: 'list' | 'boards'): Octokit
}

export interface Going {
  readonly lane: Lane
  readonly notAfter: Deadline
}

/** What Octokit's hook is given. */
interface Call {
  readonly method: string
  readonly url: string
  readonly baseUrl: string
  readonly request: object
  headers: Readonly<Record<string, string | number | undefined>>
}

export function createClient(options: ClientOptions): Client {
  const replies = createReplies()
  const refusals = createRefusals(options.clock)
  const join = createJoinReads()

  // A new Octokit takes 15 µs: cheaper than to keep one per repository, purpose and lane.
  function connect(scope: Scope, going: Going | null): Octokit {
    const octokit = new Octokit({
      baseUrl: options.baseUrl,
      log: quietLog(options.log),
      request: { fetch: guardedFetch(options.baseUrl, scope.repo, options.leave) },
    })
    const gate = options.gateOf(scope.installation)
    octokit.hook.wrap('request', async (request, call) => {
      const described = {
        ...describeRequest(call.method, call.url, {
          purpose: call.request['purpose'],
          mutates: call.request['mutates'],
        }),
        lane: going?.lane ?? 'act',
      }
      if (described.effect !== 'read' && going === null)
        throw new Error(`${described.operation} is a write, and nobody said how late it may go out`)
      const ask = (sent: () => void) =>
        guarded(described, scope, () =>
          gate.breaker.run(described.operation, (report) =>
            sendWithToken(
              { options, governor: gate.governor, scope, described, sent, report },
              async (authorization, signal) => {
                if (going !== null) checkTimely(going.notAfter, described.operation, options.clock)
                // In place, because Octokit's hooks are bound to this very object: a copy would be ignored.
                call.headers = { ...call.headers, authorization }
                call.request = { ...call.request, signal }
                return request(call)
              },
            ),
          ),
        )
      if (described.effect !== 'read') return await ask(() => undefined)
      const question = keyOf(scope, call)
      return await join(question, (sent) => asked(call, question, () => ask(sent)))
    })
    return octokit
  }

  async function guarded<T>(
    { operation }: Described,
    { repo, installation, permissions }: Scope,
    work: () => Promise<T>,
  ): Promise<T> {
    const token = JSON.stringify([installation, repo, permissions])
    const place = `${token} ${operation}`
    refusals.check(token)
    refusals.check(place)
    try {
      return await work()
    } catch (error) {
      // What speaks of another operation speaks of the token, which could not be had.
      const own = error instanceof WorldFault && error.operation === operation
      refusals.remember(own ? place : token, error)
      throw error
    }
  }

  /** As a conditional request where the answer to the same question is known. */
  async function asked<R extends Reply>(
    call: Call,
    question: string,
    ask: () => Promise<R>,
  ): Promise<R> {
    if (!isRepeatable(call)) return await ask()
    const known = replies.recall(question)
    if (known !== null) call.headers = { ...call.headers, 'if-none-match': known.etag }
    try {
      const reply = await ask()
      replies.keep(question, reply)
      return reply
    } catch (error) {
      if (!(error instanceof NotModified) || known === null) throw error
      // The key names the question, so the answer is of its kind.
      return known.reply as R
    }
  }

  return {
    on: (repo, access) => connect(scopeOf(repo, access), null),
    write: (repo, access, going) => connect(scopeOf(repo, access), going),
    within: (installation, access = 'list') =>
      connect({ installation, repo: null, permissions: ACCESS[access] }, null),
  }
}

const scopeOf = ({ installation, id }: RepoRef, access: keyof typeof ACCESS): Scope => ({
  installation,
  repo: id,
  permissions: ACCESS[access],
})

/** Everything that the answer depends on. */
function keyOf({ installation, repo, permissions }: Scope, call: Call): string {
  const { request: _octokits, headers, baseUrl: _ours, ...question } = call
  return JSON.stringify([installation, repo, permissions, headers['if-none-match'], question])
}

/** Authority is asked anew each time, and who brings a condition of their own wants to hear of it. */
const isRepeatable = (call: Call): boolean =>
  call.method === 'GET' &&
  call.headers['if-none-match'] === undefined &&
  !call.url.includes('/collaborators/')

/** What of it means that the thing is not there (any more). */
export const isMissing = (error: unknown): boolean =>
  error instanceof WorldFault && (error.kind === 'not-found' || error.kind === 'gone')
