/** Executes attempts in this process: takes those that nobody has, keeps their leases, and reports each end. */
import { emptyReport } from '../domain/attempt.ts'
import type { Attempt, AttemptReport } from '../domain/attempt.ts'
import type { AttemptId, RepoId, TaskId } from '../domain/ids.ts'
import type { RepoPolicy } from '../domain/settings.ts'
import type { Held } from '../ports/desk.ts'
import { isPassing } from '../ports/fault.ts'
import type { Bundle, Claim } from '../ports/store.ts'
import type { AttemptRun, Stop } from './attempt-run.ts'
import type { RunnerDeps } from './deps.ts'
import { keepLease } from './keep-lease.ts'
import type { Lease } from './keep-lease.ts'
import { startLoop } from './loop.ts'
import { runAttempt } from './run-attempt.ts'

export interface Runner {
  /** Resolves when attempts that waited for a runner have been looked at. */
  look(): Promise<void>
  readonly running: () => number
  /** An attempt in that repository that is under way here. */
  readonly holding: (repo: RepoId) => Held | null
  /** Takes nothing new; ends all attempts, with their work collected and their reports durable. */
  stop(): Promise<void>
}

export interface RunnerHooks {
  readonly policyOf: (config: string | null) => RepoPolicy
  /** An attempt's progress is worth showing. */
  readonly onShown: (task: TaskId) => void
}

/** Between two tries to report an end that the store did not take. Milliseconds; a judgement. */
const REPORT_AGAIN = 500

type Known = Pick<AttemptRun, 'task' | 'repository' | 'base' | 'approved' | 'settings' | 'profile'>

interface Running {
  readonly lease: Lease
  readonly epoch: number
  /** Null until it is read. */
  repo: RepoId | null
  ended: Promise<void>
}

export function startRunner(
  deps: RunnerDeps,
  takes: {
    readonly capacity: number
    readonly only: () => Promise<Claim['only']>
    /** Bytes of work that the store keeps; more stays on this machine alone. */
    readonly keeps: number
  },
  hooks: RunnerHooks,
): Runner {
  const { store, clock, log, timing } = deps
  const running = new Map<AttemptId, Running>()

  async function turn(): Promise<void> {
    const limit = takes.capacity - running.size
    if (limit <= 0) return
    const askedAt = clock.monotonic()
    const taken = await store.claim({
      runner: deps.runner,
      milliseconds: timing.lease,
      limit,
      only: await takes.only(),
    })
    for (const attempt of taken) {
      const lease = keepLease(attempt, askedAt, deps, () => hooks.onShown(attempt.task))
      const entry: Running = { lease, epoch: attempt.epoch, repo: null, ended: Promise.resolve() }
      running.set(attempt.id, entry)
      entry.ended = execute(attempt, lease)
        .catch((error: unknown) =>
          log.error(
            { error, attempt: attempt.id },
            'the end of an attempt could not be recorded; its lease will run out',
          ),
        )
        .then(() => lease.release())
        .finally(() => {
          running.delete(attempt.id)
          loop.poke()
        })
    }
  }

  async function execute(attempt: Attempt, lease: Lease): Promise<void> {
    const { signal, stillHeld, onPhase, onNews } = lease
    const known = await knownOf(attempt).catch((error: unknown) => {
      if (!isPassing(error)) throw error
      return error.message
    })
    // The task goes back, and why it waits is told where it waits.
    if (typeof known === 'string')
      return report(attempt, emptyReport({ kind: 'stopped' }, known), signal)
    const entry = running.get(attempt.id)
    if (entry !== undefined) entry.repo = known.repository.id
    const { report: result, bundle } = await runAttempt(
      { ...known, attempt, signal, stillHeld, onPhase, onNews },
      deps,
    )
    const kept = bundle !== null && bundle.bytes.length <= takes.keeps ? bundle : null
    await report(attempt, result, signal, kept)
  }

  /** What the attempt is run with; words when it cannot run. */
  async function knownOf(attempt: Attempt): Promise<Known | string> {
    const { task } = await store.load(attempt.task)
    if (task === null) throw new Error(`the attempt ${attempt.id} has no task`)
    const repository = await store.repositories.get(task.repo)
    const policy = hooks.policyOf(repository?.config ?? null)
    const profile = deps.operator.profiles[attempt.profile]
    if (
      repository === null ||
      repository.head === null ||
      policy.kind !== 'ready' ||
      profile === undefined
    )
      return 'the settings changed while the attempt was starting'
    const approved = repository.head
    const base = task.revision?.head ?? approved
    return { task, repository, base, approved, settings: policy.settings, profile }
  }

  /** Tries for as long as the lease holds: a store that is away for seconds costs no work. */
  async function report(
    attempt: Attempt,
    result: AttemptReport,
    signal: AbortSignal,
    bundle: Bundle | null = null,
  ): Promise<void> {
    const fenced = () => signal.aborted && (signal.reason as Stop).cause === 'fenced'
    while (!fenced()) {
      try {
        if (await finish(attempt, result, bundle)) return
        break
      } catch (error) {
        if (!isPassing(error)) throw error
        log.warn({ error, attempt: attempt.id }, 'the store did not take the end of an attempt yet')
        await clock.sleep(REPORT_AGAIN)
      }
    }
    log.warn(
      { attempt: attempt.id, end: result.end, head: result.head },
      'the attempt belongs to nobody here any more; what was done is kept here and not reported',
    )
  }

  const finish = (
    { id, epoch, task }: Attempt,
    result: AttemptReport,
    bundle: Bundle | null,
  ): Promise<boolean> =>
    store.finish(id, epoch, {
      runner: deps.runner,
      fact: {
        source: 'runner',
        key: `attempt:${id}:${epoch}:end`,
        aggregate: `task:${task}`,
        repo: null,
        fact: { kind: 'attempt-ended', attempt: id, epoch, report: result },
      },
      bundle,
    })

  const loop = startLoop({ name: 'runner', clock, log, every: () => timing.look }, turn)
  const unsubscribe = store.onAttempt((id) => {
    if (id === null) for (const { lease } of running.values()) lease.look()
    else running.get(id)?.lease.look()
    if (id === null || !running.has(id)) loop.poke()
  })

  return {
    look: () => loop.turn(),
    running: () => running.size,
    holding(repo) {
      for (const [attempt, entry] of running)
        if (entry.repo === repo) return { attempt, epoch: entry.epoch }
      return null
    },
    async stop() {
      unsubscribe()
      await loop.stop()
      const all = [...running.values()]
      for (const { lease } of all)
        lease.end({
          cause: 'shutdown',
          reason: 'Yardmaster is stopping; the task starts again with it',
        })
      await Promise.allSettled(all.map(({ ended }) => ended))
    },
  }
}
