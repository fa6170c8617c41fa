/** A point where a person must say yes before anything is pushed. Bound to one commit: another one needs another yes. */
import type { Instant, Sha } from './ids.ts'
import type { Leak } from './leak.ts'

export interface Gate {
  /** `workflows`: the App may not push such files; a person has to. `secrets`: something in it looks like one, or is one. */
  readonly kind: 'protected' | 'workflows' | 'secrets'
  /** What was verified, and what a yes allows to be pushed. */
  readonly head: Sha
  readonly base: Sha
  /** The changed paths that need it. */
  readonly paths: readonly string[]
  /** What was found, at a gate of that kind. */
  readonly leaks?: readonly Leak[]
  readonly askedAt: Instant
}
