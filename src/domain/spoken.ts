/** Words of a person on GitHub that may hold commands or an answer. */
import type { Instant, RepoId } from './ids.ts'

export interface Spoken {
  /** GitHub's number of the comment, or of the review; the two are counted apart. */
  readonly id: number
  /** What it stands on; a review stands on its pull request. */
  readonly on: 'issue' | 'pull' | 'review'
  /** Of that issue or pull request. */
  readonly number: number
  /** As it was when it was said, or when it was found. */
  readonly text: string
  readonly at: Instant
}

export type SpokenRef = Pick<Spoken, 'id' | 'on' | 'number'>

/** The same on every route, so that what a webhook and the reconciler tell is taken once. */
export const spokenKey = (repo: RepoId, spoken: SpokenRef): string =>
  `comment:${repo}:${spoken.on === 'review' ? 'review' : 'issue'}:${spoken.id}`

/** One person's word among others, in the order in which people spoke. */
export interface Word {
  readonly at: Instant
  /** GitHub tells moments in whole seconds; of two comments within one the later has the higher number. */
  readonly id: number
}

/** Deliveries overtake each other: whether a word was spoken before one that was already heard. */
export const isOvertaken = (word: Word, heard: Word | undefined): boolean =>
  heard !== undefined && (word.at < heard.at || (word.at === heard.at && word.id < heard.id))
