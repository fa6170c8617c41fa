/**
 * One attempt in its order: prepare, setup, agent, collect, verify. What it returns is evidence; what follows from
 * it is decided elsewhere. The work is collected however the agent ended, so that nothing done is lost.
 */
import { emptyReport, isProviderFailure, passed } from '../domain/attempt.ts'
import { WORLD_REST } from '../domain/backoff.ts'
import { NOTHING, UNKNOWN } from '../domain/budget.ts'
import { later } from '../domain/ids.ts'
import { mergeOf } from '../domain/merge.ts'
import { priced } from '../domain/price.ts'
import type { AttemptEnd, AttemptReport, CommandResult } from '../domain/attempt.ts'
import { presetOf } from '../policy/presets.ts'
import type { AgentOutcome } from '../ports/agent.ts'
import { WorldFault, isPassing } from '../ports/fault.ts'
import type { Bundle } from '../ports/store.ts'
import type { Place } from '../ports/workspace.ts'
import { sayUsedUp } from '../render/budget.ts'
import { commitMessage } from '../render/pull.ts'
import type { RunnerDeps } from './deps.ts'
import type { AttemptRun, Stop } from './attempt-run.ts'
import { keepWithin } from './keep-within.ts'
import { proveChange } from './prove-change.ts'
import { Unauthorised, promptsFor } from './prompt-for.ts'
import { takePlace } from './take-place.ts'
import type { Taken } from './take-place.ts'

type Draft = { -readonly [Key in keyof AttemptReport]: AttemptReport[Key] }

const MINUTE = 60_000
/** From spawn to ACP's answer to `initialize`: 2 s is the slowest that was seen, on a busy machine ten times that. */
const START_LIMIT = 30_000
/** From the prompt to the first sign of life: models take seconds, and programs that cannot reach theirs were seen to say nothing for half a minute and more. */
const FIRST_LIMIT = 5 * MINUTE

export interface AttemptResult {
  readonly report: AttemptReport
  /** What was collected, for whoever publishes it. */
  readonly bundle: Bundle | null
}

export async function runAttempt(run: AttemptRun, deps: RunnerDeps): Promise<AttemptResult> {
  const draft: Draft = { ...emptyReport({ kind: 'lost' }, null), usage: NOTHING }
  const places: Place[] = []
  const kept: Bundle[] = []
  const deadline = deps.clock.monotonic() + run.settings.limits.minutes * MINUTE
  const left = (): number => Math.max(1_000, deadline - deps.clock.monotonic())
  try {
    const taken = await takePlace(run, deps)
    places.push(taken.place)
    draft.base = taken.place.base
    draft.end = await work({ run, deps, draft, ...taken, places, kept, left })
  } catch (error) {
    draft.end = endOf(error, draft, deps)
    if (!(error instanceof WorldFault || error instanceof Unauthorised))
      deps.log.error(
        { error, attempt: run.attempt.id },
        'an attempt failed through a fault of ours',
      )
  }
  if (run.signal.aborted) stopped(draft, run.signal.reason as Stop)
  const waits = isLeft(draft, run) ? places[0] : undefined
  for (const place of places) if (place !== waits) await putAway(place, deps)
  return { report: draft, bundle: kept[0] ?? null }
}

/** Its place waits for whoever goes on there, as long as the task does; where nothing came of it nobody will. */
const isLeft = ({ end, head, usedUp }: Draft, { task }: AttemptRun): boolean =>
  end.kind === 'parked' ||
  end.kind === 'handoff' ||
  (end.kind === 'failed' &&
    (isProviderFailure(end.failure) || usedUp !== undefined) &&
    (head !== null || task.resume !== null))

interface Work {
  readonly run: AttemptRun
  readonly deps: RunnerDeps
  readonly draft: Draft
  readonly place: Place
  readonly how: Taken['how']
  readonly conflicts: Taken['conflicts']
  readonly places: Place[]
  readonly kept: Bundle[]
  readonly left: () => number
}

async function work(about: Work): Promise<AttemptEnd> {
  const { run, deps, draft, place, how, conflicts, kept, left } = about
  const { workspace } = deps
  const { settings, signal } = run
  let aside = await shielded(about)
  // Where the question was asked, setup has been.
  if (settings.setup.length > 0 && how !== 'same') {
    draft.setup = await workspace.run(place, settings.setup, { timeout: left(), signal })
    const red = draft.setup.find((result) => !passed(result))
    if (red !== undefined) return failedWith(draft, 'setup', said('setup', red))
    // What setup ran is the pull request's own: it may have written what was put aside before.
    aside = await shielded(about)
    if (isApproved(about)) await workspace.vouch(place)
  }
  run.onPhase('agent')
  if (signal.aborted) return { kind: 'stopped' }
  const { id, epoch } = run.attempt
  const briefing = deps.desk.briefing({ attempt: id, epoch })
  // Waited for twice below; that the first one fails must not count as an error that nobody saw.
  briefing.catch(() => {})
  const purse = keepWithin(run)
  const ready = merged(about) ?? worked(about)
  if (ready === null) draft.usage = UNKNOWN
  const outcome =
    ready ??
    (await deps.agents.run({
      profile: run.profile,
      place,
      ...promptsFor(run, { place, how, briefing, conflicts, aside }, deps),
      limits: {
        startMilliseconds: Math.min(START_LIMIT, left()),
        firstMilliseconds: FIRST_LIMIT,
        stallMilliseconds: settings.limits.stallMinutes * MINUTE,
        wallMilliseconds: left(),
      },
      signal: purse.signal,
      onStarted: (pid) => deps.onAgentStarted?.(run.task.id, pid),
      onProgress: purse.onNews,
    }))
  draft.usage = priced(outcome.usage, deps.operator.prices)
  if (outcome.denied !== undefined) draft.denied = outcome.denied
  Object.assign(draft, outcome.told)
  if ('summary' in outcome) draft.summary = outcome.summary

  run.onPhase('collecting')
  const collected = await workspace.collect(run.repository.id, place, {
    message: commitMessage(run.task),
    author: (await briefing).author,
    ...(outcome.kind === 'done' ? {} : { whole: true as const }),
  })
  draft.head = collected?.head ?? null
  draft.files = collected?.files ?? []
  if (collected?.withheld !== undefined) draft.withheld = collected.withheld
  if (collected !== null)
    kept.push({ base: place.base, head: collected.head, bytes: collected.bytes })
  // Whatever else the agent came to, asked or done, stands as it is.
  const usedUp = outcome.kind === 'stopped' ? purse.usedUp() : null
  if (outcome.kind === 'stopped' && usedUp !== null) {
    draft.usedUp = usedUp
    draft.session = outcome.session ?? null
    return failedWith(draft, 'budget', sayUsedUp(draft.usage, usedUp))
  }
  if (outcome.kind !== 'done') return endOfAgent(outcome, draft)
  const merge = isMerge(about)
  if (collected === null && !merge) {
    return failedWith(draft, 'no-result', 'the agent said that it was done, but changed nothing')
  }

  if (merge) draft.head ??= place.base
  const marked = await deps.git.conflictMarkers(run.task.id, {
    head: draft.head ?? place.base,
    paths: conflicts,
  })
  if (marked.length > 0)
    return failedWith(draft, 'no-result', `conflict markers are left in ${marked.join(', ')}`)

  run.onPhase('verifying')
  draft.verify = await workspace.run(place, settings.verify, { timeout: left(), signal })
  const red = draft.verify.find((result) => !passed(result))
  if (red === undefined) {
    const [work] = kept
    const proof = work === undefined ? null : await proveChange({ ...about, report: draft, work })
    if (proof !== null) draft.proof = proof
    return { kind: 'completed' }
  }
  // A check that was cut off says nothing that the base could be compared with.
  if (!signal.aborted && red.exitCode !== null) draft.baseVerify = await verifyBase(about)
  return failedWith(draft, 'verify', said('verify', red))
}

/** Nothing starts in what nobody has approved before the files that it would obey are as the default branch has them (T21). */
async function shielded(about: Work): Promise<readonly string[]> {
  const { run, deps, place, conflicts } = about
  const unseen = presetOf(run.profile)?.unseen ?? []
  const approved = isApproved(about) ? null : run.approved
  if (approved === null && unseen.length === 0) return []
  const aside = await deps.workspace.shield(run.repository, place, approved, { unseen, conflicts })
  if (aside.length > 0)
    deps.log.info(
      { attempt: run.attempt.id, aside },
      'files that programs obey were put as the default branch has them, or away',
    )
  return aside
}

/** All that has been there so far somebody with write access has put on the default branch. */
const isApproved = ({ run, place, how }: Work): boolean =>
  how === 'fresh' && place.base === run.approved

/** The base, merged into a pull request without a conflict, needs no agent: what is left are the checks. */
function merged(about: Work): AgentOutcome | null {
  if (!isMerge(about) || about.conflicts.length > 0) return null
  const summary = 'Merged the base into the pull request; nothing conflicted.'
  return { kind: 'done', summary, usage: { tokens: 0, cost: 0 } }
}

const isMerge = ({ run: { task }, how }: Work): boolean => how === 'fresh' && mergeOf(task) !== null

/** Its agent was done when it was parked: what is left are the checks. */
function worked({ run: { task }, how }: Work): AgentOutcome | null {
  if (how === 'fresh' || task.resume?.worked === undefined) return null
  return { kind: 'done', summary: task.report?.summary ?? '', usage: { tokens: 0, cost: 0 } }
}

/** Asked only when the head is red: a base that is red too makes the task wait instead of failing. */
async function verifyBase({
  run,
  deps,
  draft,
  place,
  places,
  left,
}: Work): Promise<readonly CommandResult[]> {
  const { settings, signal } = run
  const scratch = await deps.workspace.scratch(run.repository, run.task.id, place.base)
  places.push(scratch)
  // The agent may have left next to no time: the base gets at least twice what the same commands took before.
  const fair = (before: readonly CommandResult[]): number =>
    before.reduce((sum, { milliseconds }) => sum + 2 * milliseconds, 0)
  const setup = await deps.workspace.run(scratch, settings.setup, {
    timeout: Math.max(left(), fair(draft.setup)),
    signal,
  })
  if (!setup.every(passed)) return []
  return deps.workspace.run(scratch, settings.verify, {
    timeout: Math.max(left(), fair(draft.verify)),
    signal,
  })
}

async function putAway(place: Place, deps: RunnerDeps): Promise<void> {
  await deps.workspace.release(place).catch((error: unknown) => {
    deps.log.warn(
      { error, place: place.worktree },
      'a finished place could not be put away; the next start tries again',
    )
  })
}

function endOfAgent(outcome: Exclude<AgentOutcome, { kind: 'done' }>, draft: Draft): AttemptEnd {
  switch (outcome.kind) {
    case 'needs':
      draft.question = outcome.question
      draft.session = outcome.session
      return { kind: 'parked' }
    case 'handoff':
      draft.error = outcome.error
      return { kind: 'handoff' }
    case 'stopped':
      draft.error = outcome.reason
      return { kind: 'stopped' }
    case 'failed':
      draft.until = outcome.until
      draft.session = outcome.session ?? null
      return failedWith(draft, outcome.failure, outcome.error)
    default:
      return outcome satisfies never
  }
}

/** A fault of the world or the host is not the task's: its repository rests, the longer the less it passes by itself. */
function endOf(error: unknown, draft: Draft, { clock }: RunnerDeps): AttemptEnd {
  if (error instanceof Unauthorised) return failedWith(draft, 'refusal', error.message)
  if (error instanceof WorldFault && error.kind !== 'invalid') {
    const rest = isPassing(error) ? WORLD_REST.passing : WORLD_REST.lasting
    draft.until = error.retryAt ?? later(clock.now(), rest)
    return failedWith(draft, 'world', error.message)
  }
  return failedWith(draft, 'crash', error instanceof Error ? error.message : String(error))
}

function stopped(draft: Draft, stop: Stop): void {
  draft.end = { kind: stop.cause === 'withdrawn' ? 'cancelled' : 'stopped' }
  draft.error = stop.reason
}

function failedWith(
  draft: Draft,
  failure: Extract<AttemptEnd, { kind: 'failed' }>['failure'],
  error: string,
): AttemptEnd {
  draft.error = error
  return { kind: 'failed', failure }
}

function said(what: 'setup' | 'verify', red: CommandResult): string {
  const how =
    red.exitCode === null
      ? 'did not end within its time limit'
      : `ended with exit code ${red.exitCode}`
  return `${what}: \`${red.command}\` ${how}`
}
