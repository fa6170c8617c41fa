/** What the agents are made of; the composition root hands it in. */
import type { Clock } from '../ports/clock.ts'
import type { Jail } from '../ports/jail.ts'
import type { Log } from '../ports/log.ts'

export interface AgentsOptions {
  readonly jail: Jail
  readonly clock: Clock
  readonly log: Log
  /** For the operator's programs; `builtin:patch` never gets a network. */
  readonly network: 'none' | 'open'
  /** The operator's environment. A profile's `env` names what its agent may see of it. */
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly builtinPatch: {
    /** Node and the path of `builtin/patch/main.ts`. */
    readonly argv: readonly [string, ...string[]]
    /** What it is made of: the package's source and its dependencies. */
    readonly readable: readonly string[]
  }
}
