/** Gives out slots: one pure pass of `schedule` over a snapshot of the store, committed whole or not at all. */
import { surfacesOf } from '../domain/decide/decision.ts'
import { attemptId, instant } from '../domain/ids.ts'
import type { RepoId, TaskId } from '../domain/ids.ts'
import { chain } from '../domain/ledger.ts'
import { schedule } from '../domain/schedule.ts'
import type { Schedule, Started, ScheduleInput } from '../domain/schedule.ts'
import type { RepoPolicy } from '../domain/settings.ts'
import type { StandIn, Task } from '../domain/task.ts'
import type { Wait } from '../domain/wait.ts'
import type { AdmissionView, Start } from '../ports/store.ts'
import type { EngineDeps } from './deps.ts'
import { startLoop } from './loop.ts'
import type { Loop } from './loop.ts'
import { parkRunning } from './park.ts'
import { askAboutBudgets } from './spent.ts'
import type { MissingPrograms } from './watch-programs.ts'

export interface Admission extends Loop {
  /** Why each queued task does not start, as of now. */
  readonly waits: () => Promise<ReadonlyMap<TaskId, Wait>>
}

export interface AdmissionHooks {
  readonly policyOf: (config: string | null) => RepoPolicy
  /** Programs of profiles that this machine lacks. */
  readonly missing: () => MissingPrograms
  readonly onStarted: () => void
  /** The reason for which a task waits is new: its status comment must say so. */
  readonly onWaiting: (task: TaskId) => Promise<void>
}

/** A look without a poke, for what no fact tells of (a pause that ran out, a day's quota). */
const IDLE_LOOK = 30_000
/** For room on a disk that is full. Milliseconds. */
const FULL_LOOK = 2_000
/** Another app may have died between a commit and the admission that it should have led to. */
const SHARED_LOOK = 5_000
/** An attempt that no runner has taken by then goes back into the line: its runner may have died right after the slot was given. Milliseconds, as long as a lease. */
const TAKEN_WITHIN = 12_000

export function startAdmission(deps: EngineDeps, hooks: AdmissionHooks): Admission {
  const { store, clock, log } = deps
  const told = new Map<TaskId, string>()
  const idle = store.kind === 'embedded' ? IDLE_LOOK : SHARED_LOOK
  let nextLook = idle

  let full = false

  async function planned(view: AdmissionView): Promise<Schedule> {
    const noRoom = await isFull()
    return schedule({
      ...scheduleInput(view, deps, hooks.policyOf),
      noRoom,
      noProgram: hooks.missing(),
    })
  }

  /** On PostgreSQL attempts may run on other machines, of whose disks nothing is known here. */
  async function isFull(): Promise<boolean> {
    const before = full
    full = store.kind === 'embedded' && deps.hasRoom !== undefined && !(await deps.hasRoom())
    if (full && !before) log.error({}, 'the disk is full: no work is taken until there is room')
    if (!full && before) log.info({}, 'the disk has room again')
    return full
  }

  async function turn(): Promise<void> {
    for (;;) {
      const view = await store.admission.view()
      const plan = await planned(view)
      const starts = await Promise.all(
        plan.start.map((admitted) => startOf(admitted, policyIn(view, admitted.task), deps)),
      )
      if (starts.length > 0 && !(await store.admission.admit(view.version, starts, TAKEN_WITHIN)))
        continue
      if (starts.length > 0) hooks.onStarted()
      for (const start of starts)
        log.info({ task: start.task.id, attempt: start.attempt.id }, 'an attempt was admitted')
      nextLook = Math.min(full ? FULL_LOOK : idle, untilNextPauseEnds(view, clock.now()))
      await parkRunning(view, deps)
      await askAboutBudgets(view, plan, deps)
      await tell(plan)
      return
    }
  }

  function policyIn({ repositories }: AdmissionView, { repo }: Task): RepoPolicy {
    return hooks.policyOf(repositories.find(({ id }) => id === repo)?.config ?? null)
  }

  async function tell(plan: Schedule): Promise<void> {
    for (const task of told.keys()) if (!plan.waiting.has(task)) told.delete(task)
    for (const [task, wait] of plan.waiting) {
      const words = JSON.stringify(wait)
      if (told.get(task) === words) continue
      told.set(task, words)
      await hooks.onWaiting(task)
    }
  }

  const loop = startLoop({ name: 'admission', clock, log, every: () => nextLook }, turn)
  return { ...loop, waits: async () => (await planned(await store.admission.view())).waiting }
}

/** The store's snapshot, with each settings file read, as `schedule` wants it. */
export function scheduleInput(
  view: AdmissionView,
  deps: Pick<EngineDeps, 'clock' | 'operator' | 'noJail'>,
  policyOf: AdmissionHooks['policyOf'],
): ScheduleInput {
  const repositories = new Map<
    RepoId,
    { repository: AdmissionView['repositories'][number]; policy: RepoPolicy }
  >()
  for (const repository of view.repositories) {
    repositories.set(repository.id, { repository, policy: policyOf(repository.config) })
  }
  const { queued, live, pauses, openReviews, startedByActor, served, runners, spent } = view
  const { operator, noJail } = deps
  const now = deps.clock.now()
  const scheduled = {
    queued,
    live,
    pauses,
    openReviews,
    startedByActor,
    served,
    repositories,
    runners,
    spent,
  }
  return { now, ...scheduled, operator, noJail }
}

async function startOf(admitted: Started, policy: RepoPolicy, deps: EngineDeps): Promise<Start> {
  const { profile, standIn, allowance } = admitted
  const { standIn: _, ...task } = admitted.task
  const now = deps.clock.now()
  const n = task.attempts + 1
  const id = attemptId(task.id, n)
  const next: Task = {
    ...task,
    state: { kind: 'running', attempt: id },
    attempts: n,
    epoch: task.epoch + 1,
    redBase: null,
    changedAt: now,
    ...(standIn === null ? {} : { standIn }),
  }
  const why = `attempt ${n} starts with ${profile.name}${standIn === null ? '' : insteadOf(standIn)}`
  const head = await deps.store.admission.ledgerHead(task.id)
  return {
    task: next,
    expected: task.version,
    attempt: {
      id,
      task: task.id,
      n,
      epoch: next.epoch,
      profile: profile.name,
      tier: profile.tier,
      phase: 'preparing',
      runner: null,
      startedAt: now,
      endedAt: null,
      stop: null,
      allowance,
      progress: null,
      report: null,
    },
    ledger: chain(task.id, head, [
      {
        event: 'attempt.admitted',
        why,
        by: null,
        at: now,
        data: {
          attempt: id,
          profile: profile.name,
          allowance,
          ...(standIn === null ? {} : { wished: standIn.wished, until: standIn.until }),
        },
      },
    ]),
    surfaces: surfacesOf(policy),
  }
}

const insteadOf = ({ wished, reason }: StandIn): string => ` in place of ${wished}: ${reason}`

function untilNextPauseEnds(view: AdmissionView, now: number): number {
  const ends = view.pauses.map(({ until }) => (until ?? 0) - now).filter((left) => left > 0)
  return Math.max(100, Math.min(IDLE_LOOK, ...ends.map((left) => instant(left + 50))))
}
