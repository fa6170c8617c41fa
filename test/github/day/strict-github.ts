/**
 * GitHub's limits for one installation, enforced to the letter, and a count of everything that GitHub would hold
 * against us: a limit broken, a request while we were told to wait, writes that overlap or follow too closely.
 */
import type { Ask } from '../../../src/github/pace.ts'
import type { VirtualTime } from './virtual-clock.ts'

const MINUTE = 60_000
const HOUR = 3_600_000
const POINTS = { core: 900, graphql: 2_000 } as const
/** What one process was told is known to another after a commit and a read of the book. */
const NEWS = 100

export type Answer =
  | { readonly kind: 'good'; readonly headers: Readonly<Record<string, string>> }
  | {
      readonly kind: 'refused'
      readonly limit: 'primary' | 'secondary'
      readonly headers: Readonly<Record<string, string>>
      /** Milliseconds for which nothing may be asked from when this is known; of `resource` only, or of everything. */
      readonly wait: number
    }

interface Seen {
  readonly at: number
  readonly ask: Ask
}

export class StrictGitHub {
  readonly breaches: string[] = []
  readonly counts = { reads: 0, writes: 0, creations: 0, refusals: 0, worstConcurrency: 0 }
  #seen: Seen[] = []
  #windows: { readonly from: number; readonly until: number; readonly of: string | null }[] = []
  #underWay = 0
  #writing: object | null = null
  #lastWriteEnd = -Infinity
  #hour = { core: { used: 0, resetAt: HOUR }, graphql: { used: 0, resetAt: HOUR } }

  readonly time: VirtualTime
  /** Wall clock at the beginning. */
  readonly epoch: number

  constructor(time: VirtualTime, epoch: number) {
    this.time = time
    this.epoch = epoch
  }

  /** The moment it leaves us. `request` stands for it until it ends. */
  sent(ask: Ask, request: object): void {
    const now = this.time.elapsed
    this.#underWay += 1
    this.counts.worstConcurrency = Math.max(this.counts.worstConcurrency, this.#underWay)
    if (this.#underWay > 100) this.#breach('more than 100 at once')
    this.#windows = this.#windows.filter(({ until }) => until > now)
    if (this.#windows.some(({ from, of }) => from < now && (of === null || of === ask.resource)))
      this.#breach(`${ask.effect} in a forbidden window`)
    if (ask.effect === 'read') return
    if (this.#writing !== null) this.#breach('two writes at once')
    if (now - this.#lastWriteEnd < 1_000)
      this.#breach(`writes ${now - this.#lastWriteEnd} ms apart`)
    this.#writing = request
  }

  /** The answer came, or nobody waits for it any more. */
  ended(request: object): void {
    this.#underWay -= 1
    if (this.#writing !== request) return
    this.#writing = null
    this.#lastWriteEnd = this.time.elapsed
  }

  arrived(ask: Ask): Answer {
    const now = this.time.elapsed
    this.#seen = this.#seen.filter(({ at }) => at > now - HOUR)
    const hour = this.#hour[ask.resource]
    if (now >= hour.resetAt) Object.assign(hour, { used: 0, resetAt: now + HOUR })
    if (hour.used >= 5_000) {
      this.counts.refusals += 1
      return {
        kind: 'refused',
        limit: 'primary',
        headers: this.#headers(ask),
        wait: hour.resetAt - now,
      }
    }
    hour.used += 1
    this.#seen.push({ at: now, ask })
    this.#count(ask, now)
    return { kind: 'good', headers: this.#headers(ask) }
  }

  /** Too much for GitHub's taste, for reasons of its own. */
  secondary(retryAfterSeconds: number | null): Answer {
    this.counts.refusals += 1
    const wait = retryAfterSeconds === null ? MINUTE : retryAfterSeconds * 1_000
    const headers: Record<string, string> =
      retryAfterSeconds === null ? {} : { 'retry-after': String(retryAfterSeconds) }
    return { kind: 'refused', limit: 'secondary', headers, wait }
  }

  /** Somebody else spends of the same budget. */
  spend(resource: 'core' | 'graphql', points: number): void {
    this.#hour[resource].used = Math.min(5_000, this.#hour[resource].used + points)
  }

  /** We know, and have had time to tell all processes. */
  told(ask: Ask, answer: Answer & { kind: 'refused' }, since: number): void {
    const from = this.time.elapsed + NEWS
    const of = answer.limit === 'primary' ? ask.resource : null
    this.#windows.push({ from, until: since + answer.wait, of })
  }

  #count(ask: Ask, now: number): void {
    if (ask.effect === 'read') this.counts.reads += 1
    else this.counts.writes += 1
    const points = this.#seen.reduce((sum, { at, ask: { resource, effect } }) => {
      const counts = resource === ask.resource && at > now - MINUTE
      return counts ? sum + (effect === 'read' ? 1 : 5) : sum
    }, 0)
    if (points > POINTS[ask.resource]) this.#breach(`${points} points in a minute`)
    if (ask.effect !== 'create') return
    this.counts.creations += 1
    const created = this.#seen.filter((one) => one.ask.effect === 'create')
    if (created.length > 500) this.#breach(`${created.length} creations in an hour`)
    const lately = created.filter(({ at }) => at > now - MINUTE).length
    if (lately > 80) this.#breach(`${lately} creations in a minute`)
  }

  #headers(ask: Ask): Readonly<Record<string, string>> {
    const { used, resetAt } = this.#hour[ask.resource]
    return {
      date: new Date(this.epoch + this.time.elapsed).toUTCString(),
      'x-ratelimit-limit': '5000',
      'x-ratelimit-remaining': String(5_000 - used),
      'x-ratelimit-reset': String(Math.ceil((this.epoch + resetAt) / 1_000)),
    }
  }

  #breach(what: string): void {
    this.breaches.push(`${what} at ${this.time.elapsed} ms`)
  }
}
