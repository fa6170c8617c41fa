/** What the agents are made of; the composition root hands it in. */
import type { NetworkPolicy } from '../domain/settings.ts'
import type { Clock } from '../ports/clock.ts'
import type { Jail } from '../ports/jail.ts'
import type { Log } from '../ports/log.ts'

export interface AgentsOptions {
  readonly jail: Jail
  readonly clock: Clock
  readonly log: Log
  /** For the operator's programs; `builtin:patch` never gets a network. */
  readonly network: NetworkPolicy
  /** Hosts that `model-only` lets through besides the model's own. */
  readonly allow: readonly string[]
  /** The operator's environment. A profile's `env` names what its agent may see of it. */
  readonly environment: Readonly<Record<string, string | undefined>>
  /** Files and folders that the operator's programs may read beyond what the jail finds for them on PATH. */
  readonly readable: readonly string[]
  /** A folder with a short path, in which agents find the sockets of our tools: the system's own for temporary files. */
  readonly sockets: string
  readonly builtinPatch: {
    /** Node and the path of `builtin/patch/main.ts`. */
    readonly argv: readonly [string, ...string[]]
    /** What it is made of: this package's `package.json`, `src` and `node_modules`. */
    readonly readable: readonly string[]
  }
}
