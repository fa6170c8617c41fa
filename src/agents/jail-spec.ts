/** What one attempt's agent may see and touch. */
import { basename } from 'node:path'
import type { AgentJob } from '../ports/agent.ts'
import type { JailSpec } from '../ports/jail.ts'
import type { AgentsOptions } from './agents-options.ts'

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
  // HOME is the task's own folder, whatever the operator's list says.
  const names = profile.env.filter((name) => name !== 'HOME')
  // Claude would hide our tools behind a search that some models never use; other agents ignore it.
  const env: Record<string, string> = door === null ? {} : { ENABLE_TOOL_SEARCH: 'false' }
  for (const name of names) {
    const value = options.environment[name]
    if (value !== undefined) env[name] = value
  }
  const spec: JailSpec = {
    ...common,
    argv: [program, ...rest],
    readable: [...readable, ...options.readable, ...(door === null ? [] : [door])],
    env,
    network: options.network,
  }
  return { spec, name: basename(program), missing: names.filter((name) => !(name in env)) }
}
