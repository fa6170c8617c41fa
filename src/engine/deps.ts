/** What the engine is given: ports and settings. It knows no adapter. */
import { readRepoPolicy } from '../policy/repo-file.ts'
import type { JailKind, OperatorSettings, RepoPolicy } from '../domain/settings.ts'
import type { Secrets } from '../policy/secrets/secrets.ts'
import type { Agents } from '../ports/agent.ts'
import type { Clock } from '../ports/clock.ts'
import type { Board } from '../ports/board.ts'
import type { CodeHost } from '../ports/code-host.ts'
import type { CommandReader } from '../ports/command-reader.ts'
import type { Desk, Envelope } from '../ports/desk.ts'
import type { Digests } from '../ports/digests.ts'
import type { Git } from '../ports/git.ts'
import type { Ids } from '../ports/ids.ts'
import type { KillSwitch } from '../ports/kill-switch.ts'
import type { Log } from '../ports/log.ts'
import type { Programs } from '../ports/programs.ts'
import type { Store } from '../ports/store.ts'
import type { Deliveries, Installations, Tracker } from '../ports/tracker.ts'
import type { Workspace } from '../ports/workspace.ts'
import type { Timing } from './timing.ts'

/** What executing attempts needs. */
export interface RunnerDeps {
  readonly store: Pick<
    Store,
    'claim' | 'beat' | 'finish' | 'onAttempt' | 'load' | 'snapshot' | 'bundle'
  > & {
    readonly repositories: Pick<Store['repositories'], 'get' | 'all'>
  }
  readonly desk: Desk
  readonly workspace: Workspace
  readonly agents: Agents
  readonly git: Pick<Git, 'merge' | 'conflictMarkers' | 'fileAt'>
  readonly clock: Clock
  readonly log: Log
  readonly operator: OperatorSettings
  readonly timing: Timing
  /** The name under which this process holds attempts. The embedded store has one user, so a restart finds its own. */
  readonly runner: string
  /** Of this program, such as `0.1.0`. */
  readonly version: string
  /** The profiles' programs on this machine; without it each counts as there. */
  readonly programs?: Programs
  /** Hands the start of each agent process to whoever measures. */
  readonly onAgentStarted?: (task: string, pid: number) => void
}

export interface EngineDeps extends RunnerDeps {
  readonly store: Store
  readonly tracker: Tracker
  readonly codeHost: CodeHost
  readonly board: Board
  readonly commands: Pick<CommandReader, 'read'>
  /** The App's, by which people mention it. */
  readonly slug: string
  readonly installations: Installations
  readonly deliveries: Deliveries
  readonly git: Git
  /** What must not leave. */
  readonly secrets: Pick<Secrets, 'find' | 'mask'>
  readonly ids: Ids
  /** How answers to runners elsewhere are sealed. */
  readonly envelope: Envelope
  /** What wraps the agents of this host. */
  readonly jailKind: JailKind
  /** What the operator can do about a missing sandbox; null: there is one, or `jail: none` was written. */
  readonly noJail: { readonly fix: string } | null
  /** Whether this host's disk has room for work; without it there always is. */
  readonly hasRoom?: () => Promise<boolean>
  /** No webhook comes: GitHub is looked at more often, and not asked for deliveries. */
  readonly poll?: boolean
  /** Without it no repository's review queue is kept as an issue. */
  readonly digests?: Digests
  /** Without it there is no file that stops all work. */
  readonly killSwitch?: KillSwitch
  /** Where people look at GitHub, without a trailing slash. */
  readonly webUrl: string
}

/** Settings files are read often and change seldom; the texts themselves are the key. */
const CACHE_SIZE = 500

const cache = new Map<string, RepoPolicy>()

export function createPolicyReader(): (config: string | null) => RepoPolicy {
  return (config) => {
    const known = config === null ? undefined : cache.get(config)
    if (known !== undefined) return known
    if (cache.size >= CACHE_SIZE) cache.clear()
    const policy = readRepoPolicy(config)
    if (config !== null) cache.set(config, policy)
    return policy
  }
}
