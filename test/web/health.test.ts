/** What the webhook server answers beside webhooks, over real HTTP: also to web pages that should not be there. */
import { spending } from '../support/builders.ts'
import { createServer, request } from 'node:http'
import type { IncomingMessage, Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterEach, describe, expect, it } from 'vitest'
import { WorldFault } from '../../src/ports/fault.ts'
import { systemClock } from '../../src/system/clock.ts'
import { createHealth } from '../../src/web/health.ts'
import type { HealthOptions } from '../../src/web/health.ts'
import { createMetrics } from '../../src/web/gather-metrics.ts'

let server: Server
afterEach(() => server.close())

async function serve(over: Partial<HealthOptions> = {}): Promise<number> {
  const options = {
    ping: async () => {},
    hasRoom: async () => true,
    isPaused: async () => false,
    metrics: async () => [],
    host: '127.0.0.1',
    clock: systemClock,
  }
  server = createServer(createHealth({ ...options, ...over }))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return (server.address() as AddressInfo).port
}

interface Asked {
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
}

async function ask(port: number, path: string, { method = 'GET', headers = {} }: Asked = {}) {
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    request({ host: '127.0.0.1', port, path, method, headers }, resolve).once('error', reject).end()
  })
  return { status: response.statusCode, body: await text(response) }
}

describe('health', () => {
  it('is 200 while the store answers', async () => {
    expect(await ask(await serve(), '/healthz')).toEqual({ status: 200, body: 'ok\n' })
  })

  it('says that all work is paused, and is well all the same', async () => {
    const port = await serve({ isPaused: async () => true })
    const body = 'ok, but all work is paused\n'
    expect(await ask(port, '/healthz')).toEqual({ status: 200, body })
  })

  it('is 503 when the store does not, without a word of what went wrong inside', async () => {
    const ping = async () => {
      throw new Error('password authentication failed for user "yard"')
    }
    const { status, body } = await ask(await serve({ ping }), '/healthz')
    expect(status).toBe(503)
    expect(body).not.toContain('yard')
  })

  it('is 503 when the store takes for ever', async () => {
    const clock = { ...systemClock, sleep: async () => {} }
    const ping = () => new Promise<void>(() => {})
    expect((await ask(await serve({ ping, clock }), '/healthz')).status).toBe(503)
  })

  it('is nothing else', async () => {
    expect((await ask(await serve(), '/')).status).toBe(404)
  })
})

describe('metrics', () => {
  it('are counts in Prometheus’ format, and name nobody', async () => {
    const metrics = createMetrics({
      store: {
        kind: 'embedded',
        admission: {
          spent: async () => [
            spending({ usage: { tokens: 9, cost: 2.5 } }),
            spending({ usage: { tokens: 9, cost: null } }),
            spending(),
          ],
        },
        counts: async () =>
          new Map([
            ['queued', 2],
            ['running', 1],
            ['done', 9],
          ]),
        pending: async () => ['repo:1'] as never,
      },
      running: () => 1,
      down: () => 2,
      reconciled: () => ({ passes: 4, failures: 1, found: 2, asked: 12, lastTook: 250 }),
      github: () => ({ requests: 7 }),
      webhooks: () => ({ accepted: 3 }),
      version: '1.2.3',
    })
    const { status, body } = await ask(await serve({ metrics }), '/metrics')
    expect(status).toBe(200)
    expect(body).toContain('yardmaster_tasks{state="queued"} 2\n')
    expect(body).toContain('yardmaster_tasks{state="running"} 1\n')
    expect(body).toContain('yardmaster_tasks{state="parked"} 0\n')
    expect(body).not.toContain('done')
    expect(body).toContain('yardmaster_spent_dollars 2.5\n')
    expect(body).toContain('yardmaster_spent_tokens_unpriced 9\n')
    expect(body).toContain('yardmaster_attempts_of_unknown_use 1\n')
    expect(body).toContain('yardmaster_reconcile_total{what="found"} 2\n')
    expect(body).toContain('yardmaster_reconcile_seconds 0.25\n')
    expect(body).toContain('yardmaster_inbox_pending 1\n')
    expect(body).toContain('yardmaster_installations_down 2\n')
    expect(body).toContain('yardmaster_github_total{what="requests"} 7\n')
    expect(body).toContain('yardmaster_webhooks_total{outcome="accepted"} 3\n')
    expect(body).not.toContain('ana')
    for (const line of body.trimEnd().split('\n'))
      expect(line).toMatch(
        /^(# (HELP|TYPE) yardmaster_\w+ .+|yardmaster_\w+(\{[^}]*\})? \d+(\.\d+)?)$/,
      )
  })

  it('are 503 without details when the store fails', async () => {
    const metrics = async () => {
      throw new WorldFault('secret place', { kind: 'transient', applied: 'no', operation: 'list' })
    }
    const { status, body } = await ask(await serve({ metrics }), '/metrics')
    expect(status).toBe(503)
    expect(body).not.toContain('secret')
  })
})

describe('web pages', () => {
  it('cannot read a server on loopback by a name of their own (DNS rebinding)', async () => {
    const port = await serve()
    for (const path of ['/metrics', '/healthz'])
      expect((await ask(port, path, { headers: { host: 'evil.example' } })).status).toBe(403)
    for (const host of ['localhost:3000', '127.0.0.1', '[::1]:3000'])
      expect((await ask(port, '/healthz', { headers: { host } })).status).toBe(200)
  })

  it('cannot post across origins, wherever the server listens', async () => {
    const asked = { method: 'POST', headers: { host: 'localhost', origin: 'https://evil.example' } }
    for (const host of ['127.0.0.1', '0.0.0.0'])
      expect((await ask(await serve({ host }), '/metrics', asked)).status).toBe(403)
  })

  it('are no obstacle to an operator who serves other machines by name', async () => {
    const port = await serve({ host: '0.0.0.0' })
    expect((await ask(port, '/healthz', { headers: { host: 'yard.example' } })).status).toBe(200)
  })

  it('cannot break the server with a name that is none', async () => {
    const port = await serve()
    expect((await ask(port, '/healthz', { headers: { host: 'a b' } })).status).toBeGreaterThan(399)
    expect((await ask(port, '/healthz')).status).toBe(200)
  })
})
