/**
 * One JSON object per line on stderr, so that stdout stays for people and for `--json`. Whatever is in it, a line is one
 * line, steers no terminal (T29) and holds no secret (T30).
 */
import { pino } from 'pino'
import type { DestinationStream, Logger } from 'pino'
import { maskValues } from '../policy/secrets/mask-values.ts'
import { createSecrets } from '../policy/secrets/secrets.ts'
import type { Secrets } from '../policy/secrets/secrets.ts'

export function createLog(
  level: string,
  destination: DestinationStream = pino.destination({ dest: 2, sync: false }),
  secrets: Pick<Secrets, 'find' | 'mask'> = createSecrets(),
): Logger {
  return pino(
    {
      level,
      serializers: { error: pino.stdSerializers.err },
      hooks: { streamWrite: (line) => cleanLine(line, secrets) },
      // Last line of defence; the adapters redact what they throw (T20).
      redact: {
        paths: ['password', 'token', 'privateKey', 'webhookSecret', '*.password', '*.token'],
        censor: '[redacted]',
      },
    },
    destination,
  )
}

/** A line of JSON as it may be written: JSON still, and one line. */
export function cleanLine(line: string, secrets: Pick<Secrets, 'find' | 'mask'>): string {
  const quiet = line.replaceAll(STEERS, escaped)
  const [found] = secrets.find(quiet)
  if (found === undefined) return quiet
  const known: unknown = JSON.parse(quiet)
  const masked = JSON.stringify(maskValues(known, secrets))
  if (secrets.find(masked).length === 0) return `${masked}\n`
  // In pieces over several fields: what is left is that something was said.
  const { level = 50, time = 0 } = known as { readonly level?: unknown; readonly time?: unknown }
  return `${JSON.stringify({ level, time, msg: `a line was left out, because it held ${found.name}` })}\n`
}

/** Control characters, what turns text round or has no width, ends of lines, halves of pairs: JSON lets most of them through, and only within its strings. */
const STEERS = /[\p{Cf}\p{Zl}\p{Zp}\p{Cs}]|(?!\n)\p{Cc}/gu

const escaped = (one: string): string =>
  Array.from({ length: one.length }, (_, at) => one.charCodeAt(at))
    .map((code) => `\\u${code.toString(16).padStart(4, '0')}`)
    .join('')

/**
 * For Probot, which hangs each delivery that fails on its error and logs it twice: anybody could fill a disk with
 * forged ones of 25 MB. What went wrong is kept, the delivery is not.
 */
export const probotLog = (log: Logger): Logger =>
  log.child(
    { room: 'probot' },
    {
      level: log.isLevelEnabled('warn') ? 'warn' : log.level,
      serializers: { err: withoutDelivery },
    },
  )

function withoutDelivery(error: unknown): unknown {
  if (!(error instanceof Error)) return typeof error
  const status = 'status' in error ? error.status : undefined
  const inner = error instanceof AggregateError ? error.errors : []
  const refused = status === 400 || (inner.length > 0 && inner.every(isRefused))
  const { name, message, stack } = error
  return {
    type: name,
    message: message.slice(0, 500),
    // Where it was refused is always the same place.
    ...(refused ? {} : { stack: stack?.slice(0, 4_000) }),
    ...(inner.length === 0 ? {} : { inner: inner.slice(0, 3).map(withoutDelivery) }),
  }
}

const isRefused = (error: unknown): boolean =>
  error instanceof Error && 'status' in error && error.status === 400
