// What was asked of the emulator: a bounded log of requests, and counters that benches read.

export type RequestEntry = {
  /** Milliseconds since the epoch, on the emulator's clock. */
  readonly at: number
  /** Milliseconds it took. */
  readonly took: number
  readonly method: string
  readonly path: string
  /** `null`: no such route. */
  readonly operation: string | null
  readonly status: number
  readonly installation: number | null
  readonly app: number | null
  /** Points against the limit per minute; 0 for a 304. */
  readonly points: number
  readonly creates: boolean
}

export type Counters = {
  /** Everything but token mints and git. */
  requests: number
  tokenMints: number
  git: number
  graphql: number
  /** Content creations that were done: issues, comments, pull requests, reviews, check runs. */
  creations: number
  notModified: number
  points: number
}

const LIMIT = 10_000

export class Journal {
  readonly entries: RequestEntry[] = []
  readonly counters: Counters = emptyCounters()

  add(entry: RequestEntry): void {
    this.entries.push(entry)
    if (this.entries.length > LIMIT) this.entries.splice(0, LIMIT / 10)
    const { counters } = this
    counters.points += entry.points
    if (entry.operation === 'apps/create-installation-access-token') counters.tokenMints += 1
    else if (entry.operation?.startsWith('git-') === true) counters.git += 1
    else counters.requests += 1
    if (entry.operation === 'graphql') counters.graphql += 1
    if (entry.creates && entry.status < 300) counters.creations += 1
    if (entry.status === 304) counters.notModified += 1
  }

  /** Starts counting anew, for a bench's measured part. */
  reset(): void {
    this.entries.length = 0
    Object.assign(this.counters, emptyCounters())
  }
}

function emptyCounters(): Counters {
  return { requests: 0, tokenMints: 0, git: 0, graphql: 0, creations: 0, notModified: 0, points: 0 }
}
