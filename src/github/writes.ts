/**
 * Writes: one at a time among all processes of the book, each reserved there before it is sent. Who is next is decided
 * at that moment and on the newest state, so that a person's write overtakes whatever waits.
 */
import type { Clock } from '../ports/clock.ts'
import { WorldFault } from '../ports/fault.ts'
import type { PaceBook, PaceState } from '../ports/pace-book.ts'
import type { Lane } from '../ports/tracker.ts'
import * as pace from './pace.ts'
import type { Shares } from './reads.ts'
import { ignoreWorld, type Choice } from './shared-account.ts'
import { LEASE, ended, registered, taken, whoseTurn, type Mine } from './turns.ts'

interface Waiting {
  readonly ask: pace.Ask
  readonly operation: string
  /** Monotonic. */
  readonly since: number
  /** Sends the write; settles when its answer came, whatever it was. */
  readonly send: () => Promise<void>
  readonly refuse: (error: unknown) => void
}

type Step =
  | { readonly kind: 'idle' }
  | { readonly kind: 'go'; readonly first: Waiting; readonly at: number }
  | { readonly kind: 'refuse'; readonly first: Waiting; readonly error: WorldFault }
  /** Monotonic; `ask`: look into the book then, because somebody else may be done. */
  | { readonly kind: 'wait'; readonly until: number; readonly ask: boolean }

const LANES: readonly Lane[] = ['people', 'act', 'projection']
// Others' turns end by news from the book; this is for news that got lost. Milliseconds.
const LOOK_AGAIN = 500
// A request ends after 15 s at the latest: a turn that began so long ago could run out under it. Milliseconds.
const TOO_LATE = LEASE - 16_000

// Who performs acts has few hands for all installations: more than these do not wait here but come again.
const ACTS_WAITING = 4

export interface WritesOptions extends Shares {
  readonly clock: Clock
  readonly book: PaceBook
  readonly instance: string
  readonly paceMilliseconds: number
}

export function createWrites(options: WritesOptions) {
  const { clock, book, instance, paceMilliseconds, shared, limits } = options
  const lanes: Readonly<Record<Lane, Waiting[]>> = { people: [], act: [], projection: [] }
  let running = false
  let alarm = new AbortController()
  /** By our own clock, whatever the book's may say. */
  let nextAt = pace.NEVER

  async function run<T>(ask: pace.Ask, operation: string, perform: () => Promise<T>): Promise<T> {
    if (ask.lane === 'act' && lanes.act.length >= ACTS_WAITING) {
      const until = clock.monotonic() + Math.max(paceMilliseconds, 100) * (ACTS_WAITING + 1)
      throw options.heldBack({ kind: 'wait', until, why: 'queue' }, operation)
    }
    return await new Promise<T>((resolve, reject) => {
      const send = async (): Promise<void> => {
        try {
          resolve(await perform().finally(over))
        } catch (error) {
          reject(error)
        }
      }
      const since = clock.monotonic()
      lanes[ask.lane].push({ ask, operation, since, send, refuse: reject })
      if (running) wake()
      else void writeAll()
    })
  }

  const wake = (): void => alarm.abort('woken')

  /** Never rejects: each failure goes to the one who asked. */
  async function writeAll(): Promise<void> {
    running = true
    while (LANES.some((lane) => lanes[lane].length > 0)) {
      alarm = new AbortController()
      try {
        await take(await shared.change(choose))
      } catch (error) {
        // The book cannot be written: nobody writes unaccounted.
        for (const lane of LANES) for (const each of lanes[lane].splice(0)) each.refuse(error)
      }
    }
    running = false
  }

  const waitingHere = (): Mine => ({
    by: instance,
    waiting: LANES.flatMap((lane) => {
      const first = lanes[lane][0]
      if (first === undefined) return []
      return [{ by: instance, lane, since: shared.bookTimeOf(first.since) }]
    }),
  })

  function choose(state: PaceState, now: number): Choice<Step> {
    const mine = waitingHere()
    const wait = (until: number, ask = false): Choice<Step> => ({
      state: shown(state, mine, now),
      result: { kind: 'wait', until, ask },
    })
    const turn = whoseTurn(state.turns, mine, now)
    if (turn === null) return { state: null, result: { kind: 'idle' } }
    if (turn.kind === 'others')
      return wait(Math.min(shared.monotonicOf(turn.until), clock.monotonic() + LOOK_AGAIN), true)
    if (turn.kind === 'paced') return wait(shared.monotonicOf(turn.until))
    if (nextAt > clock.monotonic()) return wait(nextAt)
    const first = lanes[turn.lane][0]
    if (first === undefined) return { state: null, result: { kind: 'idle' } }
    const verdict = limits.decide(first.ask, state.account)
    if (verdict.kind === 'wait') {
      if (!options.isLong(verdict.until)) return wait(verdict.until)
      const error = options.heldBack(verdict, first.operation)
      return { state: null, result: { kind: 'refuse', first, error } }
    }
    const account = pace.sent(state.account, first.ask, now)
    const turns = taken(state.turns, mine, { lane: turn.lane, now, paceMilliseconds })
    return { state: { account, turns }, result: { kind: 'go', first, at: clock.monotonic() } }
  }

  /** What waits here, for other processes to see; null when there are none, or they see it already. */
  function shown(state: PaceState, mine: Mine, now: number): PaceState | null {
    const turns = book.shared ? registered(state.turns, mine, now) : null
    return turns === null ? null : { ...state, turns }
  }

  async function take(step: Step): Promise<void> {
    switch (step.kind) {
      case 'idle':
        return
      case 'wait':
        await clock.sleep(step.until - clock.monotonic(), alarm.signal)
        if (step.ask && clock.monotonic() >= step.until) shared.doubt()
        return
      case 'refuse':
        lanes[step.first.ask.lane].shift()
        step.first.refuse(step.error)
        return
      case 'go':
        lanes[step.first.ask.lane].shift()
        return await write(step.first, step.at)
      default:
        return step satisfies never
    }
  }

  async function write(first: Waiting, reservedAt: number): Promise<void> {
    const late = clock.monotonic() - reservedAt
    if (late > TOO_LATE) {
      over()
      first.refuse(tooSlow(first.operation))
    } else {
      // Counted in the book at a moment that has passed: once more, so that it does not sink too early.
      if (late > pace.SLACK) {
        const apply = (state: PaceState, at: number): PaceState => ({
          ...state,
          account: pace.sent(state.account, first.ask, at),
        })
        shared.note({ reads: 0, at: clock.monotonic(), apply })
      }
      limits.sent(first.ask)
      await first.send()
    }
  }

  /** The answer came, or never will. */
  function over(): void {
    const at = clock.monotonic()
    nextAt = at + paceMilliseconds
    const apply = (state: PaceState, when: number): PaceState => {
      const done = { ...state, turns: ended(state.turns, instance, when + paceMilliseconds) }
      return shown(done, waitingHere(), when) ?? done
    }
    shared.note({ reads: 0, at, apply })
    // Where nobody else writes, the next reservation tells it.
    if (book.shared) void shared.flush().catch(ignoreWorld)
  }

  return { run, wake }
}

const tooSlow = (operation: string): WorldFault =>
  new WorldFault(`The store was too slow to record ${operation}, so it was not sent.`, {
    kind: 'transient',
    applied: 'no',
    operation,
  })
