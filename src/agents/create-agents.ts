/** Coding agents behind the `Agents` port: any program that speaks ACP over its standard streams, one process tree per attempt. */
import type { Agents } from '../ports/agent.ts'
import type { AgentsOptions } from './agents-options.ts'
import { runAgent } from './run-agent.ts'

export const createAgents = (options: AgentsOptions): Agents => ({
  run: (job) => runAgent(options, job),
})
