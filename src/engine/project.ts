/**
 * The projector: writes the newest form of each surface that is out of date, and nothing when it is written already.
 * Installations go side by side; within one the governor's pace decides, so rows wait in the store and not in a queue.
 */
import { GOES_OUT, deadlineIn, isOver } from '../domain/deadline.ts'
import type { Deadline } from '../domain/deadline.ts'
import { later, steady } from '../domain/ids.ts'
import type { InstallationId, TaskId } from '../domain/ids.ts'
import type { Surface } from '../domain/projection.ts'
import type { RepoPolicy } from '../domain/settings.ts'
import type { Wait } from '../domain/wait.ts'
import { WorldFault, isPassing } from '../ports/fault.ts'
import type { ProjectionRow } from '../ports/store.ts'
import type { BoardMemory } from './boards.ts'
import type { EngineDeps } from './deps.ts'
import { startLoop } from './loop.ts'
import type { Loop } from './loop.ts'
import { viewOf } from './surfaces/view.ts'
import type { TaskView } from './surfaces/view.ts'
import { writeSurface } from './surfaces/write-surface.ts'

export interface ProjectHooks {
  readonly policyOf: (config: string | null) => RepoPolicy
  /** Of several apps one writes: the same surface written by two would be written twice. */
  readonly leads: () => boolean
  readonly boards: BoardMemory
  readonly waits: () => Promise<ReadonlyMap<TaskId, Wait>>
}

/** Changes within this time become one write: a task that is queued and starts at once is shown once. Milliseconds. */
const GATHER = 300
const IDLE_LOOK = 5_000
/** Another process pokes nobody here. */
const SHARED_LOOK = 1_000
const BATCH = 100
/** How long a surface rests after a fault that only a person can mend. */
const REFUSED_REST = 600_000
const PASSING_REST = 5_000
/** After the store itself failed; a judgement. */
const FAILED_REST = 500

export function startProjector(deps: EngineDeps, hooks: ProjectHooks): Loop {
  const { store, clock, log } = deps
  /** One writer per installation, so that one whose GitHub hangs keeps nobody else waiting. */
  const writing = new Map<InstallationId | null, Promise<void>>()
  /** Whose turn a task waits for, while anybody writes: spares looking at it again. */
  const keys = new Map<TaskId, InstallationId | null>()

  async function turn(signal: AbortSignal): Promise<void> {
    await clock.sleep(GATHER, signal)
    if (!hooks.leads()) return
    if (writing.size === 0) keys.clear()
    const read = { until: deadlineIn(GOES_OUT / 2, clock), notAfter: deadlineIn(GOES_OUT, clock) }
    const rows = (await store.projections.stale(BATCH, deps.timing.settle)).filter(({ task }) =>
      isFree(task),
    )
    if (rows.length === 0) return
    const waits = await hooks.waits()
    const groups = new Map<InstallationId | null, Job[]>()
    for (const row of rows) {
      const view = await viewOf(row.task, {
        deps,
        policyOf: hooks.policyOf,
        wait: waits.get(row.task) ?? null,
      })
      const key = view?.repository.installation ?? null
      keys.set(row.task, key)
      if (!writing.has(key)) groups.set(key, [...(groups.get(key) ?? []), { row, view }])
    }
    for (const [key, jobs] of groups) writing.set(key, write(key, { jobs, ...read }, signal))
  }

  function isFree(task: TaskId): boolean {
    const key = keys.get(task)
    return key === undefined || !writing.has(key)
  }

  async function write(
    key: InstallationId | null,
    batch: Batch,
    signal: AbortSignal,
  ): Promise<void> {
    try {
      await inTurn(batch, signal)
    } catch (error) {
      log.error({ error }, 'the surfaces of an installation could not be recorded')
      await clock.sleep(FAILED_REST, signal)
    } finally {
      writing.delete(key)
      // What became out of date meanwhile.
      loop.poke()
    }
  }

  async function inTurn({ jobs, until, notAfter }: Batch, signal: AbortSignal): Promise<void> {
    for (const { row, view } of jobs) {
      // What was read so long ago is read anew: another app may have led, and written it, in between.
      if (signal.aborted || !hooks.leads() || isOver(until, clock)) return
      await one(row, view, notAfter)
    }
  }

  const settled = (row: ProjectionRow): Promise<void> =>
    store.projections.done(row, { hash: '', remoteId: row.remoteId, written: row.written })

  /**
   * Whoever leads after us sees from here on that this write may be under way, and looks again when it cannot be any
   * more; so it must have begun while we led.
   */
  async function begin(row: ProjectionRow): Promise<void> {
    await store.projections.intend(row.task, row.surface)
    if (!hooks.leads()) throw notLeading(row.surface)
  }

  async function one(row: ProjectionRow, view: TaskView | null, notAfter: Deadline): Promise<void> {
    try {
      // The repository is out of reach: what cannot be written is settled, so that nothing else waits behind it.
      if (view === null) return await settled(row)
      await writeSurface(row, view, { ...deps, boards: hooks.boards, begin, notAfter })
    } catch (error) {
      // Another app writes it now.
      if (!hooks.leads()) return
      // The issue was deleted or has moved away: nobody can be shown anything there any more.
      if (error instanceof WorldFault && (error.kind === 'gone' || error.kind === 'not-found'))
        return await settled(row)
      const passing = isPassing(error)
      const at =
        error instanceof WorldFault && error.retryAt !== null
          ? error.retryAt
          : later(clock.now(), passing ? PASSING_REST : REFUSED_REST)
      if (passing)
        log.info(
          { task: row.task, surface: row.surface, at, error: error.message },
          'a surface waits',
        )
      else
        log.error({ task: row.task, surface: row.surface, error }, 'a surface could not be written')
      const unknown = error instanceof WorldFault && error.applied === 'unknown'
      await store.projections.postpone(row, at, unknown ? steady(clock.monotonic()) : row.triedAt)
    }
  }

  const loop = startLoop(
    {
      name: 'projector',
      clock,
      log,
      every: () => (store.kind === 'embedded' ? IDLE_LOOK : SHARED_LOOK),
    },
    turn,
  )
  return {
    ...loop,
    async stop() {
      await loop.stop()
      await Promise.all(writing.values())
    },
  }
}

/** Nothing went out. */
const notLeading = (surface: Surface): WorldFault =>
  new WorldFault('Another app leads now.', { kind: 'transient', applied: 'no', operation: surface })

interface Batch {
  readonly jobs: readonly Job[]
  /** Until when what was read may be gone by, and until when a write that rests on it may go out. */
  readonly until: Deadline
  readonly notAfter: Deadline
}

interface Job {
  readonly row: ProjectionRow
  readonly view: TaskView | null
}
