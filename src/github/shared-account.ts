/**
 * One installation's page of the shared book, as this process knows it: read once, written by compare-and-set, with
 * what happened meanwhile noted on top of it, so that a read asks nothing of the store and still is accounted for.
 */
import type { InstallationId } from '../domain/ids.ts'
import type { Clock } from '../ports/clock.ts'
import { WorldFault } from '../ports/fault.ts'
import type { Account, PaceBook, PaceState } from '../ports/pace-book.ts'
import * as pace from './pace.ts'
import { NOBODY, believableTurns } from './turns.ts'

/** Something that happened: done to the account when the book is next written, and again when another was faster. */
export interface Note {
  /** Reads not yet in the book, of which other processes do not know. */
  readonly reads: number
  /** Monotonic. */
  readonly at: number
  readonly apply: (state: PaceState, at: number) => PaceState
}

export interface SharedAccount {
  /** Once read, the book is known for good: null before. Read-only. */
  current(): { readonly state: PaceState; readonly now: number } | null
  /** Reads the book when it was never read, or another process wrote it. Throws `WorldFault` of kind `transient`. */
  refresh(): Promise<void>
  /** What is known of the book was true moments ago: news may get lost, and none come while the store is away. */
  isRecent(): boolean
  /** Read it anew at the next `refresh`: another may have written without our hearing of it. */
  doubt(): void
  note(note: Note): void
  /** Points noted within the last minute and not yet in the book. */
  unwritten(): number
  /** Writes what was noted. Throws `WorldFault` of kind `transient`. */
  flush(): Promise<void>
  /** Writes what `choose` makes of the newest state (null: nothing), decided again when another was faster. Throws like `flush`. */
  change<T>(choose: (state: PaceState, now: number) => Choice<T>): Promise<T>
  /** By the book's time, as a moment of the monotonic clock. */
  monotonicOf(moment: number): number
  bookTimeOf(monotonic: number): number
  close(): void
}

export interface Choice<T> {
  readonly state: PaceState | null
  readonly result: T
}

export interface SharedAccountOptions {
  readonly book: PaceBook
  readonly installation: InstallationId
  readonly clock: Clock
  readonly paceMilliseconds: number
  /** This process read or heard something new. */
  readonly onNews: () => void
}

/** So long is news relied on without a look, where there are other processes. A judgement; a look takes a millisecond. */
const RELIANCE = 5_000
const EMPTY: PaceState = { account: pace.FRESH, turns: NOBODY }
// A judgement: two processes meet rarely, each write being a second from the next.
const TRIES = 50
const MINUTE = 60_000

export function openSharedAccount(options: SharedAccountOptions): SharedAccount {
  const { book, installation, clock, paceMilliseconds } = options
  let known: { readonly version: number; readonly state: PaceState } | null = null
  let working = EMPTY
  let notes: readonly Note[] = []
  /** Book's time less monotonic time. Whole milliseconds, as all moments in the book are: no wait ends a hair too early. */
  let offset: number | null = null
  /** The newest version that we heard of. */
  let heard = 0
  /** Monotonic: when what we know was asked for. */
  let knownAt = pace.NEVER
  let queue: Promise<unknown> = Promise.resolve()

  const stop = book.onChanged((change) => {
    if (change !== null && change.installation !== installation) return
    heard = change === null ? Infinity : Math.max(heard, change.version)
    options.onNews()
  })

  /** One after the other: this process would only get in its own way. */
  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = queue.then(work, work)
    queue = result.catch(() => null)
    return result
  }

  const isStale = (): boolean => known === null || heard > known.version

  async function load(): Promise<void> {
    const asked = clock.monotonic()
    // What is heard from here on may be newer than the answer.
    heard = 0
    try {
      const entry = await reach(() => book.load(installation))
      tellTime(entry.now, asked)
      const first = known === null
      known = { version: entry.version, state: believe(entry.state ?? EMPTY, first) }
    } catch (error) {
      heard = Infinity
      throw error
    }
    replay()
  }

  /** The book's clock was read between the question and its answer; what is known is kept as far as it agrees. */
  function tellTime(told: number, asked: number): void {
    const least = Math.floor(told - clock.monotonic())
    const most = Math.floor(told - asked)
    offset = Math.min(Math.max(offset ?? least, least), most)
    knownAt = asked
  }

  function believe({ account, turns }: PaceState, first: boolean): PaceState {
    const now = bookNow()
    const believed = believableTurns(turns, now, paceMilliseconds)
    // Nobody else writes in this book, so whoever held the turn is a former life of ours and writes no more.
    const alone = first && !book.shared
    return {
      account: pace.believable(account, now),
      turns: alone ? { ...believed, holder: null, wants: [] } : believed,
    }
  }

  const bookTimeOf = (monotonic: number): number => Math.floor(monotonic) + (offset ?? 0)
  const bookNow = (): number => bookTimeOf(clock.monotonic())

  function replay(): void {
    working = notes.reduce(
      (state, note) => note.apply(state, bookTimeOf(note.at)),
      known?.state ?? EMPTY,
    )
  }

  /** The notes that `state` holds are in the book when it was written. */
  async function write(state: PaceState): Promise<boolean> {
    const base = known
    if (base === null) throw new Error('the book is written before it was read')
    const written = notes
    const asked = clock.monotonic()
    const at = await reach(() => book.compareAndSet(installation, base.version, state))
    if (at === null) {
      heard = Infinity
      return false
    }
    tellTime(at, asked)
    // The book's clock may have been set back since `state` was made.
    known = { version: base.version + 1, state: believe(state, false) }
    notes = notes.filter((note) => !written.includes(note))
    replay()
    return true
  }

  const change = <T>(choose: (state: PaceState, now: number) => Choice<T>): Promise<T> =>
    inTurn(async () => {
      for (let tries = 1; tries <= TRIES; tries += 1) {
        if (isStale()) await load()
        const { state, result } = choose(working, bookNow())
        if (state === null || (await write(state))) return result
      }
      throw unreachable('others were always faster')
    })

  const refresh = (): Promise<void> =>
    isStale()
      ? inTurn(async () => {
          if (isStale()) await load()
        })
      : Promise.resolve()

  return {
    current: () => (known === null ? null : { state: working, now: bookNow() }),
    refresh,
    isRecent: () => known !== null && (!book.shared || clock.monotonic() - knownAt <= RELIANCE),
    doubt() {
      heard = Infinity
    },
    note(note) {
      // What is older counts in no window: a store that is away for long must not make the list grow.
      const oldest = clock.monotonic() - MINUTE - pace.SLACK
      notes = [...notes.filter(({ reads, at }) => reads === 0 || at > oldest).slice(-200), note]
      working = note.apply(working, bookTimeOf(note.at))
    },
    unwritten() {
      const oldest = clock.monotonic() - MINUTE - pace.SLACK
      return notes.reduce((sum, { reads, at }) => sum + (at > oldest ? reads : 0), 0)
    },
    flush: () =>
      change((state) => ({ state: notes.length === 0 ? null : state, result: undefined })),
    change,
    monotonicOf: (moment) => moment - (offset ?? 0),
    bookTimeOf,
    close: stop,
  }

  /** Whatever kept the store from answering, nothing was sent to GitHub. */
  async function reach<T>(ask: () => Promise<T>): Promise<T> {
    try {
      return await ask()
    } catch (error) {
      if (error instanceof WorldFault) throw unreachable(error.message, error)
      throw error
    }
  }
}

const unreachable = (why: string, cause?: unknown): WorldFault =>
  new WorldFault(
    `What was spent of GitHub's limits cannot be recorded, so nothing is sent (${why}).`,
    {
      kind: 'transient',
      applied: 'no',
      operation: "record what is spent of GitHub's limits",
      cause,
    },
  )

/** A change of the account alone. */
export const onAccount =
  (change: (account: Account, at: number) => Account) =>
  (state: PaceState, at: number): PaceState => ({ ...state, account: change(state.account, at) })

/** What the store's own faults mean is said where somebody waits for it. */
export function ignoreWorld(error: unknown): void {
  if (!(error instanceof WorldFault)) throw error
}
