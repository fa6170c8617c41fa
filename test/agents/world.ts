/** One place, one clock and one jail for tests that run agents as real processes. */
import { randomUUID } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { mkdtemp, realpath, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { instant } from '../../src/domain/ids.ts'
import type { AgentsOptions } from '../../src/agents/agents-options.ts'
import { createAgents } from '../../src/agents/create-agents.ts'
import { probeAgent } from '../../src/agents/probe-agent.ts'
import type { AgentJob, AgentNews, AgentOutcome } from '../../src/ports/agent.ts'
import type { Clock } from '../../src/ports/clock.ts'
import type { Log } from '../../src/ports/log.ts'
import type { Place } from '../../src/ports/workspace.ts'
import type { Probed } from '../../src/ports/programs.ts'
import type { Profile } from '../../src/domain/settings.ts'
import { createNoJail } from '../../src/jail/none.ts'
import { MARK } from '../../src/jail/process-table.ts'
import type { Ids } from '../../src/ports/ids.ts'
import type { Jail, JailSpec } from '../../src/ports/jail.ts'
import { makePlace } from '../support/agent-place.ts'
import { profile } from '../support/builders.ts'

export const realClock: Clock = {
  now: () => instant(Date.now()),
  monotonic: () => performance.now(),
  sleep: (milliseconds, signal) =>
    delay(milliseconds, undefined, signal ? { signal } : {}).catch(() => {}),
}

type MakeJail = (options: { readonly folder: string; readonly ids: Ids }) => Promise<Jail>

export interface World {
  readonly place: Place
  /** What the jail was asked for. */
  readonly specs: JailSpec[]
  readonly news: AgentNews[]
  readonly warnings: string[]
  readonly pids: number[]
  run(command: Profile['command'], more?: Partial<Run>): Promise<AgentOutcome>
  mock(behaviour: string, more?: Partial<Run>): Promise<AgentOutcome>
  probe(
    profile: Partial<Profile>,
    more?: { readonly patience?: number; readonly signal?: AbortSignal },
  ): Promise<Probed>
  /** Throws when a process of an agent is left. */
  clear(): Promise<void>
}

export interface Run {
  readonly prompt: string | Promise<string>
  readonly limits: Partial<AgentJob['limits']>
  readonly signal: AbortSignal
  readonly argument: string
  readonly resume: AgentJob['resume']
  readonly answer: AgentJob['answer']
  readonly profile: Partial<Profile>
  readonly onProgress: (news: AgentNews) => void
}

const MOCK = profile({ name: 'mock', command: [], tier: null })
const mockAgent = join(import.meta.dirname, 'mock-agent.ts')
const root = join(import.meta.dirname, '../..')
const own = ['package.json', 'src', 'node_modules'].map((name) => join(root, name))
const patchAgent = join(root, 'src/agents/builtin/patch/main.ts')

const path = process.env['PATH'] ?? ''
const withoutJail: MakeJail = async (options) => createNoJail({ ...options, path })

export async function createWorld(makeJail = withoutJail): Promise<World> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'yard-agents-')))
  const place = await makePlace(folder)
  const marks: string[] = []
  const specs: JailSpec[] = []
  const ids = { unique: () => unique(marks) }
  const jail = recording(await makeJail({ folder: join(folder, 'jail'), ids }), specs)
  const news: AgentNews[] = []
  const warnings: string[] = []
  const pids: number[] = []
  const quiet = (): void => {}
  const log: Log = {
    debug: quiet,
    info: quiet,
    warn: (_, message) => void warnings.push(message),
    error: (_, message) => void warnings.push(message),
  }
  const options: AgentsOptions = {
    jail,
    clock: realClock,
    log,
    network: 'open',
    allow: [],
    environment: { MODEL_KEY: 'k-1', GITHUB_TOKEN: 'never', HOME: '/root' },
    readable: [join(root, 'package.json'), import.meta.dirname],
    sockets: tmpdir(),
    builtinPatch: { argv: [process.execPath, patchAgent], readable: own },
  }
  const agents = createAgents(options)

  const run: World['run'] = (command, more = {}) =>
    agents.run({
      profile: { ...MOCK, command, ...more.profile },
      place,
      prompt: Promise.resolve(more.prompt ?? 'Fix it.'),
      resume: more.resume ?? null,
      answer: more.answer ?? null,
      limits: {
        startMilliseconds: 10_000,
        firstMilliseconds: 10_000,
        stallMilliseconds: 10_000,
        wallMilliseconds: 20_000,
        ...more.limits,
      },
      signal: more.signal ?? new AbortController().signal,
      onStarted: (pid) => void pids.push(pid),
      onProgress: (item) => {
        news.push(item)
        more.onProgress?.(item)
      },
    })
  return {
    place,
    specs,
    news,
    warnings,
    pids,
    run,
    probe: (profile, { signal = new AbortController().signal, ...more } = {}) =>
      probeAgent(options, { ...MOCK, ...profile }, { folder, signal, ...more }),
    mock: (behaviour, more = {}) =>
      run([process.execPath, mockAgent, behaviour, more.argument ?? ''], more),
    async clear() {
      const left = marks.flatMap(survivors)
      if (left.length > 0) throw new Error(`processes are left: ${left.join(', ')}`)
      await rm(folder, { recursive: true, force: true })
    },
  }
}

function unique(marks: string[]): string {
  const mark = randomUUID()
  marks.push(mark)
  return mark
}

const recording = (jail: Jail, specs: JailSpec[]): Jail => ({
  ...jail,
  start(spec) {
    specs.push(spec)
    return jail.start(spec)
  },
})

/** Found by the mark in their environment, with code of its own: the jail's must not be believed here. */
function survivors(mark: string): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/environ`, 'latin1').includes(`${MARK}=${mark}`)
      } catch {
        return false
      }
    })
    .map(Number)
}
