/** What was asked of GitHub since the start, for health, metrics and the bench. Only ever counts up. */

export interface GitHubCounters {
  /** Requests through installation tokens, REST and GraphQL; token mints and git are not among them. */
  requests: number
  reads: number
  edits: number
  /** Issues, comments, pull requests, reviews and check runs that were asked for. */
  creations: number
  /** GitHub's own measure: a read costs 1, a write 5. */
  points: number
  /** Installation tokens minted. */
  mints: number
  /** Conditional reads that cost nothing because nothing had changed. */
  notModified: number
  /** Answers that told us to wait. */
  rateLimited: number
  /** Calls that we refused ourselves, before they would have broken a limit. */
  heldBack: number
  /** How often an installation was taken for down, so that nothing more was asked for it until it answered a probe. */
  doorsShut: number
  /** Calls refused meanwhile, without a request. */
  refusedAtDoor: number
}

export const createCounters = (): GitHubCounters => ({
  requests: 0,
  reads: 0,
  edits: 0,
  creations: 0,
  points: 0,
  mints: 0,
  notModified: 0,
  rateLimited: 0,
  heldBack: 0,
  doorsShut: 0,
  refusedAtDoor: 0,
})
