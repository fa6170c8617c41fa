/** Hears one talkative agent through the whole way that its words take, and tells how long that took and what it cost in memory. */
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createAgents } from '../src/agents/create-agents.ts'
import { attemptId, issueId, repoId, sha, taskId } from '../src/domain/ids.ts'
import { createNoJail } from '../src/jail/none.ts'
import { systemClock } from '../src/system/clock.ts'
import { systemIds } from '../src/system/ids.ts'
import { createLog } from '../src/system/log.ts'

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
const task = taskId(repoId(1), issueId(1))
const at = (name: string): string => join(folder, name)
const place = {
  task,
  attempt: attemptId(task, 1),
  repository: at('repository'),
  worktree: at('worktree'),
  home: at('home'),
  exchange: at('exchange'),
  readable: [],
  base: sha('a'.repeat(40)),
}
for (const each of [place.repository, place.worktree, place.home, place.exchange]) await mkdir(each)

const rss = (): number => process.memoryUsage().rss / MIB
let began = 0
let before = 0
let peak = 0
let told = 0
const look = (): void => void (peak = Math.max(peak, rss()))
const minute = 60_000
const outcome = await agents.run({
  profile: {
    name: 'talk',
    preset: null,
    command: [
      process.execPath,
      fileURLToPath(new URL('talk-process.ts', import.meta.url)),
      String(updates),
    ],
    protocol: 'acp',
    tier: null,
    model: null,
    mode: null,
    fallback: null,
    network: null,
    permissions: 'allow',
    env: [],
  },
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
