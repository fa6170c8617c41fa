/** Hears one talkative agent through the whole way that its words take, and tells how long that took and what it cost in memory. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createAgents } from '../src/agents/create-agents.ts'
import { createNoJail } from '../src/jail/none.ts'
import { systemClock } from '../src/system/clock.ts'
import { systemIds } from '../src/system/ids.ts'
import { createLog } from '../src/system/log.ts'
import { makePlace } from '../test/support/agent-place.ts'
import { profile } from '../test/support/builders.ts'

const MIB = 1024 * 1024
const updates = Number(process.argv[2])
const folder = await mkdtemp(join(tmpdir(), 'yard-bench-'))
const path = process.env['PATH'] ?? ''
const clock = systemClock

const agents = createAgents({
  jail: createNoJail({ folder: join(folder, 'jail'), ids: systemIds, path }),
  clock,
  log: createLog('error'),
  network: 'open',
  allow: [],
  environment: {},
  readable: [],
  sockets: tmpdir(),
  builtinPatch: { argv: ['false'], readable: [] },
})
const place = await makePlace(folder)

const rss = (): number => process.memoryUsage().rss / MIB
let began = 0
let before = 0
let peak = 0
let told = 0
const look = (): void => void (peak = Math.max(peak, rss()))
const minute = 60_000
const outcome = await agents.run({
  profile: profile({
    name: 'talk',
    command: [
      process.execPath,
      fileURLToPath(new URL('talk-process.ts', import.meta.url)),
      String(updates),
    ],
    tier: null,
  }),
  place,
  // What a process needs to start is not what its events cost: from here on it counts.
  prompt: clock.sleep(1_500).then(() => {
    before = rss()
    began = performance.now()
    return 'Talk.'
  }),
  resume: null,
  answer: null,
  limits: {
    startMilliseconds: minute,
    firstMilliseconds: minute,
    stallMilliseconds: minute,
    wallMilliseconds: 2 * minute,
  },
  signal: new AbortController().signal,
  onStarted: () => {},
  onProgress: () => {
    told += 1
    look()
  },
})
look()
const milliseconds = performance.now() - began
await rm(folder, { recursive: true, force: true })
console.log(JSON.stringify({ kind: outcome.kind, milliseconds, growth: peak - before, told }))
