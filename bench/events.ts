/** How fast the updates of a talkative agent are heard, and what they leave in memory. */
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { Figure } from './figures.ts'
import { median } from './figures.ts'

const UPDATES = 10_000
const RUNS = 3

interface Heard {
  readonly kind: string
  readonly milliseconds: number
  readonly growth: number
  readonly told: number
}

export async function measureEvents(): Promise<readonly Figure[]> {
  const runs: Heard[] = []
  for (let run = 0; run < RUNS; run++) runs.push(await hear())
  const how = `from prompt to end, median of ${RUNS}; told on ${median(runs.map(({ told }) => told))} times`
  return [
    {
      name: `${UPDATES.toLocaleString('en-US')} updates of one agent`,
      value: median(runs.map(({ milliseconds }) => milliseconds)),
      unit: 'ms',
      target: { atMost: 1_000 },
      how,
    },
    {
      name: 'the same, growth of memory at its peak',
      value: Math.max(...runs.map(({ growth }) => growth)),
      unit: 'MiB RSS',
      target: { atMost: 50 },
      how: 'the worst of them',
    },
  ]
}

async function hear(): Promise<Heard> {
  const file = fileURLToPath(new URL('events-process.ts', import.meta.url))
  const { stdout } = await promisify(execFile)(process.execPath, [file, String(UPDATES)], {
    timeout: 120_000,
  })
  const heard = JSON.parse(stdout) as Heard
  if (heard.kind !== 'done') throw new Error(`the talkative agent ended as ${heard.kind}`)
  return heard
}
