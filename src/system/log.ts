/** One JSON object per line on stderr, so that stdout stays for people and for `--json`. */
import { pino } from 'pino'
import type { Logger } from 'pino'

export function createLog(level: string): Logger {
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
    pino.destination({ dest: 2, sync: false }),
  )
}
