/**
 * A process that stands for the app while jailed programs do their worst beside it, and tells as JSON how it fared: a
 * fork bomb, a flood of output, a file without end. Not to be run as root, whose processes the kernel does not count.
 */
import { once } from 'node:events'
import { mkdir, stat } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setTimeout as wait } from 'node:timers/promises'
import { createBwrapJail } from '../../src/jail/bwrap.ts'
import { descendants, identify } from '../../src/jail/process-table.ts'
import { PROCESSES } from '../../src/jail/program.ts'
import type { Gate, JailSpec } from '../../src/ports/jail.ts'
import { runJailed } from '../../src/workspace/jailed-run.ts'

export interface Bombs {
  readonly processesAllowed: number
  readonly processesSeen: number
  readonly bombLeft: number
  /** Milliseconds that another jail took to start and end: beside nothing, and beside the bomb. */
  readonly quiet: number
  readonly beside: number
  readonly standstill: number
  readonly floodBytes: number
  readonly floodKept: number
  readonly memoryGrowth: number
  readonly fileBytes: number
}

const [, , base = '', bwrap = '', seconds = '2', floodMegabytes = '64'] = process.argv
const jail = createBwrapJail({
  folder: join(base, 'jail'),
  sockets: base,
  program: bwrap,
  toolchain: { path: process.env['PATH'] ?? '', needed: [process.execPath], hidden: [homedir()] },
  ids: { unique: () => crypto.randomUUID() },
})
const home = join(base, 'home')
await mkdir(home)
const spec = (script: string, network: 'none' | Gate = 'none'): JailSpec => ({
  argv: ['sh', '-c', script],
  cwd: home,
  env: {},
  writable: [home],
  readable: [],
  home,
  network,
})
const timed = async (): Promise<number> => {
  const began = performance.now()
  const jailed = await jail.start(spec('true'))
  await jailed.exited
  await jailed.end(0)
  return performance.now() - began
}
const best = async (): Promise<number> => Math.min(await timed(), await timed(), await timed())

const before = process.memoryUsage().rss
const quiet = await best()
const delay = monitorEventLoopDelay({ resolution: 5 })
delay.enable()

const bomb = await jail.start(spec('b() { b | b & }; echo on; b; sleep 60'))
await once(bomb.stdout, 'data')
const root = await identify(bomb.pid)
let processesSeen = 0
const end = performance.now() + Number(seconds) * 1000
while (performance.now() < end) {
  if (root !== null) processesSeen = Math.max(processesSeen, (await descendants(root)).length)
  await wait(100)
}
const beside = await best()
await bomb.end(0)
const bombLeft = root === null ? 0 : (await descendants(root)).length

const floodBytes = Number(floodMegabytes) * 1024 ** 2
const flood = await runJailed(jail, spec(`head -c ${floodBytes} /dev/zero | tr '\\0' x`), {
  input: '',
  stop: 600_000,
})
await runJailed(jail, spec('dd if=/dev/zero of=big bs=1M seek=20000 count=1'), {
  input: '',
  stop: 60_000,
})
const file = await stat(join(home, 'big')).catch(() => null)
const told: Bombs = {
  processesAllowed: PROCESSES,
  processesSeen,
  bombLeft,
  quiet: Math.round(quiet),
  beside: Math.round(beside),
  standstill: Math.round(delay.max / 1e6),
  floodBytes,
  floodKept: flood.output.length,
  memoryGrowth: Math.max(0, process.memoryUsage().rss - before),
  fileBytes: file?.size ?? 0,
}
process.stdout.write(`${JSON.stringify(told)}\n`)
