/**
 * Takes facts from the inbox, aggregate by aggregate, each in its order of arrival: load, decide, commit by
 * compare-and-set, and decide again on conflict. Aggregates run side by side; one aggregate never does.
 * Facts about issues that are nobody's task are most of a busy repository's: they are sifted out in bulk before.
 */
import { BEGINNING, blankTask, decideTask } from '../domain/decide/task.ts'
import type { Decision, Subject } from '../domain/decide/decision.ts'
import type { TaskFact } from '../domain/fact.ts'
import type { TaskId } from '../domain/ids.ts'
import { chain } from '../domain/ledger.ts'
import { isPassing } from '../ports/fault.ts'
import type { Aggregate, StoredFact, TaskLoad } from '../ports/store.ts'
import type { EngineDeps } from './deps.ts'
import { isRepoFact } from './drain-repository.ts'
import type { Gather } from './gather.ts'

export interface Drain {
  /** `null`: somewhere. */
  poke(aggregate: Aggregate | null): void
  /** Looks for aggregates that no poke told of. */
  sweep(): Promise<void>
  /** Resolves once all that was told of is decided; what rests after a fault is not waited for. */
  idle(): Promise<void>
  stop(): Promise<void>
}

export interface DrainHooks {
  readonly gather: Gather
  readonly drainRepository: (facts: readonly StoredFact[]) => Promise<void>
  /** After a commit: what became of the task, for admission, projector and runner. */
  readonly onDecided: (decision: Decision) => void
}

/** Aggregates at a time: enough to hide GitHub's latency, few enough for the store. A judgement. */
const SIDE_BY_SIDE = 16
const BATCH = 50
/** Aggregates sifted by one statement. Measured: one at a time, a flood of such facts held appends up for seconds. */
const SIFT = 200
/** Between two of them under load, so that appends come first; after a pause there is no wait. Milliseconds; a judgement. */
const SIFT_EVERY = 25
/** How long an aggregate rests after a fault; doubled with each further one in a row, so that nothing loops hot (F9). Milliseconds. */
const FAULT_REST = 2_000
const FAULT_REST_MAX = 60_000

export function createDrain(
  deps: Pick<EngineDeps, 'store' | 'log' | 'clock'>,
  hooks: DrainHooks,
): Drain {
  const { store, log, clock } = deps
  const told = new Set<Aggregate>()
  const waiting = new Set<Aggregate>()
  const running = new Map<Aggregate, Promise<void>>()
  const resting = new Set<Aggregate>()
  const faults = new Map<Aggregate, number>()
  const stopping = new AbortController()
  let sweeping: Promise<void> | null = null
  let sifting: Promise<void> | null = null
  let siftedAt = -Infinity

  function sift(): void {
    if (sifting !== null || told.size === 0 || stopping.signal.aborted) return
    sifting = siftOnce()
      // The facts are still in the inbox: the sweep finds them again.
      .catch((error: unknown) => log.warn({ error }, 'the inbox could not be sifted'))
      .finally(() => {
        sifting = null
        sift()
      })
  }

  async function siftOnce(): Promise<void> {
    await clock.sleep(Math.max(0, siftedAt + SIFT_EVERY - clock.monotonic()), stopping.signal)
    siftedAt = clock.monotonic()
    const batch = [...told].slice(0, SIFT)
    for (const aggregate of batch) told.delete(aggregate)
    for (const aggregate of await store.sift(batch, BEGINNING)) waiting.add(aggregate)
    pump()
  }

  function pump(): void {
    for (const aggregate of waiting) {
      if (running.size >= SIDE_BY_SIDE || stopping.signal.aborted) return
      if (running.has(aggregate) || resting.has(aggregate)) continue
      waiting.delete(aggregate)
      const turn = drainOne(aggregate)
        .then(() => void faults.delete(aggregate))
        .catch((error: unknown) => rest(aggregate, error))
        .finally(() => {
          running.delete(aggregate)
          pump()
        })
      running.set(aggregate, turn)
    }
  }

  function rest(aggregate: Aggregate, error: unknown): void {
    if (isPassing(error))
      log.warn({ aggregate, error: error.message }, 'a fact waits: the world did not answer')
    else log.error({ aggregate, error }, 'a fact could not be decided; it stays in the inbox')
    resting.add(aggregate)
    const inRow = faults.get(aggregate) ?? 0
    faults.set(aggregate, inRow + 1)
    const own = Math.min(FAULT_REST * 2 ** inRow, FAULT_REST_MAX)
    const until =
      isPassing(error) && error.retryAt !== null ? Math.max(own, error.retryAt - clock.now()) : own
    void clock.sleep(until, stopping.signal).then(() => {
      resting.delete(aggregate)
      waiting.add(aggregate)
      pump()
    })
  }

  async function drainOne(aggregate: Aggregate): Promise<void> {
    for (;;) {
      if (stopping.signal.aborted) return
      const facts = await store.unconsumed(aggregate, BATCH)
      if (facts.length === 0) return
      const ofRepository = facts.filter((stored) => isRepoFact(stored.fact))
      if (ofRepository.length > 0) await hooks.drainRepository(ofRepository)
      for (const stored of facts) {
        if (stopping.signal.aborted) return
        // Somebody was faster, perhaps with this very fact: what is left is read again.
        if (!isRepoFact(stored.fact) && !(await settle(aggregate, stored, stored.fact))) break
      }
      if (facts.length < BATCH) waiting.delete(aggregate)
    }
  }

  /** False: somebody else changed the task, or took the fact, while this was decided; nothing was written. */
  async function settle(
    aggregate: Aggregate,
    stored: StoredFact,
    fact: TaskFact,
  ): Promise<boolean> {
    const loaded = await store.load(aggregate.slice('task:'.length) as TaskId)
    const decided = await decideOne(loaded, stored, fact)
    if (decided === null) {
      await store.consume([stored.seq])
      return true
    }
    const committed = await commit(loaded, stored, decided)
    if (committed) hooks.onDecided(decided)
    return committed
  }

  async function decideOne(
    loaded: TaskLoad,
    stored: StoredFact,
    fact: TaskFact,
  ): Promise<Decision | null> {
    const subject = subjectOf(loaded, stored, fact)
    if (subject === null) return null
    const world = await hooks.gather(subject, stored, fact)
    return world === null ? null : decideTask(subject, fact, world)
  }

  async function commit(loaded: TaskLoad, stored: StoredFact, decided: Decision): Promise<boolean> {
    if (decided.pause !== null) await store.admission.pause(decided.pause)
    if (decided.resume !== null) await store.admission.unpause(decided.resume)
    const written = await store.commit({
      task: decided.next,
      expected: loaded.task?.version ?? 0,
      consumed: [stored.seq],
      ledger: chain(decided.next.id, loaded.ledger, decided.ledger),
      acts: decided.acts,
      surfaces: decided.surfaces,
      snapshot: decided.snapshot,
      attempt: decided.attempt,
      callOff: decided.callOff,
    })
    log.debug(
      { task: decided.next.id, fact: stored.fact.kind, state: decided.next.state.kind, written },
      decided.why,
    )
    return written
  }

  return {
    poke(aggregate) {
      if (aggregate === null) {
        sweeping ??= this.sweep().finally(() => (sweeping = null))
        return
      }
      told.add(aggregate)
      sift()
    },
    async sweep() {
      try {
        for (const aggregate of await store.pending(SIFT)) told.add(aggregate)
        sift()
      } catch (error) {
        log.warn({ error }, 'the inbox could not be swept')
      }
    },
    async idle() {
      // Once it is stopped, what waits is taken by nobody here: waiting for that would never end.
      const isBusy = (): boolean =>
        sifting !== null ||
        running.size > 0 ||
        (!stopping.signal.aborted && [...waiting].some((each) => !resting.has(each)))
      while (isBusy()) await Promise.allSettled([sifting, ...running.values()])
    },
    async stop() {
      stopping.abort()
      await sifting
      await Promise.allSettled(running.values())
    },
  }
}

function subjectOf(loaded: TaskLoad, stored: StoredFact, fact: TaskFact): Subject | null {
  if (loaded.task !== null) return { task: loaded.task, live: loaded.live }
  const issue = 'issue' in fact ? fact.issue : null
  if (issue === null || stored.repo === null) return null
  return {
    task: blankTask(
      { repo: stored.repo.id, id: issue.id, number: issue.number, title: issue.title },
      stored.receivedAt,
    ),
    live: null,
  }
}
