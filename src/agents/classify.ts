/** Words of providers and adapters → the kind of failure. The typed record goes first; words decide where there is none. */
import type { Failure } from '../domain/attempt.ts'
import { instant, later, type Instant } from '../domain/ids.ts'
import type { SessionFailure } from './acp/session-failure.ts'

/** In this order: "400 prompt is too long" is about the context, whatever number stands beside it. */
const WORDS: readonly (readonly [Failure, RegExp])[] = [
  [
    'context',
    /prompt is too long|input is too long|context.?(window|length|limit)|maximum context|too many (input )?tokens/i,
  ],
  [
    'rate',
    /\b429\b|rate.?limit|usage limit|session limit|weekly limit|too many requests|hit your .{0,20}limit|quota|resource.?exhausted|credit balance/i,
  ],
  [
    'auth',
    /\b401\b|invalid.{0,10}api.?key|authentication|please run \/login|not logged in|login required|unauthori[sz]ed|token (has )?expired/i,
  ],
  [
    'overload',
    /\b529\b|\b50[0234]\b|overloaded|internal server error|service unavailable|at capacity/i,
  ],
  [
    'network',
    /ECONNREFUSED|ECONNRESET|ENOTFOUND|ETIMEDOUT|EAI_AGAIN|ENETUNREACH|fetch failed|socket hang up|(connection|network) (error|failed|lost|refused|reset)|unable to connect|stream disconnected/i,
  ],
]

/** Null: the words say nothing that we know. */
export const classifyWords = (text: string): Failure | null =>
  WORDS.find(([, pattern]) => pattern.test(text))?.[0] ?? null

export function classifyFailure(failure: SessionFailure): Failure {
  const words = classifyWords(failure.text)
  switch (failure.category) {
    case 'access':
      return 'auth'
    case 'connection':
      return 'network'
    case 'service':
      return words ?? 'overload'
    case 'limit':
      if (words) return words
      return failure.actions.includes('new_session') ? 'context' : 'rate'
    case 'request':
      return words ?? (/polic|safety|refus|flagged/i.test(failure.text) ? 'refusal' : 'protocol')
    case 'unknown':
      return words ?? 'crash'
  }
}

const UNIT: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 }
const FARTHEST = 7 * 24 * 3_600_000

/**
 * When a provider says it is well again: `limit reached|1760000000`, an ISO time after "reset", "retry-after: 30",
 * "try again in 20s". Hours of day without a zone are not guessed. Null beyond a week, in the past, or unsaid.
 */
export function readUntil(text: string, now: Instant): Instant | null {
  const epoch = /\|(\d{10})\b/.exec(text)?.[1]
  const iso = /reset\w*[^\d\n]{0,20}(\d{4}-\d\d-\d\dT[\d:.]+Z)/i.exec(text)?.[1]
  const span = /(?:retry.?after|try again in|retry in)\D{0,5}(\d+(?:\.\d+)?)\s*(ms|s|m|h)?/i.exec(
    text,
  )
  const at = epoch
    ? instant(Number(epoch) * 1_000)
    : iso
      ? instant(Date.parse(iso))
      : span
        ? later(now, Math.round(Number(span[1]) * (UNIT[(span[2] ?? 's').toLowerCase()] ?? 1_000)))
        : null
  return at !== null && at > now && at - now <= FARTHEST ? at : null
}
