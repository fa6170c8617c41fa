/** Two hundred tasks of twenty repositories on eight slots, labelled one repository after the other: who waits how long. */
import type { Figure } from './figures.ts'
import { median } from './figures.ts'
import { openBenchYard } from './yard.ts'

const REPOSITORIES = 20
const TASKS_EACH = 10
const SLOTS = 8
/** Those that have not started by then count as starved. Milliseconds. */
const PATIENCE = 400_000

export async function measureFairness(): Promise<readonly Figure[]> {
  const yard = await openBenchYard({ slots: SLOTS, databaseUrl: null, operator: '' })
  try {
    const issues: { readonly repo: string; readonly number: number }[] = []
    for (let index = 0; index < REPOSITORIES; index++) {
      const repo = await yard.repository(`fair-${index}`, { 'README.md': '# Fair\n' })
      for (let task = 0; task < TASKS_EACH; task++)
        issues.push({ repo, number: yard.issue(repo, `task-${task}.txt`) })
    }
    await yard.emulator.whenIdle()
    yard.emulator.webhooks.knobs.parallel = 20
    const labelled = issues.map(({ repo, number }) => ({ repo, ...yard.label(repo, number) }))
    const { agents } = yard.child()
    const end = performance.now() + PATIENCE
    await yard.until(
      'every agent starts',
      () => agents.size >= labelled.length || performance.now() > end,
      PATIENCE * 2,
    )
    const waits = labelled.map(({ repo, task, at }) => ({
      repo,
      wait: (agents.get(task) ?? Number.NaN) - at,
    }))
    const known = waits.filter(({ wait }) => !Number.isNaN(wait))
    const byRepository = [...Map.groupBy(known, ({ repo }) => repo).values()].map((own) =>
      median(own.map(({ wait }) => wait)),
    )
    return [
      {
        name: `${issues.length} tasks, ${REPOSITORIES} repositories, ${SLOTS} slots: all started`,
        value: Math.max(...known.map(({ wait }) => wait)) / 1_000,
        unit: 's',
        target: { atMost: 240 },
        how: 'labelled one repository after the other',
      },
      {
        name: 'the same, slowest repository against the median one',
        value: Math.max(...byRepository) / median(byRepository),
        unit: '×',
        target: { atMost: 1.5 },
        how: `medians of the waits in each, ${Math.round(Math.min(...byRepository) / 1_000)} to ${Math.round(Math.max(...byRepository) / 1_000)} s`,
      },
      {
        name: 'the same, starved',
        value: labelled.length - known.length,
        unit: 'tasks',
        target: { atMost: 0 },
        how: `not started within ${PATIENCE / 1_000} s`,
      },
    ]
  } finally {
    await yard.stop()
  }
}
