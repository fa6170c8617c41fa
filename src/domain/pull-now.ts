/** A pull request as GitHub shows it at one moment: what a person would see who opens its page. */
import type { Actor } from './actor.ts'
import type { Instant, RepoId, Sha } from './ids.ts'
import type { Review } from './review.ts'

/** What a submitted review says; a dismissed one says nothing any more. */
export type ReviewSays = 'approved' | 'changes' | 'commented' | 'dismissed'

export interface SubmittedReview {
  /** GitHub's number. */
  readonly id: number
  readonly says: ReviewSays
  /** Null: the account was deleted. */
  readonly actor: Actor | null
  /** The commit that was looked at. */
  readonly head: Sha
  readonly at: Instant
}

/** The same on every route, so that what a webhook and the reconciler tell is taken once. */
export const reviewKey = (repo: RepoId, review: number): string => `review:${repo}:${review}`

/** A required check that is red, and what it said. */
export interface RedCheck {
  readonly name: string
  /** Title, summary, text and annotations of a check run, or a status's description; plain text, bounded, perhaps empty. */
  readonly log: string
}

export interface PullNow {
  readonly number: number
  readonly url: string
  readonly open: boolean
  readonly merged: boolean
  readonly head: Sha
  readonly openedAt: Instant
  /** `behind`: its branch must be up to date to be merged, and is not. `unknown`: GitHub has not found out yet. */
  readonly merges: Review['merges']
  /** Of the required checks by others on `head`. `none`: nothing is required there that anybody has reported. */
  readonly checks: Review['checks']
  /** Those of them that are red. */
  readonly red: readonly RedCheck[]
  /** Submitted ones of the last hundred, oldest first; our own are not among them. */
  readonly reviews: readonly SubmittedReview[]
  /** Logins of the people who are asked for a look. */
  readonly reviewers: readonly string[]
  readonly size: Review['size']
}
