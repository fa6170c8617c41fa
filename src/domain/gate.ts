/** A point where a person must say yes before anything is pushed. Bound to one commit: another one needs another yes. */
import type { Instant, Sha } from './ids.ts'

export interface Gate {
  /** `workflows`: the App may not push such files; a person has to. */
  readonly kind: 'protected' | 'workflows'
  /** What was verified, and what a yes allows to be pushed. */
  readonly head: Sha
  readonly base: Sha
  /** The changed paths that need it. */
  readonly paths: readonly string[]
  readonly askedAt: Instant
}
