/** Executes attempts in this process: takes the lease, keeps it, obeys a stop, and reports the end as a fact. */
import { emptyReport } from '../domain/attempt.ts'
import type { Progress } from '../domain/attempt.ts'
import type { AttemptPhase, AttemptReport } from '../domain/attempt.ts'
import type { AttemptId } from '../domain/ids.ts'
import type { RepoPolicy } from '../domain/settings.ts'
import type { AgentNews } from '../ports/agent.ts'
import type { EngineDeps } from './deps.ts'
import { runAttempt } from './run-attempt.ts'
import type { AttemptRun, Stop } from './attempt-run.ts'

export interface Runner {
  /** Takes the attempt and returns; it goes on in the background. Nothing happens when another process has it. */
  start(attempt: AttemptId, epoch: number): Promise<void>
  /** The attempt's row has news (a stop): look now instead of at the next heartbeat. */
  look(attempt: AttemptId): void
  readonly running: () => number
  /** Ends all attempts, with their work collected and their reports durable. */
  stop(): Promise<void>
}

/** A lease outlives three missed heartbeats, so that a slow disk does not cost an attempt. Milliseconds. */
const LEASE = 20_000
const HEARTBEAT = 5_000
/** An agent's news reach its row at most this often between heartbeats. Milliseconds. */
const NEWS_EVERY = 500
/** The status comment is edited for mere progress at most this often; edits cost points. A judgement. */
const PROGRESS_EVERY = 15_000

interface Running {
  readonly stopper: AbortController
  readonly ended: Promise<void>
  wake: AbortController
}

export function createRunner(
  deps: EngineDeps,
  policyOf: (config: string | null) => RepoPolicy,
  onShown: (task: AttemptRun['task']) => void,
): Runner {
  const { store, clock, log } = deps
  const running = new Map<AttemptId, Running>()

  async function start(id: AttemptId, epoch: number): Promise<void> {
    const attempt = await store.claim(id, epoch, { runner: deps.runner, milliseconds: LEASE })
    if (attempt === null) return
    const { task } = await store.load(attempt.task)
    if (task === null) throw new Error(`the attempt ${id} has no task`)
    const repository = await store.repositories.get(task.repo)
    const policy = policyOf(repository?.config ?? null)
    const profile = deps.operator.profiles[attempt.profile]
    if (
      repository === null ||
      repository.head === null ||
      policy.kind !== 'ready' ||
      profile === undefined
    ) {
      // The settings changed between admission and start; the task goes back and its wait is told.
      await report(
        { id, epoch, task: task.id },
        emptyReport({ kind: 'stopped' }, 'the settings changed while the attempt was starting'),
      )
      return
    }
    const run = {
      attempt,
      task,
      repository,
      base: repository.head,
      settings: policy.settings,
      profile,
    }
    execute(run)
  }

  function execute(known: Omit<AttemptRun, 'signal' | 'onPhase' | 'onNews'>): void {
    const { attempt, task } = known
    const stopper = new AbortController()
    const state = createState()
    const entry: Running = { stopper, wake: new AbortController(), ended: Promise.resolve() }
    const heart = beat(entry, state, {
      id: attempt.id,
      epoch: attempt.epoch,
      shown: () => onShown(task),
    })
    const ended = runAttempt(
      {
        ...known,
        signal: stopper.signal,
        onPhase: (phase) => {
          state.phase = phase
          state.show = 'now'
          entry.wake.abort()
        },
        onNews: (news) => {
          state.progress = merge(state.progress, news, clock.now())
          state.show = state.show === 'now' ? 'now' : 'soon'
          if (clock.monotonic() - state.toldAt >= NEWS_EVERY) entry.wake.abort()
        },
      },
      deps,
    )
      .then((result) => conclude({ attempt, task: task.id }, result, stopper.signal))
      .catch((error: unknown) =>
        log.error(
          { error, attempt: attempt.id },
          'the end of an attempt could not be recorded; its lease will run out',
        ),
      )
      .finally(() => {
        state.over = true
        entry.wake.abort()
        running.delete(attempt.id)
      })
    running.set(
      attempt.id,
      Object.assign(entry, { ended: Promise.all([ended, heart]).then(() => undefined) }),
    )
  }

  async function conclude(
    which: { readonly attempt: AttemptRun['attempt']; readonly task: AttemptRun['task']['id'] },
    result: AttemptReport,
    signal: AbortSignal,
  ): Promise<void> {
    if (signal.aborted && (signal.reason as Stop).cause === 'fenced') {
      log.warn(
        { attempt: which.attempt.id },
        'the attempt belongs to another process; what this one did is kept but not reported',
      )
      return
    }
    await report({ id: which.attempt.id, epoch: which.attempt.epoch, task: which.task }, result)
  }

  async function report(
    which: {
      readonly id: AttemptId
      readonly epoch: number
      readonly task: AttemptRun['task']['id']
    },
    result: AttemptReport,
  ): Promise<void> {
    await store.append([
      {
        source: 'runner',
        key: `attempt:${which.id}:${which.epoch}:end`,
        aggregate: `task:${which.task}`,
        repo: null,
        fact: { kind: 'attempt-ended', attempt: which.id, epoch: which.epoch, report: result },
      },
    ])
  }

  async function beat(
    entry: Running,
    state: ReturnType<typeof createState>,
    attempt: { readonly id: AttemptId; readonly epoch: number; readonly shown: () => void },
  ): Promise<void> {
    let shownAt = -Infinity
    let provenAt = clock.monotonic()
    while (!state.over) {
      await clock.sleep(HEARTBEAT, entry.wake.signal)
      entry.wake = new AbortController()
      if (state.over) return
      const due =
        state.show === 'now' ||
        (state.show === 'soon' && clock.monotonic() - shownAt >= PROGRESS_EVERY)
      try {
        const answer = await store.beat(attempt.id, attempt.epoch, {
          runner: deps.runner,
          milliseconds: LEASE,
          phase: state.phase,
          ...(state.progress === null ? {} : { progress: state.progress }),
        })
        provenAt = clock.monotonic()
        state.toldAt = provenAt
        if (!answer.held && !state.over)
          end(entry, { cause: 'fenced', reason: 'another process has taken the attempt over' })
        if (answer.stop !== null) end(entry, { cause: 'withdrawn', reason: answer.stop })
      } catch (error) {
        log.warn({ error, attempt: attempt.id }, 'a heartbeat was missed')
        if (clock.monotonic() - provenAt > LEASE)
          end(entry, {
            cause: 'fenced',
            reason: 'the store could not be reached until the lease ran out',
          })
      }
      if (!due) continue
      shownAt = clock.monotonic()
      state.show = 'no'
      attempt.shown()
    }
  }

  return {
    start,
    look(id) {
      running.get(id)?.wake.abort()
    },
    running: () => running.size,
    async stop() {
      const all = [...running.values()]
      for (const entry of all)
        end(entry, {
          cause: 'shutdown',
          reason: 'Yardmaster is stopping; the task starts again with it',
        })
      await Promise.allSettled(all.map((entry) => entry.ended))
    },
  }
}

interface State {
  phase: AttemptPhase
  progress: Progress | null
  show: 'no' | 'soon' | 'now'
  over: boolean
  /** When the row was last written; monotonic. */
  toldAt: number
}

const createState = (): State => ({
  phase: 'preparing',
  progress: null,
  show: 'no',
  over: false,
  toldAt: -Infinity,
})

function end(entry: Running, stop: Stop): void {
  if (!entry.stopper.signal.aborted) entry.stopper.abort(stop)
}

function merge(before: Progress | null, news: AgentNews, at: Progress['at']): Progress {
  return {
    message: news.message ?? before?.message ?? '',
    plan: news.plan ?? before?.plan ?? [],
    usage: news.usage ?? before?.usage ?? { tokens: null, cost: null },
    at,
  }
}
