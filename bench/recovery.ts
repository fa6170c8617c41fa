/** kill -9 with work queued and under way: how soon the next life does something. */
import type { Figure } from './figures.ts'
import { median } from './figures.ts'
import type { BenchYard } from './yard.ts'

const LIVES = 3
const TASKS = 4

export async function measureRecovery(yard: BenchYard): Promise<readonly Figure[]> {
  const agents: number[] = []
  const writes: number[] = []
  const { entries } = yard.emulator.journal
  for (let life = 0; life < LIVES; life++) {
    const repo = await yard.repository(`crash-${life}`, { 'README.md': '# Crash\n' })
    const numbers = Array.from({ length: TASKS }, (_, index) => yard.issue(repo, `${index}.txt`))
    await yard.emulator.whenIdle()
    const [first = Number.NaN, ...others] = numbers
    await yard.started(repo, first)
    // These are acknowledged, and the process dies before it comes to them.
    for (const number of others) yard.label(repo, number)
    await yard.emulator.whenIdle()
    await yard.crash()
    const { spawnedAt, agents: started } = yard.child()
    const written = () =>
      entries.find(
        ({ at, method, operation }) =>
          at >= spawnedAt && method !== 'GET' && operation?.includes('access-token') === false,
      )
    await yard.until('an agent starts', () => started.size > 0)
    await yard.until('something is written to GitHub', () => written() !== undefined)
    agents.push(Math.min(...started.values()) - spawnedAt)
    writes.push((written()?.at ?? Number.NaN) - spawnedAt)
    await yard.until('all are published', () =>
      numbers.every((number) =>
        yard.emulator.labels({ repo, number }).includes('yard:needs-review'),
      ),
    )
  }
  return [
    {
      name: 'kill -9 → first agent started',
      value: median(agents),
      unit: 'ms',
      target: { atMost: 2_000 },
      how: `median of ${LIVES}, from spawn`,
    },
    {
      name: 'kill -9 → first write to GitHub',
      value: median(writes),
      unit: 'ms',
      target: { atMost: 2_000 },
      how: `median of ${LIVES}, from spawn`,
    },
  ]
}
