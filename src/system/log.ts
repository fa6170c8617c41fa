/** One JSON object per line on stderr, so that stdout stays for people and for `--json`. */
import { pino } from 'pino'
import type { DestinationStream, Logger } from 'pino'

export function createLog(
  level: string,
  destination: DestinationStream = pino.destination({ dest: 2, sync: false }),
): Logger {
  return pino(
    {
      level,
      serializers: { error: pino.stdSerializers.err },
      // Last line of defence; the adapters redact what they throw (T20).
      redact: {
        paths: ['password', 'token', 'privateKey', 'webhookSecret', '*.password', '*.token'],
        censor: '[redacted]',
      },
    },
    destination,
  )
}

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
