/** The few numbers worth a graph or an alarm: how much is open, how much waits, what GitHub was asked. */
import { totalOf } from '../domain/budget.ts'
import { OPEN } from '../domain/task.ts'
import type { Store } from '../ports/store.ts'
import type { MetricFamily } from './write-metrics.ts'

export interface MetricsDeps {
  readonly store: Pick<Store, 'kind' | 'counts' | 'pending'> & {
    readonly admission: Pick<Store['admission'], 'spent'>
  }
  /** Attempts that this process executes. */
  readonly running: () => number
  /** What the GitHub edge counted, by name; each only ever counts up. */
  readonly github: () => Readonly<Record<string, number>>
  /** Installations that nothing is asked for at present, because they or GitHub do not answer. */
  readonly down: () => number
  /** What the reconciler's passes came to; counts only go up, `lastTook` is in milliseconds. */
  readonly reconciled: () => {
    readonly passes: number
    readonly failures: number
    readonly found: number
    readonly asked: number
    readonly lastTook: number
  }
  /** Deliveries by what became of them; each only ever counts up. */
  readonly webhooks: () => Readonly<Record<string, number>>
  readonly version: string
}

/** Counted up to here; a backlog beyond it is an alarm in any case. */
const MOST_PENDING = 1_000

export function createMetrics(deps: MetricsDeps): () => Promise<readonly MetricFamily[]> {
  const { store } = deps
  return async () => {
    const [counts, pending, day] = await Promise.all([
      store.counts(),
      store.pending(MOST_PENDING),
      store.admission.spent(),
    ])
    const spent = totalOf(day.map(({ usage }) => usage))
    const passes = deps.reconciled()
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
        samples: OPEN.map((state) => ({ labels: { state }, value: counts.get(state) ?? 0 })),
      },
      {
        name: 'attempts_running',
        help: 'Attempts that this process executes.',
        type: 'gauge',
        samples: [{ value: deps.running() }],
      },
      {
        name: 'spent_dollars',
        help: 'What attempts that ended in the last 24 hours have cost, as far as it is known.',
        type: 'gauge',
        samples: [{ value: spent.cost ?? 0 }],
      },
      {
        name: 'spent_tokens_unpriced',
        help: 'Tokens of such attempts whose cost is unknown.',
        type: 'gauge',
        samples: [{ value: spent.tokens }],
      },
      {
        name: 'attempts_of_unknown_use',
        help: 'Such attempts that told nothing of what they used.',
        type: 'gauge',
        samples: [{ value: spent.unknown }],
      },
      {
        name: 'inbox_pending',
        help: `Issues and repositories with facts not yet looked at, counted up to ${MOST_PENDING}.`,
        type: 'gauge',
        samples: [{ value: pending.length }],
      },
      counter('webhooks_total', 'Webhook deliveries by outcome.', 'outcome', deps.webhooks()),
      counter('github_total', 'What was asked of GitHub since the start.', 'what', deps.github()),
      counter('reconcile_total', 'Looks at GitHub for what no webhook told of.', 'what', {
        passes: passes.passes,
        failures: passes.failures,
        found: passes.found,
        asked: passes.asked,
      }),
      {
        name: 'reconcile_seconds',
        help: 'How long the last pass over all repositories took.',
        type: 'gauge',
        samples: [{ value: passes.lastTook / 1_000 }],
      },
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
