/** What one attempt's agent may see and touch. */
import { basename } from 'node:path'
import type { AgentJob } from '../ports/agent.ts'
import type { JailSpec } from '../ports/jail.ts'
import type { AgentsOptions } from './agents-options.ts'
import { environmentOf } from './environment.ts'

export interface Program {
  readonly spec: JailSpec
  /** The program's name as a person knows it. */
  readonly name: string
  /** Names of the profile's `env` that the operator's environment does not hold. */
  readonly missing: readonly string[]
}

/** `door`: the folder with the socket of our tools; null: there is none. */
export function jailSpec(
  options: AgentsOptions,
  { profile, place }: AgentJob,
  door: string | null,
): Program {
  const { worktree, repository, home, exchange, readable } = place
  const common = {
    cwd: worktree,
    // The worktree's `.git` points into the task repository, which is private to the task.
    writable: [worktree, repository, home, exchange],
    home,
  }
  if (profile.command === 'builtin:patch') {
    const { argv } = options.builtinPatch
    const spec: JailSpec = {
      ...common,
      argv,
      readable: [...readable, ...options.builtinPatch.readable],
      env: {},
      network: 'none',
    }
    return { spec, name: profile.command, missing: [] }
  }
  const [program, ...rest] = profile.command
  if (program === undefined) throw new Error(`the profile ${profile.name} names no program`)
  const { env, missing } = environmentOf(profile, options.environment)
  const spec: JailSpec = {
    ...common,
    argv: [program, ...rest],
    readable: [...readable, ...options.readable, ...(door === null ? [] : [door])],
    env,
    network: options.network,
  }
  return { spec, name: basename(program), missing }
}
