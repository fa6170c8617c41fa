/** From the label to the agent's process: on a small and a large repository, alone and in a burst. */
import type { Figure } from './figures.ts'
import { median, quantile } from './figures.ts'
import type { BenchYard } from './yard.ts'

const RUNS = 15
/** The size of a middling product: 6,700 files, some 60 MB. */
const FILES = 6_700
const BURST = 20

export async function measureStarts(yard: BenchYard): Promise<readonly Figure[]> {
  const small = await yard.repository('small', { 'README.md': '# Small\n' })
  const large = await yard.repository('large', manyFiles())
  const one = await series(yard, small, { runs: RUNS, moved: false })
  const ready = await series(yard, large, { runs: RUNS, moved: false })
  const cold = await series(yard, large, { runs: 8, moved: true })
  const burst = await burstOf(yard, await yard.repository('burst', { 'README.md': '# Burst\n' }))
  const target = (atMost: number) => ({ atMost })
  return [
    {
      name: 'label → agent started, one file, p50',
      value: median(one),
      unit: 'ms',
      target: target(100),
      how: `${RUNS} labels in turn`,
    },
    {
      name: 'label → agent started, one file, p99',
      value: quantile(one, 0.99),
      unit: 'ms',
      target: target(300),
      how: 'the slowest of them',
    },
    {
      name: `the same, ${FILES} files, pair ready, p50`,
      value: median(ready),
      unit: 'ms',
      target: target(150),
      how: `${RUNS} labels in turn`,
    },
    {
      name: `the same, ${FILES} files, pair ready, p99`,
      value: quantile(ready, 0.99),
      unit: 'ms',
      target: target(450),
      how: 'the slowest of them',
    },
    {
      name: `the same, ${FILES} files, no pair, p50`,
      value: median(cold),
      unit: 'ms',
      target: target(450),
      how: 'main moved right before the label',
    },
    {
      name: `burst of ${BURST}: last agent started`,
      value: burst,
      unit: 'ms',
      target: target(1_500),
      how: `${BURST} slots`,
    },
  ]
}

async function series(
  yard: BenchYard,
  repo: string,
  given: { readonly runs: number; readonly moved: boolean },
): Promise<readonly number[]> {
  const times: number[] = []
  for (let run = 0; run < given.runs; run++) {
    const number = yard.issue(
      repo,
      `added/${repo.replace('/', '-')}-${given.moved ? 'cold' : 'warm'}-${run}.txt`,
    )
    await quiet(yard)
    if (given.moved) {
      await yard.emulator.pushFiles({
        repo,
        as: 'ana',
        branch: 'main',
        files: { 'moved.txt': `${run}\n` },
        message: 'Move',
      })
    }
    const took = await yard.started(repo, number)
    // The first start of a repository makes its mirror; what is measured is every other one.
    if (run > 0 || given.moved) times.push(took)
    await yard.until('it is published', () =>
      yard.emulator.labels({ repo, number }).includes('yard:needs-review'),
    )
  }
  return times
}

async function burstOf(yard: BenchYard, repo: string): Promise<number> {
  const first = yard.issue(repo, 'first.txt')
  await yard.started(repo, first)
  await yard.until('the first is published', () =>
    yard.emulator.labels({ repo, number: first }).includes('yard:needs-review'),
  )
  const numbers = Array.from({ length: BURST }, (_, index) =>
    yard.issue(repo, `burst-${index}.txt`),
  )
  await quiet(yard)
  // GitHub does not wait for one delivery's answer before it sends the next.
  yard.emulator.webhooks.knobs.parallel = BURST
  const times = await Promise.all(numbers.map((number) => yard.started(repo, number)))
  for (const number of numbers) {
    await yard.until('all are published', () =>
      yard.emulator.labels({ repo, number }).includes('yard:needs-review'),
    )
  }
  yard.emulator.webhooks.knobs.parallel = 1
  return Math.max(...times)
}

/** Webhooks are delivered and the pair ahead is made: its folder is there when the machine has been idle for a moment. */
async function quiet(yard: BenchYard): Promise<void> {
  await yard.emulator.whenIdle()
  let before = yard.child().cpuSeconds()
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, 400))
    const now = yard.child().cpuSeconds()
    if (now - before < 0.04) return
    before = now
  }
}

function manyFiles(): Readonly<Record<string, string>> {
  const text = 'const answer = 42 // the quick brown fox jumps over the lazy dog\n'.repeat(140)
  const files: Record<string, string> = { 'README.md': '# Large\n' }
  for (let index = 0; index < FILES; index++) {
    files[`src/part-${index % 67}/file-${index}.ts`] = `// ${index}\n${text}`
  }
  return files
}
