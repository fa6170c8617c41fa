/** What the jail costs: a program that does nothing, in bubblewrap and without it, in turn, so that a busy machine slows both. */
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { createBwrapJail } from '../src/jail/bwrap.ts'
import { createNoJail } from '../src/jail/none.ts'
import { probeBwrap } from '../src/jail/probe.ts'
import type { Jail, JailSpec } from '../src/ports/jail.ts'
import { median } from './figures.ts'
import type { Figure } from './figures.ts'

const RUNS = 60

/** Nothing where there is no bubblewrap: its cost cannot be told there. */
export async function measureJail(): Promise<readonly Figure[]> {
  const folder = await mkdtemp(join(tmpdir(), 'yard-bench-jail-'))
  try {
    const options = {
      folder: join(folder, 'jail'),
      sockets: folder,
      toolchain: {
        path: process.env['PATH'] ?? '',
        needed: [process.execPath],
        hidden: [homedir()],
      },
      ids: { unique: () => crypto.randomUUID() },
    }
    const probe = await probeBwrap(options)
    if (probe.kind === 'unavailable') return []
    const home = join(folder, 'home')
    await mkdir(home)
    const spec = (network: JailSpec['network']): JailSpec => ({
      argv: ['true'],
      cwd: home,
      env: {},
      writable: [],
      readable: [],
      home,
      network,
    })
    const jail = createBwrapJail({ ...options, program: probe.program })
    const none = createNoJail({ ...options, path: options.toolchain.path })
    const times = { none: [] as number[], jail: [] as number[], gate: [] as number[] }
    for (let run = 0; run < RUNS; run++) {
      times.none.push(await timed(none, spec('none')))
      times.jail.push(await timed(jail, spec('none')))
      times.gate.push(await timed(jail, spec({ allow: ['example.org'], model: null })))
    }
    const best = (values: readonly number[]): number =>
      Math.round(Math.min(...values) - Math.min(...times.none))
    const beyond = (values: readonly number[]): number => median(values) - median(times.none)
    return [
      {
        name: 'jail, beyond a start without it, p50',
        value: beyond(times.jail),
        unit: 'ms',
        target: { atMost: 15 },
        // Most of it is waiting for the kernel, which a busy machine makes long: the fastest tells what it costs by itself.
        how: `true, ${RUNS} times, in turn; the fastest ${best(times.jail)} ms`,
      },
      {
        name: 'the same with a gate to the network',
        value: beyond(times.gate),
        unit: 'ms',
        // A Node starts (40 ms where nothing else runs) and then the program; agents take 300 ms to 2 s themselves.
        target: { atMost: 150 },
        how: `the bridge is a Node; the fastest ${best(times.gate)} ms`,
      },
    ]
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function timed(jail: Jail, spec: JailSpec): Promise<number> {
  const began = performance.now()
  const jailed = await jail.start(spec)
  await jailed.exited
  const took = performance.now() - began
  await jailed.end(0)
  return took
}
