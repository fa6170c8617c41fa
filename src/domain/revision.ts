/** A new attempt at a pull request that is open already: why, from which head, and with which words of people. */
import type { Actor } from './actor.ts'
import type { Instant, Sha } from './ids.ts'

/** `review`: a person asked for changes; `checks`: required checks are red; `base`: the base moved and does not merge. */
export type RevisionReason = 'review' | 'checks' | 'base'

/** What a person with write access said of the change. */
export interface Remark {
  /** The review comment's id, by which it is replied to; null: a command, or the review's own text. */
  readonly comment: number | null
  readonly login: string
  readonly path: string | null
  readonly line: number | null
  readonly text: string
}

export interface Revision {
  readonly reason: RevisionReason
  /** The head of the pull request that it starts from, people's commits included. */
  readonly head: Sha
  /** What is merged into it, for `base`; otherwise null. */
  readonly onto: Sha | null
  readonly remarks: readonly Remark[]
  /** The last part of what the red checks printed, for `checks`; otherwise empty. */
  readonly log: string
  /** Whose word it rests on; null: nobody's, a check or the base asked for it. */
  readonly by: Actor | null
  readonly at: Instant
  /** Sent back at the gate on the first way to a pull request; one that the task has is of an earlier wish, and is not what is revised. */
  readonly first?: true
}

/** What was begun already: a machine's signal begins nothing twice for the same head and reason. */
export type Revised = Pick<Revision, 'head' | 'reason'>

/** Revisions since the wish, by what asked for them: each has a cap, and beyond it a person is asked. */
export interface Rounds {
  readonly review: number
  readonly checks: number
  readonly base: number
}

export const NO_ROUNDS: Rounds = { review: 0, checks: 0, base: 0 }

/** Rounds of review before a person is asked whether another one is worth it. */
export const REVIEW_ROUNDS = 3
/** Times that the base is merged by itself: on a branch that must be up to date each push to the base asks for it. A judgement. */
export const BASE_ROUNDS = 20
/** Remarks of one round; a review of more is a rewrite. A judgement. */
export const MOST_REMARKS = 100

/** What was asked for last goes with what was asked for before: one round does both. */
export const joined = (former: Revision, wanted: Revision): Revision => ({
  ...former,
  reason: 'review',
  onto: null,
  head: wanted.head,
  remarks: [...former.remarks, ...wanted.remarks].slice(-MOST_REMARKS),
  by: wanted.by ?? former.by,
  at: wanted.at,
})
