/** What one attempt's agent may see and touch. */
import { basename, join } from 'node:path'
import type { AgentJob } from '../ports/agent.ts'
import type { JailSpec } from '../ports/jail.ts'
import type { AgentsOptions } from './agents-options.ts'
import { PROMPT_FILE } from './command/prompt-file.ts'
import { reachOf } from './reach.ts'
import { REPORT_FILE } from './report-format.ts'

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
  { profile, place }: Pick<AgentJob, 'profile' | 'place'>,
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
  const { network, env, missing } = reachOf(options, profile)
  const spec: JailSpec = {
    ...common,
    argv: [program, ...rest],
    readable: [...readable, ...options.readable, ...(door === null ? [] : [door])],
    env: profile.protocol === 'command' ? { ...commandVariables(profile, exchange), ...env } : env,
    network,
  }
  return { spec, name: basename(program), missing }
}

/** What a program without a protocol is told of its attempt; documented in the guide. */
const commandVariables = ({ model }: AgentJob['profile'], exchange: string) => ({
  YARDMASTER_PROMPT: join(exchange, PROMPT_FILE),
  YARDMASTER_REPORT: join(exchange, REPORT_FILE),
  ...(model === null ? {} : { YARDMASTER_MODEL: model }),
})
