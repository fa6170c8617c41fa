/** The whole environment of one agent: what its profile lets through, what its preset sets, and nothing else. */
import type { Profile } from '../domain/settings.ts'
import { presetOf } from '../policy/presets.ts'

export interface AgentEnvironment {
  readonly env: Readonly<Record<string, string>>
  /** Names of the profile's own that the operator's environment does not hold. */
  readonly missing: readonly string[]
}

/** One of them may be Claude under another name, and would hide our tools behind a search; all others ignore it. */
const FOR_STRANGERS = { ENABLE_TOOL_SEARCH: 'false' }

/** `inherited`: the operator's environment. */
export function environmentOf(
  profile: Profile,
  inherited: Readonly<Record<string, string | undefined>>,
): AgentEnvironment {
  const preset = presetOf(profile)
  const strange = profile.protocol === 'acp' ? FOR_STRANGERS : {}
  const env: Record<string, string> = {}
  // HOME is the task's own folder, whatever the operator's list says.
  const names = profile.env.filter((name) => name !== 'HOME')
  for (const name of names) {
    const value = inherited[name]
    if (value !== undefined) env[name] = value
  }
  const set =
    preset?.set({ env, model: profile.model, permissions: profile.permissions }) ?? strange
  return {
    env: { ...set, ...env },
    // A preset's variables are those of all its ways to log in: that one is absent says nothing.
    missing: names.filter((name) => !(name in env) && preset?.env.includes(name) !== true),
  }
}
