/**
 * What the webhook server answers beside webhooks: health, metrics, and nothing else. Nothing here can change
 * anything, and no answer holds a secret, a title or a name of anybody.
 */
import { getRequestListener } from '@hono/node-server'
import { Hono } from 'hono'
import type { RequestListener } from 'node:http'
import type { Clock } from '../ports/clock.ts'
import { guardRequests } from './guard-requests.ts'
import { writeMetrics } from './write-metrics.ts'
import type { MetricFamily } from './write-metrics.ts'

export interface HealthOptions {
  /** Throws when the store cannot answer. */
  readonly ping: () => Promise<void>
  /** Whether the disk has room for work. */
  readonly hasRoom: () => Promise<boolean>
  /** Whether the operator has paused all work. */
  readonly isPaused: () => Promise<boolean>
  readonly metrics: () => Promise<readonly MetricFamily[]>
  /** The address the server listens on, as the operator wrote it. */
  readonly host: string
  readonly clock: Clock
}

/** A store that is slower than this is not well: GitHub hangs up on a webhook after 10 s. Milliseconds. */
const PING_LIMIT = 5_000

export function createHealth(options: HealthOptions): RequestListener {
  const app = new Hono()
  app.use(guardRequests(options.host))
  app.get('/healthz', async (c) => {
    if (!(await answers(options))) return c.text('the store does not answer\n', 503)
    if (!(await options.hasRoom())) return c.text('the disk is full: no work is taken\n', 503)
    return c.text((await options.isPaused()) ? 'ok, but all work is paused\n' : 'ok\n')
  })
  app.get('/metrics', async (c) => {
    const body = writeMetrics(await options.metrics())
    return c.body(body, 200, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' })
  })
  app.notFound((c) => c.text('Nothing is here.\n', 404))
  app.onError((_, c) => c.text('the store does not answer\n', 503))
  const listener = getRequestListener(app.fetch, { overrideGlobalObjects: false })
  return (request, response) => void listener(request, response)
}

async function answers({ ping, clock }: HealthOptions): Promise<boolean> {
  const waiting = new AbortController()
  const answered = ping().then(
    () => true,
    () => false,
  )
  const late = clock.sleep(PING_LIMIT, waiting.signal).then(() => false)
  try {
    return await Promise.race([answered, late])
  } finally {
    waiting.abort()
  }
}
