/** The development aid: deliveries of a smee channel are posted to our own port. Signatures are checked as always. */
import { SmeeClient } from 'smee-client'
import type { Log } from '../ports/log.ts'

export interface ProxyOptions {
  readonly from: string
  readonly to: string
  readonly log: Log
}

/** Connects in the background, because development must not wait for a public service. Returns how to stop. */
export function proxyWebhooks({ from, to, log }: ProxyOptions): () => Promise<void> {
  const client = new SmeeClient({
    source: from,
    target: to,
    logger: {
      info: (message: string) => log.debug({ message }, 'smee'),
      error: (message: string) => log.warn({ message }, 'smee'),
    },
  })
  client.start().catch((error: unknown) => {
    log.warn(
      { error },
      'the webhook channel cannot be reached; Yardmaster looks at GitHub by itself',
    )
  })
  return () => client.stop()
}
