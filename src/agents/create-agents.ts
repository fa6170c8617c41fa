/** Coding agents behind the `Agents` port: any program that speaks ACP over its standard streams, one process tree per attempt. */
import type { Agents } from '../ports/agent.ts'
import type { Clock } from '../ports/clock.ts'
import type { Jail } from '../ports/jail.ts'
import type { Log } from '../ports/log.ts'
import { runAgent } from './run-agent.ts'

export interface AgentsOptions {
  readonly jail: Jail
  readonly clock: Clock
  readonly log: Log
  /** For the operator's programs; `builtin:patch` never gets a network. */
  readonly network: 'none' | 'open'
  /** The operator's environment. A profile's `env` names what its agent may see of it. */
  readonly environment: Readonly<Record<string, string | undefined>>
  /** Files and folders beyond the system's own that every agent may read (where its program is installed). */
  readonly readable: readonly string[]
  readonly builtinPatch: {
    /** Node and the path of `builtin/patch/main.ts`. */
    readonly argv: readonly [string, ...string[]]
    /** The package's own folder (source and dependencies), and Node's where it is no system folder. */
    readonly readable: readonly string[]
  }
}

export const createAgents = (options: AgentsOptions): Agents => ({
  run: (job) => runAgent(options, job),
})
