/** Sends one request with a token of its scope, through the governor each time, and throws `WorldFault`s only. */
import type { Clock } from '../ports/clock.ts'
import { WorldFault } from '../ports/fault.ts'
import type { Lane } from '../ports/tracker.ts'
import type { Health } from './breaker.ts'
import type { GitHubCounters } from './counters.ts'
import type { Described } from './describe-request.ts'
import { classify, limitOf } from './errors.ts'
import { exchange, healthOf, type Outcome, type Reply } from './exchange.ts'
import type { Governor } from './governor.ts'
import { pointsOf } from './pace.ts'
import { REPLICATION, type Scope, type Tokens } from './tokens.ts'

/** Nothing changed since the conditional request before. */
export class NotModified extends Error {
  constructor() {
    super('not modified')
    this.name = 'NotModified'
  }
}

export interface Exchange {
  readonly options: {
    readonly tokens: Tokens
    readonly counters: GitHubCounters
    readonly clock: Clock
    readonly timeoutMilliseconds: number
  }
  readonly governor: Governor
  readonly scope: Scope
  readonly described: Described & { readonly lane: Lane }
  /** Called when it goes out. */
  readonly sent: () => void
  readonly report: (health: Health) => void
}

type Send<R> = (authorization: string, signal: AbortSignal) => Promise<R>

/**
 * A fresh token that is not known everywhere yet is tried again after a moment, once; a token that stays
 * refused is replaced, once: tokens are revoked early when permissions change.
 */
export async function sendWithToken<R extends Reply>(at: Exchange, send: Send<R>): Promise<R> {
  const { tokens, clock } = at.options
  let [waited, renewed] = [false, false]
  for (;;) {
    // Before the governor's turn, which others wait for.
    const token = await tokenOf(at)
    const outcome = await at.governor.run(at.described, at.described.operation, () =>
      sendOnce(at, token, send),
    )
    if (!waited && isLag(outcome) && tokens.isFresh(at.scope, token)) {
      waited = true
      await clock.sleep(REPLICATION)
    } else if (!renewed && isRefused(outcome) && tokens.renew(at.scope, token)) renewed = true
    else return settle(at, outcome)
  }
}

async function tokenOf({ options, scope, report }: Exchange): Promise<string> {
  try {
    return await options.tokens.get(scope)
  } catch (error) {
    const health = error instanceof WorldFault ? healthOfMint(error) : null
    if (health !== null) report(health)
    throw error
  }
}

/** What a token that cannot be had says of the installation as a whole. */
function healthOfMint({ kind, status, message }: WorldFault): Health | null {
  const why = message
  if (kind === 'transient') return { kind: 'outage', why }
  const isRefusal =
    kind === 'unauthorised' ||
    (kind === 'gone' && status === 404) ||
    (kind === 'forbidden' && /suspended/i.test(message))
  return isRefusal ? { kind: 'credentials', why } : null
}

async function sendOnce<R extends Reply>(
  at: Exchange,
  token: string,
  send: Send<R>,
): Promise<Outcome<R>> {
  const { governor, described, options } = at
  at.sent()
  count(at)
  const signal = AbortSignal.timeout(options.timeoutMilliseconds)
  const outcome = await exchange(() => send(`token ${token}`, signal))
  if (outcome.kind === 'replied') {
    governor.answered(described.resource, outcome.reply.headers)
    return outcome
  }
  const { failure } = outcome
  const limit = limitOf(failure)
  if (limit !== null) {
    options.counters.rateLimited += 1
    const retryAt = await governor.refused(described.resource, failure.headers, limit)
    return { ...outcome, retryAt }
  }
  if (failure.status !== null) governor.answered(described.resource, failure.headers)
  return outcome
}

function settle<R extends Reply>(at: Exchange, outcome: Outcome<R>): R {
  at.report(healthOf(outcome))
  if (outcome.kind === 'replied') return outcome.reply
  const { failure, retryAt } = outcome
  if (failure.status === 304) {
    at.options.counters.notModified += 1
    throw new NotModified()
  }
  throw classify(failure, at.described, retryAt)
}

const isRefused = <R>(outcome: Outcome<R>): boolean =>
  outcome.kind === 'failed' && outcome.failure.status === 401

/** The permissions were granted when the token was minted, so a 403 for want of them is the replicas' lag too. */
const isLag = <R>(outcome: Outcome<R>): boolean =>
  isRefused(outcome) ||
  (outcome.kind === 'failed' &&
    outcome.failure.status === 403 &&
    /not accessible by integration/i.test(outcome.failure.message))

function count({ options, described }: Exchange): void {
  const { counters } = options
  counters.requests += 1
  counters.points += pointsOf(described.effect)
  if (described.effect === 'read') counters.reads += 1
  else if (described.effect === 'edit') counters.edits += 1
  else counters.creations += 1
}
