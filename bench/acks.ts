/** Durable webhook acknowledgements against a Probot app that does nothing, in turn, in one run. */
import { createHmac, randomUUID } from 'node:crypto'
import autocannon from 'autocannon'
import { startChild } from './child.ts'
import { median } from './figures.ts'
import type { Figure } from './figures.ts'
import type { BenchYard } from './yard.ts'

const CONNECTIONS = 16
const ROUNDS = 3
const SECONDS = 4
/** Different issues, so that the inbox is drained by many aggregates as in life. */
const BODIES = 100

/** `store`: how it is called in the table. */
export async function measureAcks(
  yard: BenchYard,
  store: 'embedded' | 'PostgreSQL',
): Promise<readonly Figure[]> {
  const repo = await yard.repository('acks', { 'README.md': '# Acks\n' })
  const noop = await startChild('./noop-process.ts', yard.app)
  try {
    const bodies = payloads(yard, repo)
    const rates: { ours: number[]; theirs: number[] } = { ours: [], theirs: [] }
    const p99: number[] = []
    for (let round = 0; round < ROUNDS; round++) {
      const theirs = await load(noop.webhookUrl, bodies, yard.app.webhookSecret)
      const ours = await load(yard.child().webhookUrl, bodies, yard.app.webhookSecret)
      rates.theirs.push(theirs.requests.average)
      rates.ours.push(ours.requests.average)
      p99.push(ours.latency.p99)
      if (ours.non2xx > 0 || ours.errors > 0)
        throw new Error(`${ours.non2xx} refusals and ${ours.errors} errors under load`)
    }
    const ours = median(rates.ours)
    return [
      {
        name: `durable acks against a no-op Probot app, ${store}`,
        value: ours / median(rates.theirs),
        unit: '×',
        target: { atLeast: 0.4 },
        how: `${Math.round(ours)}/s of ${Math.round(median(rates.theirs))}/s, ${CONNECTIONS} connections`,
      },
      {
        name: `durable ack, ${store}, p99`,
        value: median(p99),
        unit: 'ms',
        target: { atMost: 50 },
        how: `${ROUNDS} rounds of ${SECONDS} s`,
      },
    ]
  } finally {
    await noop.stop()
  }
}

/** Edits of issues that nobody labelled: verified, narrowed, kept, drained, and nothing comes of them. */
function payloads(yard: BenchYard, repo: string): readonly string[] {
  const found = yard.emulator.repository(repo)
  const [owner, name] = repo.split('/')
  const sender = { id: 4_000_000, login: 'somebody', type: 'User' }
  return Array.from({ length: BODIES }, (_, index) =>
    JSON.stringify({
      action: 'edited',
      issue: {
        id: 9_000_000 + index,
        number: 10_000 + index,
        title: 'Load',
        body: 'x'.repeat(500),
        state: 'open',
        labels: [],
        user: sender,
        updated_at: '2026-01-01T00:00:00Z',
        created_at: '2026-01-01T00:00:00Z',
      },
      changes: {},
      repository: {
        id: found.id,
        name,
        full_name: repo,
        private: false,
        default_branch: 'main',
        owner: { login: owner, id: 1, type: 'User' },
      },
      installation: { id: 1 },
      sender,
    }),
  )
}

function load(url: string, bodies: readonly string[], secret: string): Promise<autocannon.Result> {
  const signed = bodies.map((body) => ({
    method: 'POST' as const,
    body,
    headers: {
      'content-type': 'application/json',
      'x-github-event': 'issues',
      'x-hub-signature-256': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`,
    },
    setupRequest: (request: autocannon.Request) => ({
      ...request,
      headers: { ...request.headers, 'x-github-delivery': randomUUID() },
    }),
  }))
  return autocannon({ url, connections: CONNECTIONS, duration: SECONDS, requests: signed })
}
