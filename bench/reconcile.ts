/** What a pass of the reconciler costs us while 100, 1,000 and 10,000 tasks are open, and how that grows. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { startChild } from './child.ts'
import type { Figure } from './figures.ts'

interface Pass {
  readonly cpuSeconds: number
  readonly seconds: number
  readonly requests: number
  readonly facts: number
  readonly peakMiB: number
}

/** Repositories of a hundred open tasks each: what is asked per repository grows as well. */
const PER_REPOSITORY = 100
const BODY = 'Please parse dates with a zone, as in the example below.\n'.repeat(20)

export async function measureReconcile(): Promise<readonly Figure[]> {
  const hundred = await measure(100)
  const thousand = await measure(1_000)
  const most = await measure(10_000)
  return [
    {
      name: 'reconcile 10,000 open tasks, CPU',
      value: most.cpuSeconds,
      unit: 's',
      target: { atMost: 10 },
      how: `one pass, ${most.requests} requests; 100 tasks: ${hundred.cpuSeconds.toFixed(2)} s`,
    },
    {
      name: 'the same, peak memory',
      value: most.peakMiB,
      unit: 'MiB',
      target: { atMost: 512 },
      how: `with the embedded store; 100 tasks: ${Math.round(hundred.peakMiB)} MiB`,
    },
    {
      name: 'its growth from 1,000 to 10,000',
      value: most.cpuSeconds / thousand.cpuSeconds,
      unit: '×',
      target: { atMost: 13 },
      how: '10 is linear',
    },
  ]
}

async function measure(tasks: number): Promise<Pass> {
  const folder = await mkdtemp(join(tmpdir(), 'yardmaster-reconcile-'))
  const github = await startChild('./github-process.ts', { body: BODY })
  try {
    const settings = {
      folder: join(folder, 'store'),
      tasks,
      repositories: tasks / PER_REPOSITORY,
      github: github.webhookUrl,
    }
    await life({ ...settings, fill: true })
    const pass: Pass = JSON.parse(await life({ ...settings, fill: false }))
    if (pass.facts > 0) throw new Error('a pass found differences where there are none')
    return pass
  } finally {
    await github.stop()
    await rm(folder, { recursive: true })
  }
}

async function life(settings: object): Promise<string> {
  const script = fileURLToPath(new URL('./reconcile-process.ts', import.meta.url))
  const child = spawn(process.execPath, [script], { stdio: ['pipe', 'pipe', 'inherit'] })
  const exited = once(child, 'exit')
  child.stdin.end(JSON.stringify(settings))
  const said = await text(child.stdout)
  const [code] = await exited
  if (code !== 0) throw new Error(`the reconciler’s process ended with ${String(code)}`)
  return said
}
