/**
 * Which profile a task starts with: the one that was wished for or, while its provider is at its limit, the first of its
 * fallbacks whose own provider is well. Every other fault of a provider is the operator's to mend, and no cause to spend
 * with another one what they gave to this.
 */
import type { Instant } from './ids.ts'
import { inEffect, limitScope, profileScope } from './pause.ts'
import type { Pause } from './pause.ts'
import type { OperatorSettings, Profile, RepoSettings } from './settings.ts'
import type { StandIn, Task } from './task.ts'
import type { Wait } from './wait.ts'

export interface Chosen {
  readonly profile: Profile
  /** Null: it is the one that was wished for. */
  readonly standIn: StandIn | null
}

export interface Choice {
  readonly task: Pick<Task, 'wish'>
  readonly settings: Pick<RepoSettings, 'agent'>
  readonly operator: Pick<OperatorSettings, 'profiles' | 'defaultProfile'>
}

/** By name; a wait where there is none of that name. */
export function wishedProfile({ task, settings, operator }: Choice): Profile | Wait {
  const name = task.wish?.profile ?? settings.agent ?? operator.defaultProfile
  return (
    own(operator.profiles, name) ?? {
      kind: 'unknown-profile',
      name,
      known: Object.keys(operator.profiles),
    }
  )
}

/** `profiles`: all of the operator. */
export function standInFor(
  wished: Profile,
  profiles: OperatorSettings['profiles'],
  { pauses, now }: { readonly pauses: readonly Pause[]; readonly now: Instant },
): Chosen | Wait {
  const inTheWay = (scope: string): Pause | undefined =>
    pauses.find((one) => one.scope === scope && inEffect(one, now))
  const rests: Resting[] = []
  let profile: Profile | undefined = wished
  // The reader of the settings refuses a circle; here one would only end the search.
  while (profile !== undefined && rests.every((rest) => rest.profile !== profile?.name)) {
    const fault = inTheWay(profileScope(profile.name))
    const limit = inTheWay(limitScope(profile.name))
    const pause = fault ?? limit
    if (pause === undefined) return { profile, standIn: standInOf(profile, rests) }
    rests.push({ profile: profile.name, reason: pause.reason, until: pause.until })
    profile =
      fault === undefined && profile.fallback !== null ? own(profiles, profile.fallback) : undefined
  }
  const [first, ...fallbacks] = rests
  if (first === undefined) throw new Error('a profile neither rests nor starts')
  return { kind: 'profile-paused', ...first, ...(fallbacks.length > 0 ? { fallbacks } : {}) }
}

interface Resting {
  readonly profile: string
  readonly reason: string
  readonly until: Instant | null
}

function standInOf(profile: Profile, [wished]: readonly Resting[]): StandIn | null {
  if (wished === undefined) return null
  const { reason, until } = wished
  return { profile: profile.name, wished: wished.profile, reason, until }
}

/** A name comes from a settings file: `constructor` is in every object, and nobody's profile. */
export function own<Value>(
  table: Readonly<Record<string, Value>>,
  name: string,
): Value | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined
}
