/** Why a queued task does not start now. `schedule` finds the reason; `render/wait` says it, in the same words everywhere. */
import type { Total } from './budget.ts'
import type { Instant, Sha } from './ids.ts'
import type { Budget } from './money.ts'
import type { SettingsProblem } from './settings.ts'

export type Wait =
  | {
      readonly kind: 'no-slot'
      readonly used: number
      readonly cap: number
      readonly of:
        | { readonly limit: 'total' | 'repository' }
        | { readonly limit: 'tier'; readonly tier: string }
      /** How many of the repository's own tasks wait for the same and go first, as `inWords` tells it. */
      readonly ahead: number
    }
  /** There is no `.github/yardmaster.yml` on the default branch. */
  | { readonly kind: 'no-configuration'; readonly branch: string }
  | {
      readonly kind: 'broken-configuration'
      readonly branch: string
      readonly problems: readonly SettingsProblem[]
    }
  | { readonly kind: 'unknown-profile'; readonly name: string; readonly known: readonly string[] }
  /** `verify` is red without any work of ours: the task waits until the branch moves. */
  | { readonly kind: 'red-base'; readonly branch: string; readonly sha: Sha }
  /** The provider behind the profile is not well; `until` null: not known. */
  | {
      readonly kind: 'profile-paused'
      readonly profile: string
      readonly reason: string
      readonly until: Instant | null
      /** Those that would stand in for it, in turn, and rest as well; absent: it has none. */
      readonly fallbacks?: readonly {
        readonly profile: string
        readonly reason: string
        readonly until: Instant | null
      }[]
    }
  | {
      readonly kind: 'repository-paused'
      /** Of the pause. */
      readonly scope: string
      readonly reason: string
      /** Null: until somebody resumes it. */
      readonly until: Instant | null
      /** Who paused it; null: Yardmaster itself, or the operator. */
      readonly by: string | null
    }
  /** The operator stopped all work. */
  | {
      readonly kind: 'yard-paused'
      readonly scope: string
      readonly reason: string
      readonly by: string | null
    }
  /** The person who labelled has used up what the operator allows in 24 hours. */
  | { readonly kind: 'actor-quota'; readonly login: string; readonly cap: number }
  /** What its present wish may cost is spent; a person is asked. */
  | { readonly kind: 'task-budget'; readonly spent: Total; readonly budget: Budget }
  /** What the repository may spend in 24 hours is spent, or set aside for attempts that run; `until` null: until those end. */
  | { readonly kind: 'day-budget'; readonly budget: Budget; readonly until: Instant | null }
  /** The operator's file does not list this repository. */
  | { readonly kind: 'not-allowed' }
  /** Nothing may run here: App removed or suspended, repository archived. */
  | { readonly kind: 'gone'; readonly reason: string }
  /** There is no sandbox on the operator's host, and only `builtin:patch` may run without one; `fix` is what the operator can do. */
  | { readonly kind: 'no-jail'; readonly profile: string; readonly fix: string }
  /** The program of the profile is not on the operator's host, and no runner has it; `fix` is what the operator can do. */
  | {
      readonly kind: 'no-program'
      readonly profile: string
      readonly program: string
      readonly fix: string
    }
  /** No runner that is alive takes this profile, tier or repository; `up`: how many are alive at all. */
  | {
      readonly kind: 'no-runner'
      readonly profile: string
      readonly tier: string | null
      readonly up: number
    }
  /** All that would take it are full. */
  | {
      readonly kind: 'runners-busy'
      readonly profile: string
      readonly runners: number
      readonly places: number
    }
  /** The only ones that would take it run a program that is too old to. */
  | { readonly kind: 'runner-too-old'; readonly name: string; readonly version: string }
  /** The attempt before this one is still being ended; one task never has two. */
  | { readonly kind: 'former-attempt' }
  /** It lost its process twice, and so did another task that runs: one at a time, so that only the cause is set aside. */
  | { readonly kind: 'suspect'; readonly losses: number }
  /** The disk of the host is full. */
  | { readonly kind: 'no-room' }
  /** So many pull requests of the repository wait for people that nothing new is started there. */
  | { readonly kind: 'open-reviews'; readonly open: number; readonly cap: number }
  /** GitHub has not yet told us the head of the default branch. */
  | { readonly kind: 'unread' }

/** Told exactly up to three, beyond that as "more than" one of these. */
const MORE_THAN = [100, 30, 10, 3]

/**
 * A count as it is told: each change of the words costs an edit of a comment on GitHub, and of two hundred tasks in a
 * line every start would change them all. One more than a step means "more than" that step.
 */
export function inWords(count: number): number {
  const step = MORE_THAN.find((each) => count > each)
  return step === undefined ? count : step + 1
}
