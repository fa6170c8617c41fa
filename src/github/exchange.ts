/** One request and what came of it: an answer, or a failure in plain values that is classified once. */
import type { Instant } from '../domain/ids.ts'
import type { Health } from './breaker.ts'
import { readFailure, type Failure } from './failure.ts'
import { graphqlFailure } from './graphql-errors.ts'

export interface Reply {
  readonly status: number
  readonly headers: Readonly<Record<string, string | number | undefined>>
  readonly data: unknown
}

export type Outcome<R> =
  | { readonly kind: 'replied'; readonly reply: R }
  /** `retryAt`: what the governor makes of a refusal for a limit's sake; null for other failures. */
  | { readonly kind: 'failed'; readonly failure: Failure; readonly retryAt: Instant | null }

/** Never throws for what GitHub or the network did. */
export async function exchange<R extends Reply>(send: () => Promise<R>): Promise<Outcome<R>> {
  try {
    const reply = await send()
    const headers = textual(reply.headers)
    const failure = graphqlFailure(reply.data, headers) ?? garbled(reply, headers)
    return failure === null
      ? { kind: 'replied', reply }
      : { kind: 'failed', failure, retryAt: null }
  } catch (error) {
    const failure = readFailure(error)
    if (failure === null) throw error
    return { kind: 'failed', failure, retryAt: null }
  }
}

/** A success whose body is not JSON was written by something between GitHub and us, or cut. */
function garbled(reply: Reply, headers: Failure['headers']): Failure | null {
  const { status } = reply
  if (status === 204 || status === 205 || typeof reply.data === 'object') return null
  const message = `answered ${status}, but not with JSON`
  return { status: null, headers, message, code: null, redirected: false }
}

const textual = (headers: Reply['headers']): Failure['headers'] =>
  Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      value === undefined ? undefined : String(value),
    ]),
  )

/** Whether an answer says anything about GitHub or the installation as a whole. */
export function healthOf<R>(outcome: Outcome<R>): Health {
  if (outcome.kind === 'replied') return WELL
  const { status, message, redirected, held } = outcome.failure
  if (redirected || held === true) return WELL
  if (status === null || status >= 500) return { kind: 'outage', why: wordsOf(status, message) }
  const suspended = status === 403 && /suspended/i.test(message)
  return status === 401 || suspended ? { kind: 'credentials', why: wordsOf(status, message) } : WELL
}

const WELL: Health = { kind: 'well' }

const wordsOf = (status: number | null, message: string): string =>
  status === null ? message : `${status}: ${message}`
