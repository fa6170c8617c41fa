/** Everything that a simulated history shares: time, GitHub, the database, who runs, and what was seen to go wrong. */
import type { ChangedFile } from '../src/domain/attempt.ts'
import type { AttemptId, Sha, TaskId } from '../src/domain/ids.ts'
import { createHub } from './github/hub.ts'
import type { Hub, SimPull, SimRepo } from './github/hub.ts'
import { createLimits } from './github/limits.ts'
import type { Limits } from './github/limits.ts'
import { createNetwork } from './github/network.ts'
import type { Network } from './github/network.ts'
import type { Endless, Talk } from './handoffs.ts'
import type { SimProcess } from './process.ts'
import { createRandom } from './random.ts'
import type { Random } from './random.ts'
import { createScheduler } from './scheduler.ts'
import type { Scheduler } from './scheduler.ts'
import type { SimSettings } from './settings.ts'
import { createDatabase } from './store/database.ts'
import type { Database } from './store/database.ts'

export interface RunningAgent {
  readonly task: TaskId
  readonly attempt: AttemptId
  readonly process: SimProcess
  /** Was told to end, or its lease is gone: its machine is killing it. */
  readonly ending: () => boolean
}

/** Whether the evils are at work, or the world is healing. */
interface Weather {
  stormy: boolean
  /** Some machine's clock has told a wrong time. */
  jumped?: boolean
}

export interface World {
  readonly settings: SimSettings
  readonly random: Random
  readonly scheduler: Scheduler
  readonly hub: Hub
  readonly network: Network
  readonly database: Database
  readonly weather: Weather
  readonly limitsOf: (installation: number) => Limits
  readonly agents: Set<RunningAgent>
  /** The conversations that agents had, by attempt. */
  readonly talks: Map<AttemptId, Talk>
  endless: Endless | null
  /** The collected work of agents, by head: which task's it is. */
  readonly work: Map<Sha, TaskId>
  /** Who else hears of a push of ours to an open pull request. */
  readonly onPushed: ((repo: SimRepo, pull: SimPull) => void)[]
  /** Merges of a base that trusted git has made, by what was merged. */
  readonly merges: Map<string, Sha>
  /** What that work changes, by head. */
  readonly changed: Map<Sha, readonly ChangedFile[]>
  /** Who said `/approve` to which commit, when by GitHub's clock, and under which key it was told. */
  readonly approvals: {
    readonly repo: number
    readonly by: number
    readonly head: string
    readonly at: number
    readonly key: string
  }[]
  /** Who pressed Reviewed on which commit, as `pressOf` names it. */
  readonly pressed: Set<string>
  /** Who gave which question an option that it has, by its name, when by GitHub's clock, and under which key it was told. */
  readonly answers: {
    readonly repo: number
    readonly issue: number
    readonly by: number
    readonly n: number
    readonly at: number
    readonly key: string
  }[]
  /** Deliveries that nobody took, by GitHub's number for the try; `again` has it tried once more. */
  readonly failed: Map<number, { readonly at: number; readonly again: () => void }>
  /** Keys of facts whose delivery was answered with 2xx. */
  readonly acknowledged: Set<string>
  /** Since when (simulated time) somebody may not write: `<repo> <person>`. */
  readonly revoked: Map<string, number>
  /** Who may write or could at some time: `<repo> <person>`. */
  readonly writers: Set<string>
  /** When somebody's role last changed, by GitHub's clock: `<repo> <person>`. */
  readonly roleSince: Map<string, number>
  readonly violations: string[]
  /** What happened, for people who look at a history. */
  readonly journal: string[]
  readonly tell: (line: string) => void
}

/** Any moment; the same in every history. Milliseconds since 1970. */
export const EPOCH = Date.UTC(2026, 2, 1, 22)

export function createWorld(seed: number, settings: SimSettings, keepJournal: boolean): World {
  const random = createRandom(seed)
  const scheduler = createScheduler(createRandom(seed ^ 0x5bd1e995))
  const weather: Weather = { stormy: true }
  const lag = (): number => (weather.stormy ? random.below(settings.lag + 1) : 0)
  const hub = createHub({ now: () => EPOCH + scheduler.time(), lag })
  const limits = new Map<number, Limits>()
  const journal: string[] = []
  return {
    settings,
    random,
    scheduler,
    hub,
    network: createNetwork(scheduler, random, {
      faults: settings.faults,
      limited: settings.limited,
      // What is created is seen within the minute, or was never created: late and unseen together.
      latest: Math.max(0, 45_000 - settings.lag),
    }),
    database: createDatabase(() => scheduler.time()),
    weather,
    limitsOf(installation) {
      const known = limits.get(installation) ?? createLimits()
      limits.set(installation, known)
      return known
    },
    agents: new Set(),
    talks: new Map(),
    endless: null,
    onPushed: [],
    merges: new Map(),
    work: new Map(),
    changed: new Map(),
    approvals: [],
    answers: [],
    pressed: new Set(),
    failed: new Map(),
    acknowledged: new Set(),
    revoked: new Map(),
    writers: new Set(),
    roleSince: new Map(),
    violations: [],
    journal,
    tell(line) {
      if (keepJournal) journal.push(`${(scheduler.time() / 1000).toFixed(3).padStart(10)}  ${line}`)
    },
  }
}
