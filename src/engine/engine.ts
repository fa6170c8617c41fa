/**
 * The engine: one inbox, one drain, one admission, one projector, wired by pokes. Every poke is a hint; what it hints
 * at is in the store, and a sweep finds what a lost poke would have told.
 */
import type { Decision } from '../domain/decide/decision.ts'
import { BEGINNING } from '../domain/decide/task.ts'
import type { TaskId } from '../domain/ids.ts'
import { isTerminal } from '../domain/task.ts'
import type { Repository } from '../domain/repository.ts'
import type { Runner } from '../domain/runner.ts'
import type { Wait } from '../domain/wait.ts'
import type { BoardSync } from '../ports/board-sync.ts'
import type { Pausing } from '../ports/pausing.ts'
import type { NewFact } from '../ports/store.ts'
import { startAdmission } from './admit.ts'
import { createBoardMemory } from './boards.ts'
import type { EngineDeps } from './deps.ts'
import { createPolicyReader } from './deps.ts'
import { startDigest } from './digest.ts'
import { createDrain } from './drain.ts'
import { createRepositoryDrain } from './drain-repository.ts'
import { createGather } from './gather.ts'
import { createHeads } from './heads.ts'
import { startKillSwitch } from './kill-switch.ts'
import { startLoop } from './loop.ts'
import type { Loop } from './loop.ts'
import { startOnboarding } from './onboard.ts'
import { createPausing } from './pausing.ts'
import { createPerformer } from './perform.ts'
import { startProjector } from './project.ts'
import { startReconciler } from './reconcile.ts'
import type { ReconcileStats } from './reconcile.ts'
import { recoverOwn, startOrphanWatch } from './recover.ts'
import { beginListening, startRedelivery } from './redeliver.ts'
import { startRunner } from './runner.ts'
import { serveDesk } from './serve-desk.ts'
import { isOver, startTidying } from './tidy.ts'
import { startAlikeWatch } from './watch-alike.ts'
import { createBoardSync } from './sync-boards.ts'
import { startBoardWatch } from './watch-boards.ts'
import { watchPrograms } from './watch-programs.ts'
import type { MissingPrograms } from './watch-programs.ts'
import { watchStore } from './watch-store.ts'
import { labelsOf, onlyOf, registerRunner } from './register-runner.ts'
import { startLeading } from './lead.ts'
import { lookForRepositories } from './look-for-repositories.ts'

export interface Engine {
  /** Durable when it resolves (I1); the 2xx of a webhook may follow. */
  accept(facts: readonly NewFact[]): Promise<void>
  /** Why each queued task does not start, as of now. */
  readonly waits: () => Promise<ReadonlyMap<TaskId, Wait>>
  /** Attempts that this process executes. */
  readonly running: () => number
  /** Resolves, with the reason, when this process cannot go on: only a new one can open the store again. */
  readonly broken: Promise<string>
  /** What the reconciler's passes came to. */
  readonly reconciled: () => ReconcileStats
  /** The operator's own pauses. */
  readonly pausing: Pausing
  readonly boards: BoardSync
  /** A reconcile pass now; resolves when it has ended. */
  reconcile(): Promise<void>
  /** Graceful: takes nothing new, ends agents with their work collected, leaves the store consistent. */
  stop(): Promise<void>
}

/**
 * The embedded store writes on this very thread: 1 MiB of a bundle stood still for 0.13 s, 32 MiB for 4.4 s and
 * 1.8 GB of memory (measured). Nobody else publishes what lies in the outbox here, so more than this is kept there alone.
 */
const EMBEDDED_KEEPS = 1024 * 1024
/** Catches what no poke told of: what another app wrote while nobody heard, or what a fault left lying. Milliseconds. */
const SWEEP = { shared: 1_000, embedded: 5_000 } as const
/** Acts performed side by side; most wait for GitHub, whose governor paces them. */
const ACTS_AT_ONCE = 8
/** New installations are told by webhooks; this finds those whose webhook was lost. Milliseconds. */
const LOOK_FOR_REPOSITORIES = 600_000
/** Where no webhook tells of them. Milliseconds; a judgement. */
const POLL_REPOSITORIES = 120_000
/** Status comments of live tasks are looked at this often, so that "Next update by" is kept. Milliseconds. */
const KEEP_PROMISE = 300_000
/** A stop does not wait longer than this for a GitHub that is asked for a decision; the fact is decided at the next start. Milliseconds. */
const LAST_DECISIONS = 5_000

export async function startEngine(deps: EngineDeps): Promise<Engine> {
  const { store, clock, log } = deps
  const policyOf = createPolicyReader()
  const heads = createHeads(deps)

  await beginListening(deps)
  await recoverOwn(deps)
  /** What waits for this app to lead. */
  const led: Loop[] = []
  const lead = await startLeading(deps, () => {
    for (const loop of led) loop.poke()
  })
  const programs = await watchPrograms(deps.programs, deps)
  const here = runnerOf(deps, programs.missing())
  let takes = here?.labels ?? NOTHING
  const registration = here === null ? null : await registerRunner(here, deps)
  // Before anything can start.
  const killSwitch = await startKillSwitch(deps, () => admission.poke())
  const admission = startAdmission(deps, {
    policyOf,
    missing: () => programs.missing(),
    onStarted: () => projector.poke(),
    onWaiting: (task) => show(task),
  })
  const boards = createBoardMemory()
  const projector = startProjector(deps, {
    policyOf,
    boards,
    waits: admission.waits,
    leads: lead.now,
  })
  const runner = startRunner(
    deps,
    {
      capacity: here?.capacity ?? 0,
      only: async () => onlyOf(takes, store),
      keeps: store.kind === 'embedded' ? EMBEDDED_KEEPS : Infinity,
    },
    {
      policyOf,
      onShown: (task) => {
        show(task).catch((error: unknown) =>
          log.warn({ error }, 'progress could not be marked for showing'),
        )
      },
    },
  )

  const programWatch = programs.start(async () => {
    const now = runnerOf(deps, programs.missing())
    if (now === null) return
    takes = now.labels
    await registration?.change(takes)
    admission.poke()
  })

  async function show(task: TaskId): Promise<void> {
    await store.projections.touch(task, ['status'])
    projector.poke()
  }
  function onDecided(decided: Decision): void {
    const paused = decided.pause !== null || decided.resume !== null
    const ended = decided.attempt !== null && 'ended' in decided.attempt
    // The slot that it leaves is not given to one more that would fail alike.
    if (ended) void alike.turn().then(() => admission.poke())
    else if (decided.next.state.kind === 'queued' || decided.attempt !== null || paused)
      admission.poke()
    if (decided.surfaces.length > 0) projector.poke()
    if (isOver(decided.next)) tidying.poke()
    // What waited behind its open pull request.
    if (isTerminal(decided.next.state) && decided.next.review !== null) admission.poke()
  }
  /** What only the leading app does; the others look again when they may lead. */
  const leading = (body: (signal: AbortSignal) => Promise<void>) => async (signal: AbortSignal) => {
    if (lead.now()) await body(signal)
  }
  const reconciler = startReconciler(deps, {
    heads,
    policyOf,
    leads: lead.now,
    onRead: () => admission.poke(),
  })
  const onRepository = (repository: Repository): void => {
    admission.poke()
    onboarding.poke()
    // First sight: what wears the label already is listed now, not at the next pass.
    if (repository.cursor === null) reconciler.poke()
  }

  const onboarding = startOnboarding(deps, lead.now)
  const tidying = startTidying(deps, onboarding.isTrial)
  const alike = startAlikeWatch(deps, { leads: lead.now, onPaused: () => admission.poke() })
  const watch = watchStore(deps)

  const drain = createDrain(deps, {
    gather: createGather(deps, heads, policyOf),
    drainRepository: createRepositoryDrain(deps, { heads, policyOf, onChanged: onRepository }),
    onDecided,
  })
  const unsubscribe = [
    store.onAppended((aggregate) => drain.poke(aggregate)),
    store.onRunner(() => admission.poke()),
  ]
  const sweep = startLoop(
    {
      name: 'sweep',
      clock,
      log,
      every: () => (store.kind === 'embedded' ? SWEEP.embedded : SWEEP.shared),
    },
    () => drain.sweep(),
  )
  await store.perform(createPerformer(deps, { policyOf, waits: admission.waits }), ACTS_AT_ONCE)
  // What was admitted in a former life is taken before anybody could miss it.
  await runner.look()
  const orphans = startOrphanWatch(deps, lead.now)
  const installations = startLoop(
    {
      name: 'installations',
      clock,
      log,
      every: () => (deps.poll === true ? POLL_REPOSITORIES : LOOK_FOR_REPOSITORIES),
    },
    leading(() => lookForRepositories(deps)),
  )
  const redelivery = deps.poll === true ? null : startRedelivery(deps, lead.now)
  const promise = startLoop(
    { name: 'promise', clock, log, every: () => KEEP_PROMISE },
    leading(async () => {
      for (const task of await store.list({
        states: ['queued', 'running', 'publishing', 'retrying'],
      }))
        await show(task.id)
    }),
  )
  const boardWatch = startBoardWatch(deps, {
    policyOf,
    leads: lead.now,
    onTouched: () => projector.poke(),
  })
  const desk = serveDesk({ ...deps, leads: lead.now })
  const { digests } = deps
  const digest =
    digests === undefined ? null : startDigest({ ...deps, digests }, { leads: lead.now, policyOf })
  led.push(
    alike,
    ...(digest === null ? [] : [digest]),
    onboarding,
    desk,
    projector,
    admission,
    reconciler,
    orphans,
    installations,
    ...(redelivery === null ? [] : [redelivery]),
    promise,
    boardWatch,
  )

  /** The reports of attempts that were just ended are decided now, so that the next start finds nothing open. */
  async function lastDecisions(): Promise<void> {
    const decided = new AbortController()
    await Promise.race([drain.idle(), clock.sleep(LAST_DECISIONS, decided.signal)])
    decided.abort()
  }

  return {
    accept: (facts) => store.append(facts, BEGINNING),
    waits: admission.waits,
    running: runner.running,
    broken: watch.broken,
    reconciled: reconciler.stats,
    pausing: createPausing(deps, () => admission.poke()),
    boards: createBoardSync(deps, policyOf, () => projector.poke()),
    async reconcile() {
      if (deps.poll === true) await installations.turn()
      await reconciler.turn()
    },
    async stop() {
      // First of all: nothing more is admitted for this process, and another app may lead.
      await registration?.stop()
      await Promise.all([
        sweep.stop(),
        reconciler.stop(),
        orphans.stop(),
        promise.stop(),
        admission.stop(),
        installations.stop(),
        redelivery?.stop(),
        tidying.stop(),
        desk.stop(),
        watch.stop(),
        alike.stop(),
        digest?.stop(),
        onboarding.stop(),
        boardWatch.stop(),
        killSwitch.stop(),
        programWatch.stop(),
      ])
      await store.stopPerforming()
      await runner.stop()
      await lastDecisions()
      for (const each of unsubscribe) each()
      await drain.stop()
      await projector.stop()
      await lead.stop()
      await deps.workspace.settle()
    },
  }
}

const NOTHING = { tiers: [], profiles: [], repositories: [] }

/** This process as a runner; null: it executes nothing itself. */
function runnerOf(
  { operator, noJail, jailKind, runner, version }: EngineDeps,
  missing: MissingPrograms,
): Runner | null {
  const settings = operator.runner
  const capacity = settings.capacity ?? operator.caps.total
  if (capacity === 0) return null
  return {
    id: runner,
    labels: labelsOf(settings, operator, { noJail: noJail !== null, missing }),
    capacity,
    version,
    jail: jailKind,
    publicKey: null,
  }
}
