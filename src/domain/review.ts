/** A pull request that Yardmaster touched, and who still owes it a look at which head. */
import type { Instant, Sha } from './ids.ts'

export type Verdict = 'approved' | 'changes' | 'commented' | 'reviewed'

/** The last look of one person. `reviewed`: they said so by command, button or the command line. */
export interface Look {
  readonly login: string
  readonly head: Sha
  readonly verdict: Verdict
  readonly at: Instant
}

/** What GitHub shows of the pull request beyond its head; read again at each nudge. */
export interface Review {
  readonly openedAt: Instant
  /** Who was asked for a look and has not been relieved of it. */
  readonly reviewers: readonly string[]
  /** At most one for each person, the newest. */
  readonly looks: readonly Look[]
  /** Of the required checks by others on the present head. */
  readonly checks: 'none' | 'pending' | 'green' | 'red'
  readonly merges: 'clean' | 'behind' | 'conflict' | 'unknown'
  readonly size: { readonly files: number; readonly additions: number; readonly deletions: number }
  /** Paths in it that stood at a gate. */
  readonly findings: readonly string[]
}
