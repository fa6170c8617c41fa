/** A day's work through one installation: any number of processes that come and go, one book, one strict GitHub. */
import { installationId, instant } from '../../../src/domain/ids.ts'
import { createGovernor, type Governor } from '../../../src/github/governor.ts'
import { createMemoryBook } from '../../../src/github/memory-book.ts'
import type { Ask } from '../../../src/github/pace.ts'
import type { Clock } from '../../../src/ports/clock.ts'
import { WorldFault } from '../../../src/ports/fault.ts'
import type { PaceBook } from '../../../src/ports/pace-book.ts'
import { StrictGitHub, type Answer } from './strict-github.ts'
import { VirtualTime, seeded } from './virtual-clock.ts'

const EPOCH = Date.parse('2026-03-01T00:00:00Z')
const INSTALLATION = installationId(77)

export interface Job {
  readonly at: number
  readonly ask: Ask
}

export interface DayOptions {
  readonly seed: number
  readonly processes: number
  /** How often each process dies, in milliseconds on average; null: never. */
  readonly diesEvery: number | null
  /** Of the answers: GitHub's own secondary refusals, and requests that hang until they are given up. */
  readonly refused: number
  readonly hangs: number
  /** Others spend of the hour's budget, until there is nothing left. */
  readonly othersSpend: boolean
  /** When the store does not answer. */
  readonly storeAway: readonly { readonly from: number; readonly until: number }[]
}

interface Life {
  readonly governor: Governor
  readonly clock: Clock
  readonly died: Promise<'died'>
  readonly isDead: () => boolean
  readonly die: () => void
}

export class YardDay {
  readonly time = new VirtualTime()
  readonly github = new StrictGitHub(this.time, EPOCH)
  done = 0
  /** How many writes of lower lanes began while a person's waited, at worst. */
  worstOvertaken = 0
  readonly commits = { count: 0 }
  readonly #options: DayOptions
  readonly #random: () => number
  readonly #book: PaceBook
  readonly #lives: Life[] = []
  readonly #waitingPeople = new Map<Job, number>()
  #names = 0

  constructor(options: DayOptions) {
    this.#options = options
    this.#random = seeded(options.seed)
    this.#book = createMemoryBook(() => EPOCH + this.time.elapsed, options.processes > 1)
    for (let n = 0; n < options.processes; n += 1) this.#begin(n)
  }

  async work(jobs: readonly Job[], until: number): Promise<void> {
    for (const job of jobs) void this.#perform(job)
    for (let n = 0; n < this.#options.processes; n += 1) void this.#mortality(n)
    if (this.#options.othersSpend) void this.#spending(until)
    await this.time.run(until)
  }

  async #spending(until: number): Promise<void> {
    while (this.time.elapsed < until) {
      await this.time.sleep(600_000 * this.#random())
      this.github.spend(this.#random() < 0.5 ? 'core' : 'graphql', 700 * this.#random())
    }
  }

  #begin(n: number): void {
    let dead = false
    let announce: (word: 'died') => void = () => undefined
    const died = new Promise<'died'>((resolve) => {
      announce = resolve
    })
    /** A dead process hears nothing any more. */
    const alive = async <T>(outcome: Promise<T>): Promise<T> => {
      const value = await outcome
      return dead ? await new Promise<never>(() => undefined) : value
    }
    const wrong = (this.#random() - 0.5) * 7_200_000
    const clock: Clock = {
      now: () => instant(Math.round(EPOCH + this.time.elapsed + wrong)),
      monotonic: () => this.time.elapsed,
      sleep: (milliseconds, signal) => alive(this.time.sleep(milliseconds, signal)),
    }
    const governor = createGovernor({
      clock,
      book: this.#bookOf(alive),
      installation: INSTALLATION,
      instance: `life ${(this.#names += 1)}`,
      paceMilliseconds: 1_000,
      onHeldBack: () => undefined,
    })
    const die = (): void => {
      dead = true
      governor.close()
      announce('died')
    }
    this.#lives[n] = { governor, clock, died, isDead: () => dead, die }
  }

  #bookOf(alive: <T>(outcome: Promise<T>) => Promise<T>): PaceBook {
    const book = this.#book
    const reach = async <T>(effect: () => Promise<T>): Promise<T> => {
      await this.time.sleep(1 + this.#random() * 5)
      const now = this.time.elapsed
      if (this.#options.storeAway.some(({ from, until }) => now >= from && now < until))
        throw new WorldFault('away', { kind: 'transient', applied: 'unknown', operation: 'store' })
      const value = await effect()
      await this.time.sleep(1 + this.#random() * 5)
      return value
    }
    return {
      ...book,
      load: (installation) => alive(reach(() => book.load(installation))),
      compareAndSet: (installation, version, state) => {
        this.commits.count += 1
        return alive(reach(() => book.compareAndSet(installation, version, state)))
      },
    }
  }

  async #mortality(n: number): Promise<void> {
    const every = this.#options.diesEvery
    if (every === null) return
    for (;;) {
      await this.time.sleep(every * (0.2 + 1.6 * this.#random()))
      this.#lives[n]?.die()
      await this.time.sleep(1_000 + this.#random() * 4_000)
      this.#begin(n)
    }
  }

  /** As the store's queue does: deferred while the world has a fault, begun anew when its process died. */
  async #perform(job: Job): Promise<void> {
    await this.time.sleep(job.at)
    const home = Math.floor(this.#random() * this.#options.processes)
    for (;;) {
      const life = this.#lives[home]
      if (life === undefined || life.isDead()) await this.time.sleep(500)
      else {
        const end = await this.#submit(job, life)
        if (end === 'done') {
          this.done += 1
          return
        }
        await this.time.sleep(end)
      }
    }
  }

  async #submit(job: Job, life: Life): Promise<'done' | number> {
    if (job.ask.lane === 'people' && job.ask.effect !== 'read') this.#waitingPeople.set(job, 0)
    const sending = life.governor.run(job.ask, job.ask.lane, () => this.#send(job, life))
    try {
      return (await Promise.race([sending, life.died])) === 'died' ? 500 : 'done'
    } catch (error) {
      if (!(error instanceof WorldFault)) throw error
      // By the process's own clock, however wrong.
      return error.retryAt === null ? 5_000 : error.retryAt - life.clock.now()
    } finally {
      this.#waitingPeople.delete(job)
    }
  }

  async #send(job: Job, life: Life): Promise<void> {
    const { ask } = job
    const request = {}
    this.#overtaken(job)
    this.github.sent(ask, request)
    void life.died.then(() => over())
    let open = true
    const over = (): void => {
      if (open) this.github.ended(request)
      open = false
    }
    const slow = ask.effect !== 'read' && this.#random() < 0.1
    const latency = slow ? 1_000 + this.#random() * 5_000 : 50 + this.#random() * 400
    await this.time.sleep(latency / 2)
    const answer = this.#answer(ask)
    const arrivedAt = this.time.elapsed
    if (this.#random() < this.#options.hangs) {
      await this.time.sleep(15_000)
      over()
      return
    }
    await this.time.sleep(latency / 2)
    over()
    if (life.isDead()) return await new Promise<never>(() => undefined)
    if (answer.kind === 'good') return life.governor.answered(ask.resource, answer.headers)
    const retryAt = await life.governor.refused(ask.resource, answer.headers, answer.limit)
    this.github.told(ask, answer, arrivedAt)
    throw new WorldFault('refused', {
      kind: 'rate-limited',
      applied: 'no',
      operation: ask.lane,
      retryAt,
    })
  }

  #answer(ask: Ask): Answer {
    if (this.#random() < this.#options.refused)
      return this.github.secondary(
        this.#random() < 0.5 ? null : 5 + Math.floor(this.#random() * 90),
      )
    return this.github.arrived(ask)
  }

  #overtaken(job: Job): void {
    if (job.ask.effect === 'read') return
    if (job.ask.lane === 'people') {
      this.worstOvertaken = Math.max(this.worstOvertaken, this.#waitingPeople.get(job) ?? 0)
      this.#waitingPeople.delete(job)
      return
    }
    for (const [waiting, count] of this.#waitingPeople) this.#waitingPeople.set(waiting, count + 1)
  }
}
