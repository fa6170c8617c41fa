/** The few numbers worth a graph or an alarm: how much is open, how much waits, what GitHub was asked. */
import { TERMINAL } from '../domain/task.ts'
import type { StateKind } from '../domain/task.ts'
import type { Store } from '../ports/store.ts'
import type { MetricFamily } from './write-metrics.ts'

export interface MetricsDeps {
  readonly store: Pick<Store, 'kind' | 'list' | 'pending'>
  /** Attempts that this process executes. */
  readonly running: () => number
  /** What the GitHub edge counted, by name; each only ever counts up. */
  readonly github: () => Readonly<Record<string, number>>
  /** Installations that nothing is asked for at present, because they or GitHub do not answer. */
  readonly down: () => number
  /** Deliveries by what became of them; each only ever counts up. */
  readonly webhooks: () => Readonly<Record<string, number>>
  readonly version: string
}

const OPEN: readonly StateKind[] = [
  'blocked',
  'queued',
  'held',
  'running',
  'publishing',
  'parked',
  'gated',
  'retrying',
  'in-review',
]
/** Counted up to here; a backlog beyond it is an alarm in any case. */
const MOST_PENDING = 1_000

export function createMetrics(deps: MetricsDeps): () => Promise<readonly MetricFamily[]> {
  const { store } = deps
  return async () => {
    const [open, pending] = await Promise.all([
      store.list({ states: OPEN }),
      store.pending(MOST_PENDING),
    ])
    const counts = new Map<StateKind, number>(OPEN.map((kind) => [kind, 0]))
    for (const { state } of open) {
      if (!TERMINAL.has(state.kind)) counts.set(state.kind, (counts.get(state.kind) ?? 0) + 1)
    }
    return [
      {
        name: 'info',
        help: 'The version that runs.',
        type: 'gauge',
        samples: [{ labels: { version: deps.version, store: store.kind }, value: 1 }],
      },
      {
        name: 'tasks',
        help: 'Open tasks by state.',
        type: 'gauge',
        samples: [...counts].map(([state, value]) => ({ labels: { state }, value })),
      },
      {
        name: 'attempts_running',
        help: 'Attempts that this process executes.',
        type: 'gauge',
        samples: [{ value: deps.running() }],
      },
      {
        name: 'inbox_pending',
        help: `Issues and repositories with facts not yet looked at, counted up to ${MOST_PENDING}.`,
        type: 'gauge',
        samples: [{ value: pending.length }],
      },
      counter('webhooks_total', 'Webhook deliveries by outcome.', 'outcome', deps.webhooks()),
      counter('github_total', 'What was asked of GitHub since the start.', 'what', deps.github()),
      {
        name: 'installations_down',
        help: 'Installations that nothing is asked for at present, because they or GitHub do not answer.',
        type: 'gauge',
        samples: [{ value: deps.down() }],
      },
      {
        name: 'resident_bytes',
        help: 'Memory of this process.',
        type: 'gauge',
        samples: [{ value: process.memoryUsage.rss() }],
      },
    ]
  }
}

function counter(
  name: string,
  help: string,
  label: string,
  counts: Readonly<Record<string, number>>,
): MetricFamily {
  const samples = Object.entries(counts).map(([key, value]) => ({
    labels: { [label]: key },
    value,
  }))
  return { name, help, type: 'counter', samples }
}
