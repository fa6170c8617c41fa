/** Keeps an attempt's lease while it runs: tells its news, hears of a stop, and ends it by itself when the lease cannot be kept. */
import type { Attempt, AttemptPhase, Progress } from '../domain/attempt.ts'
import type { AgentNews } from '../ports/agent.ts'
import type { Stop } from './attempt-run.ts'
import type { RunnerDeps } from './deps.ts'

export interface Lease {
  /** Aborts with a `Stop` when the attempt must end early. */
  readonly signal: AbortSignal
  /** False, with `signal` aborted: the lease has run out by our own clock, and nothing more may begin. */
  readonly stillHeld: () => boolean
  /** Asks `stillHeld` before it returns. */
  readonly onPhase: (phase: AttemptPhase) => void
  readonly onNews: (news: AgentNews) => void
  end(stop: Stop): void
  /** The attempt's row has news: look now instead of at the next heartbeat. */
  look(): void
  /** No further heartbeat; resolves when the one under way has ended. */
  release(): Promise<void>
}

/** An agent's news reach its row at most this often between heartbeats. Milliseconds. */
const NEWS_EVERY = 500
/** The status comment is edited for mere progress at most this often; edits cost points. A judgement. */
const PROGRESS_EVERY = 15_000

/** `takenAt`: when the store was asked for the attempt, monotonic; its lease began then at the earliest. */
export function keepLease(
  attempt: Pick<Attempt, 'id' | 'epoch'>,
  takenAt: number,
  deps: Pick<RunnerDeps, 'store' | 'clock' | 'log' | 'runner' | 'timing'>,
  onShown: () => void,
): Lease {
  const { store, clock, log, timing } = deps
  const stopper = new AbortController()
  let wake = new AbortController()
  let over = false
  let phase: AttemptPhase = 'preparing'
  let progress: Progress | null = null
  let show: 'no' | 'soon' | 'now' = 'no'
  let shownAt = -Infinity
  /** When the row was last written. */
  let toldAt = -Infinity
  /** The lease holds at least until this moment and a lease's length; both monotonic. */
  let provenAt = takenAt

  const isOver = (): boolean => clock.monotonic() - provenAt >= timing.lease
  const end = (stop: Stop): void => {
    if (!stopper.signal.aborted) stopper.abort(stop)
  }

  /** A machine that stood still wakes to what it waited for before it wakes to its next heartbeat. */
  function stillHeld(): boolean {
    if (isOver()) end({ cause: 'fenced', reason: 'the lease ran out before the next step began' })
    return !stopper.signal.aborted
  }

  async function beat(): Promise<void> {
    const sentAt = clock.monotonic()
    const answer = await store.beat(attempt.id, attempt.epoch, {
      runner: deps.runner,
      milliseconds: timing.lease,
      phase,
      ...(progress === null ? {} : { progress }),
    })
    // The lease counts from when the database read the clock, which is after this was sent.
    provenAt = sentAt
    toldAt = clock.monotonic()
    if (over) return
    if (!answer.held)
      end({ cause: 'fenced', reason: 'the attempt belongs to nobody here any more' })
    if (answer.stop !== null) end({ cause: 'withdrawn', reason: answer.stop })
  }

  /**
   * A database that swallows the question must not keep an agent alive whose lease has run out. A timer may ring a
   * fraction of a millisecond before its time, so that it is the clock that says whether the lease is over.
   */
  async function beatInTime(): Promise<void> {
    const done = new AbortController()
    const beating = beat()
      .catch((error: unknown) => log.warn({ error, attempt: attempt.id }, 'a heartbeat was missed'))
      .finally(() => done.abort('answered'))
    while (!done.signal.aborted && !isOver())
      await clock.sleep(Math.max(1, provenAt + timing.lease - clock.monotonic()), done.signal)
    if (!done.signal.aborted || isOver())
      end({ cause: 'fenced', reason: 'the store could not be reached until the lease ran out' })
    await beating
  }

  async function keep(): Promise<void> {
    while (!over) {
      await clock.sleep(timing.heartbeat, wake.signal)
      wake = new AbortController()
      if (over) return
      const due =
        show === 'now' || (show === 'soon' && clock.monotonic() - shownAt >= PROGRESS_EVERY)
      await beatInTime()
      if (!due) continue
      shownAt = clock.monotonic()
      show = 'no'
      onShown()
    }
  }
  const kept = keep()

  return {
    signal: stopper.signal,
    stillHeld,
    onPhase(next) {
      stillHeld()
      phase = next
      show = 'now'
      wake.abort('news')
    },
    onNews(news) {
      progress = merge(progress, news, clock.now())
      if (show === 'no') show = 'soon'
      if (clock.monotonic() - toldAt >= NEWS_EVERY) wake.abort('news')
    },
    end,
    look: () => wake.abort('told'),
    async release() {
      over = true
      wake.abort('over')
      await kept
    },
  }
}

function merge(before: Progress | null, news: AgentNews, at: Progress['at']): Progress {
  return {
    message: news.message ?? before?.message ?? '',
    plan: news.plan ?? before?.plan ?? [],
    usage: news.usage ?? before?.usage ?? { tokens: null, cost: null },
    at,
  }
}
