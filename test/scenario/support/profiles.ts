/** Operators' files for stories: profiles beside the built-in agent, which stays the default. */
import { join } from 'node:path'
import type { Step } from './agent.ts'

const MOCK = join(import.meta.dirname, '../../agents/mock-agent.ts')
const AGENT = join(import.meta.dirname, 'agent.ts')

export type Commands = Readonly<Record<string, readonly string[]>>

/** JSON is YAML too. */
export const operatorWith = (commands: Commands, jail: 'auto' | 'none' = 'none'): string =>
  JSON.stringify({
    profiles: {
      patch: { command: 'builtin:patch' },
      ...Object.fromEntries(Object.entries(commands).map(([name, command]) => [name, { command }])),
    },
    default_profile: 'patch',
    jail,
    caps: { total: 50, per_repository: 50 },
  })

/** The mock agent that misbehaves in one of its ways. */
export const mock = (behaviour: string): readonly string[] => [process.execPath, MOCK, behaviour]

/** The agent that does just these steps. */
export const steps = (...list: readonly Step[]): readonly string[] => [
  process.execPath,
  AGENT,
  JSON.stringify(list),
]
