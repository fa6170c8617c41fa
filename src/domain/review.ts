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
  /** When its present head came to be known: what was said before it was said of an older one. */
  readonly headAt: Instant
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
  /** Null: it is open. Whoever looked at it is told once how it ended. */
  readonly ended: { readonly how: 'merged' | 'closed'; readonly at: Instant } | null
}

export const NO_SIZE: Review['size'] = { files: 0, additions: 0, deletions: 0 }

/** As an attempt's evidence tells it; of binary files no lines are known. */
export const sizeOf = (
  files: readonly { readonly additions: number | null; readonly deletions: number | null }[],
): Review['size'] => ({
  files: files.length,
  additions: files.reduce((sum, { additions }) => sum + (additions ?? 0), 0),
  deletions: files.reduce((sum, { deletions }) => sum + (deletions ?? 0), 0),
})

/** Of a pull request that was just opened, and that nobody has looked at. */
export const opened = (
  at: Instant,
  known: Partial<Pick<Review, 'size' | 'findings'>> = {},
): Review => ({
  openedAt: at,
  headAt: at,
  reviewers: [],
  looks: [],
  checks: 'none',
  merges: 'unknown',
  size: NO_SIZE,
  findings: [],
  ended: null,
  ...known,
})

export const samePerson = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase()

/** Deliveries overtake each other: the newest look of a person stands. */
export function looked(review: Review, look: Look): Review {
  const before = review.looks.find(({ login }) => samePerson(login, look.login))
  if (before !== undefined && before.at > look.at) return review
  const others = review.looks.filter((one) => one !== before)
  return { ...review, looks: [...others, look] }
}

/** A review that was dismissed says nothing any more: that person has not looked at that head. */
export const dismissed = (
  review: Review,
  { login, head }: Pick<Look, 'login' | 'head'>,
): Review => ({
  ...review,
  looks: review.looks.filter((look) => !samePerson(look.login, login) || look.head !== head),
})

/** The pull request has a new head: what was checked and looked at is an older one. */
export const pushedTo = (review: Review, at: Instant): Review => ({
  ...review,
  headAt: at,
  checks: 'none',
  merges: 'unknown',
})

/**
 * As GitHub shows it now. It takes whoever has submitted a review off the list of those who are asked; they stay in
 * ours, because a new head wants their look again. Who was taken off without having looked is relieved.
 */
export function shown(
  review: Review,
  now: Pick<Review, 'reviewers' | 'checks' | 'merges' | 'size'>,
): Review {
  const { reviewers, checks, merges, size } = now
  const kept = review.reviewers.filter(
    (login) =>
      review.looks.some((look) => samePerson(look.login, login)) &&
      !reviewers.some((one) => samePerson(one, login)),
  )
  return { ...review, reviewers: [...kept, ...reviewers], checks, merges, size }
}
