/** Classifies every failure of a request once. Kind and `applied` are decided here, the words in `explain.ts`. */
import type { Instant } from '../domain/ids.ts'
import { WorldFault, type Applied, type FaultKind } from '../ports/fault.ts'
import { explain } from './explain.ts'
import type { Failure } from './failure.ts'
import type { Effect } from './pace.ts'

export interface Call {
  /** Such as `POST /repos/{owner}/{repo}/pulls`. */
  readonly operation: string
  readonly effect: Effect
}

/** `primary`: the hour's budget is used up. `secondary`: too much at once. */
export type Limit = 'primary' | 'secondary'

/** Which limit an answer speaks of, if any. GitHub uses 403 and 429 for both, and 403 for refusals too. */
export function limitOf(failure: Failure): Limit | null {
  if (failure.status !== 403 && failure.status !== 429) return null
  if (failure.headers['retry-after'] !== undefined) return 'secondary'
  if (failure.headers['x-ratelimit-remaining'] === '0') return 'primary'
  if (/secondary rate limit|abuse detection/i.test(failure.message)) return 'secondary'
  if (/rate limit/i.test(failure.message)) return 'primary'
  return failure.status === 429 ? 'secondary' : null
}

/** `retryAt`: what the governor makes of a rate-limited answer. */
export function classify(failure: Failure, call: Call, retryAt: Instant | null): WorldFault {
  const kind = kindOf(failure)
  return new WorldFault(explain(kind, failure, call.operation), {
    kind,
    applied: appliedOf(failure, call.effect),
    operation: call.operation,
    cause: new Error(failure.message),
    ...(failure.status === null ? {} : { status: failure.status }),
    ...(retryAt === null ? {} : { retryAt }),
  })
}

function kindOf(failure: Failure): FaultKind {
  if (failure.redirected) return 'gone'
  if (failure.held === true) return 'invalid'
  if (failure.status === null || failure.status >= 500) return 'transient'
  if (limitOf(failure) !== null) return 'rate-limited'
  switch (failure.status) {
    case 401:
      return 'unauthorised'
    case 403:
      return 'forbidden'
    case 404:
      return 'not-found'
    case 409:
      return 'conflict'
    case 410:
    case 451:
      return 'gone'
    case 408:
      return 'transient'
    // 422 and whatever else says that the request itself is at fault.
    default:
      return 'invalid'
  }
}

// No byte of the request left this machine.
const NEVER_SENT: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
])

function appliedOf(failure: Failure, effect: Effect): Applied {
  if (effect === 'read' || failure.redirected || failure.held === true) return 'no'
  if (failure.code !== null && NEVER_SENT.has(failure.code)) return 'no'
  return failure.status === null || failure.status >= 500 || failure.status === 408
    ? 'unknown'
    : 'no'
}
