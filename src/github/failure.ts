/** Reads what went wrong out of an Octokit error, as plain values that the classifier can be tested with. */
import { RefusedRedirect } from './guarded-fetch.ts'
import { HeldBack } from './leave-clean.ts'
import { redact } from './redact.ts'

export interface Failure {
  /** Null: no (whole) answer came. */
  readonly status: number | null
  readonly headers: Readonly<Record<string, string | undefined>>
  /** GitHub's own words, or the network's; redacted and cut. */
  readonly message: string
  /** The system's error code where there was no answer, such as `ECONNREFUSED`. */
  readonly code: string | null
  /** The answer pointed to another repository or another host. */
  readonly redirected: boolean
  /** It was never sent, because it holds a secret. */
  readonly held?: true
}

const MAX_MESSAGE = 400

/** Null for an error that does not come from a request: a bug of ours, to be thrown on. */
export function readFailure(error: unknown): Failure | null {
  // Octokit's RequestError; `instanceof` fails when two versions of its package are installed.
  if (!(error instanceof Error) || error.name !== 'HttpError') return null
  const response = field(error, 'response')
  const answered = typeof response === 'object' && response !== null
  return {
    status: answered ? Number(field(error, 'status')) : null,
    headers: answered ? headersOf(field(response, 'headers')) : {},
    message: shorten(error.message),
    code: answered ? null : codeOf(error),
    redirected: error.cause instanceof RefusedRedirect,
    ...(error.cause instanceof HeldBack ? { held: true as const } : {}),
  }
}

export const shorten = (message: string): string => {
  const clean = redact(message).replaceAll(/\s+/g, ' ').trim()
  return clean.length > MAX_MESSAGE ? `${clean.slice(0, MAX_MESSAGE)}…` : clean
}

function headersOf(value: unknown): Readonly<Record<string, string>> {
  if (typeof value !== 'object' || value === null) return {}
  return Object.fromEntries(Object.entries(value).map(([name, header]) => [name, String(header)]))
}

/** fetch wraps the system's error once or twice. */
function codeOf(error: unknown, depth = 0): string | null {
  if (!(error instanceof Error) || depth > 4) return null
  const code = field(error, 'code')
  if (typeof code === 'string') return code
  if (error.name === 'TimeoutError') return 'TimeoutError'
  return codeOf(error.cause, depth + 1)
}

function field(value: object, name: string): unknown {
  return (value as Readonly<Record<string, unknown>>)[name]
}
