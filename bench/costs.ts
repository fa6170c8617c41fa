/** What one task costs on GitHub, and what Yardmaster costs its host when nothing happens. */
import type { Figure } from './figures.ts'
import { median } from './figures.ts'
import type { BenchYard } from './yard.ts'

const TASKS = 5
const IDLE_SECONDS = 20
const REOPENS = 5

export async function measureCosts(yard: BenchYard): Promise<readonly Figure[]> {
  const repo = await yard.repository('costs', { 'README.md': '# Costs\n' })
  const spent: { requests: number; creations: number; points: number }[] = []
  for (let run = 0; run <= TASKS; run++) {
    const number = yard.issue(repo, `cost-${run}.txt`)
    await yard.emulator.whenIdle()
    const before = { ...yard.emulator.journal.counters }
    await yard.started(repo, number)
    await yard.until('it is published', () =>
      yard.emulator.labels({ repo, number }).includes('yard:needs-review'),
    )
    await yard.until('the comment names it', () =>
      yard.emulator
        .comments({ repo, number })
        .some((comment) => /\/pull\/|#\d+/.test(comment.body)),
    )
    const after = yard.emulator.journal.counters
    const mints = after.tokenMints - before.tokenMints
    // The first task makes the repository's labels and tokens, once.
    if (run === 0) continue
    spent.push({
      requests: after.requests - before.requests - mints,
      creations: after.creations - before.creations,
      points: after.points - before.points,
    })
  }
  const of = (key: 'requests' | 'creations' | 'points') => median(spent.map((each) => each[key]))
  return [
    {
      name: 'GitHub requests per task',
      value: of('requests'),
      unit: '',
      target: { atMost: 15 },
      how: `without mints and git; ${of('points')} points`,
    },
    {
      name: 'creations per task',
      value: of('creations'),
      unit: '',
      target: { atMost: 4 },
      how: 'comment, check run, pull request',
    },
  ]
}

/** The first 20 s still collect what the start has left behind: 1.4 % of a core. Milliseconds. */
const SETTLED = 25_000

export async function measureIdle(yard: BenchYard): Promise<readonly Figure[]> {
  const child = yard.child()
  await new Promise((resolve) => setTimeout(resolve, SETTLED))
  const before = child.cpuSeconds()
  const began = performance.now()
  await new Promise((resolve) => setTimeout(resolve, IDLE_SECONDS * 1_000))
  const share = ((child.cpuSeconds() - before) / ((performance.now() - began) / 1_000)) * 100
  return [
    {
      name: 'idle CPU',
      value: share,
      unit: '% of a core',
      target: { atMost: 1 },
      how: `over ${IDLE_SECONDS} s, once it has settled`,
    },
    {
      name: 'idle memory',
      value: child.rss(),
      unit: 'MiB RSS',
      target: { atMost: 320 },
      how: 'a restarted process',
    },
  ]
}

export async function measureReopen(yard: BenchYard): Promise<readonly Figure[]> {
  const times: number[] = []
  for (let run = 0; run < REOPENS; run++) {
    await yard.restart()
    times.push(yard.child().startup)
  }
  return [
    {
      name: 'reopen to ready',
      value: median(times),
      unit: 'ms',
      target: { atMost: 1_500 },
      how: `median of ${REOPENS}, from spawn`,
    },
  ]
}
