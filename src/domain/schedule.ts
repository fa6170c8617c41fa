/**
 * Who starts now, and for everybody else: why not. One pure pass over all queued tasks and live attempts.
 * Whose turn it is, `turns` says; no slot stays empty while anybody may take it.
 */
import type { Attempt } from './attempt.ts'
import {
  allow,
  dayBudget,
  dayIsOver,
  dayOf,
  fairShare,
  leftOfTask,
  ofTask,
  taskBudget,
  totalOf,
} from './budget.ts'
import type { Day, Spending } from './budget.ts'
import type { Instant, RepoId, TaskId } from './ids.ts'
import { own, standInFor, wishedProfile } from './choose-profile.ts'
import { holdScope, inEffect, isOfYard, worldScope } from './pause.ts'
import type { Pause } from './pause.ts'
import type { Repository } from './repository.ts'
import type { Budget } from './money.ts'
import type { OperatorSettings, Profile, RepoPolicy, RepoSettings } from './settings.ts'
import { waitsForReview } from './review-queue.ts'
import { isSuspect } from './task.ts'
import type { StandIn, Task } from './task.ts'
import { seatsOf } from './seats.ts'
import type { Seats } from './seats.ts'
import type { Runner, Work } from './runner.ts'
import { inTurn, linesOf } from './turns.ts'
import type { Served } from './turns.ts'
import { inWords } from './wait.ts'
import type { Wait } from './wait.ts'

export interface ScheduleInput {
  readonly now: Instant
  readonly queued: readonly Task[]
  /** `actor`: the id of the person who labelled; `losses`: the task's. */
  readonly live: readonly (Pick<
    Attempt,
    'task' | 'tier' | 'profile' | 'runner' | 'allowance' | 'progress'
  > & {
    readonly repo: RepoId
    readonly actor: number | null
    readonly losses: number
  })[]
  readonly repositories: ReadonlyMap<
    RepoId,
    { readonly repository: Repository; readonly policy: RepoPolicy }
  >
  readonly pauses: readonly Pause[]
  /** Attempts started in the last 24 hours, by the id of the person who labelled. */
  readonly startedByActor: ReadonlyMap<number, number>
  /** Attempts that ended in the last 24 hours, and all of the queued tasks. */
  readonly spent: readonly Spending[]
  /** Who was last given a slot when, in the last 24 hours. */
  readonly served: readonly Served[]
  readonly operator: OperatorSettings
  /** Those that are alive. */
  readonly runners: readonly Runner[]
  /** What an operator can do about this host's missing sandbox; null when there is one, or when they chose to go without. Runners elsewhere may have one. */
  readonly noJail: { readonly fix: string } | null
  /** By the name of a profile, the program that this host lacks and what brings it. Runners elsewhere may have it. */
  readonly noProgram?: ReadonlyMap<string, { readonly program: string; readonly fix: string }>
  /** Pull requests that wait for people; a repository without any is left out. */
  readonly openReviews: ReadonlyMap<RepoId, number>
  /** The disk on which all attempts would work is full. */
  readonly noRoom?: boolean
}

export interface Admitted {
  readonly task: Task
  readonly profile: Profile
  /** Null: the profile is the one that was wished for. */
  readonly standIn: StandIn | null
  readonly settings: RepoSettings
  /** What is left of the task's budget, as a part of it. */
  readonly left: number
}

export interface Started extends Admitted {
  readonly allowance: Budget
}

export interface Schedule {
  readonly start: readonly Started[]
  readonly waiting: ReadonlyMap<TaskId, Wait>
}

/** The counts that grow as the pass hands out slots. */
interface Tally {
  readonly tasks: Set<TaskId>
  total: number
  /** Tasks that are set aside with one more loss. */
  suspects: number
  readonly repositories: Map<RepoId, number>
  readonly tiers: Map<string, number>
  readonly actors: Map<number, number>
  readonly seats: Seats
  readonly days: Map<RepoId, Day>
}

export function schedule(input: ScheduleInput): Schedule {
  const tally = count(input)
  const waiting = new Map<TaskId, Wait>()
  const able: Admitted[] = []
  for (const task of input.queued) {
    const verdict = admit(task, input, tally)
    if ('kind' in verdict) waiting.set(task.id, verdict)
    else able.push(verdict)
  }
  const lines = linesOf(able, input)
  const started = new Map<Admitted, Started>()
  // What finds its own limit full takes no turn from those behind it.
  const open = lines.map((line) => line.filter((one) => full(one, input, tally) === null))
  for (const one of inTurn(open, input)) {
    if (full(one, input, tally) !== null) continue
    take(one, input, tally)
    started.set(one, {
      ...one,
      allowance: allow(one.left, termsOf(one, input), dayIn(one, input, tally)),
    })
  }
  for (const line of lines) {
    const left = line.filter((one) => !started.has(one))
    for (const [id, wait] of waitsOf(left, input, tally)) waiting.set(id, wait)
  }
  return { start: [...started.values()], waiting }
}

/** Of one repository's line, for each task: which limit is full, and how many go before it when it has room again. */
function waitsOf(
  line: readonly Admitted[],
  input: ScheduleInput,
  tally: Tally,
): readonly (readonly [TaskId, Wait])[] {
  const before = new Map<string, number>()
  return line.map((one) => {
    const wait = full(one, input, tally)
    if (wait === null) throw new Error(`a slot stays empty although ${one.task.id} could take it`)
    if (wait.kind !== 'no-slot') return [one.task.id, wait]
    const limit = JSON.stringify(wait.of)
    const ahead = inWords(before.get(limit) ?? 0)
    add(before, limit)
    return [one.task.id, { ...wait, ahead }]
  })
}

/** What stands against the task itself, whatever the slots. */
function admit(task: Task, input: ScheduleInput, tally: Tally): Admitted | Wait {
  const known = input.repositories.get(task.repo)
  if (known === undefined) return { kind: 'unread' }
  const { repository, policy } = known
  if (repository.gone !== null) return { kind: 'gone', reason: repository.gone }
  if (input.operator.repositories !== null && !input.operator.repositories.includes(task.repo)) {
    return { kind: 'not-allowed' }
  }
  const stopped = pausedByPeople(task, input)
  if (stopped !== null) return stopped
  if (input.noRoom === true) return { kind: 'no-room' }
  const branch = repository.defaultBranch
  // Before the head is read nothing is known of the settings either.
  if (repository.head === null) return { kind: 'unread' }
  if (policy.kind === 'missing') return { kind: 'no-configuration', branch }
  if (policy.kind === 'broken')
    return { kind: 'broken-configuration', branch, problems: policy.problems }

  const { settings } = policy
  const wished = wishedProfile({ task, settings, operator: input.operator })
  if ('kind' in wished) return wished
  if (task.redBase !== null && task.redBase === repository.head) {
    return { kind: 'red-base', branch, sha: task.redBase }
  }
  if (tally.tasks.has(task.id)) return { kind: 'former-attempt' }
  const held = unreviewed(task, settings, input) ?? resting(task, input)
  if (held !== null) return held
  const chosen = standInFor(wished, input.operator.profiles, input)
  return 'kind' in chosen ? chosen : affordable({ task, ...chosen, settings }, input)
}

/** What the task's own budget leaves it. */
function affordable(one: Omit<Admitted, 'left'>, input: ScheduleInput): Admitted | Wait {
  const { id: task, purse } = one.task
  const terms = termsOf(one, input)
  const left = leftOfTask(input.spent, { task, purse }, terms)
  if (left !== null) return { ...one, left }
  const spent = totalOf(ofTask(input.spent, { task, purse }).map(({ usage }) => usage))
  return { kind: 'task-budget', spent, budget: terms.budget }
}

type Terms = Pick<Admitted, 'task' | 'settings'>

function termsOf({ task, settings }: Terms, { operator }: Pick<ScheduleInput, 'operator'>) {
  const { budget: caps } = operator.caps
  const once = taskBudget(settings.budget, caps, { raised: 0 })
  return {
    budget: taskBudget(settings.budget, caps, task.purse),
    share: fairShare(once, settings.limits),
  }
}

/** One for a repository and pass, so that each start leaves the next one less. */
function dayIn({ task, settings }: Terms, input: ScheduleInput, { days }: Tally): Day {
  const known = days.get(task.repo)
  if (known !== undefined) return known
  const { budget: caps } = input.operator.caps
  const once = taskBudget(settings.budget, caps, { raised: 0 })
  const day = dayOf(task.repo, input, {
    budget: dayBudget(settings.budget, caps),
    task: once,
    share: fairShare(once, settings.limits),
  })
  days.set(task.repo, day)
  return day
}

/** Work that nobody looks at only piles up. What goes on with an open pull request makes the pile no higher. */
function unreviewed(
  task: Task,
  { limits: { openReviews: cap } }: RepoSettings,
  { openReviews }: Pick<ScheduleInput, 'openReviews'>,
): Wait | null {
  const open = openReviews.get(task.repo) ?? 0
  return open < cap || waitsForReview(task) ? null : { kind: 'open-reviews', open, cap }
}

/** Whatever else stands in the way: a person who stopped the work wants to read just that. */
function pausedByPeople(task: Task, { pauses, now }: ScheduleInput): Wait | null {
  const own = holdScope(task.repo)
  const pause =
    pauses.find((one) => isOfYard(one) && inEffect(one, now)) ??
    pauses.find(({ scope, ...one }) => scope === own && inEffect(one, now))
  if (pause === undefined) return null
  const { scope, reason, by } = pause
  return isOfYard(pause)
    ? { kind: 'yard-paused', scope, reason, by }
    : { kind: 'repository-paused', scope, reason, until: null, by }
}

function resting(task: Task, { pauses, now }: ScheduleInput): Wait | null {
  const own = worldScope(task.repo)
  const pause = pauses.find((one) => one.scope === own && inEffect(one, now))
  if (pause === undefined) return null
  const { scope, reason, until, by } = pause
  return { kind: 'repository-paused', scope, reason, until, by }
}

/**
 * The smaller limit wins: total, then repository, then tier, then the person's day, then the runners' room. Before them all:
 * of the tasks that may be what kills the process one runs at a time, so that its next death tells which (F24).
 */
function full(one: Admitted, input: ScheduleInput, tally: Tally): Wait | null {
  const { task, profile, settings } = one
  const { caps } = input.operator
  const day = dayIn(one, input, tally)
  const over = dayIsOver(day)
  if (over !== null) return { kind: 'day-budget', budget: day.budget, until: over.until }
  if (isSuspect(task) && tally.suspects > 0) return { kind: 'suspect', losses: task.losses }
  if (tally.total >= caps.total) return noSlot(tally.total, caps.total, { limit: 'total' })
  const here = tally.repositories.get(task.repo) ?? 0
  const hereCap = Math.min(caps.perRepository, settings.limits.parallel)
  if (here >= hereCap) return noSlot(here, hereCap, { limit: 'repository' })

  const { tier } = profile
  const tierCap = tier === null ? undefined : own(caps.tiers, tier)
  const tierUsed = tier === null ? 0 : (tally.tiers.get(tier) ?? 0)
  if (tier !== null && tierCap !== undefined && tierUsed >= tierCap) {
    return noSlot(tierUsed, tierCap, { limit: 'tier', tier })
  }
  const by = task.wish?.by
  if (by !== undefined && (tally.actors.get(by.id) ?? 0) >= caps.perActorDay) {
    return { kind: 'actor-quota', login: by.login, cap: caps.perActorDay }
  }
  const wait = tally.seats.wait(workOf({ repo: task.repo, profile: profile.name, tier }, input))
  if (wait?.kind !== 'no-runner' || profile.command === 'builtin:patch') return wait
  if (input.noJail !== null)
    return { kind: 'no-jail', profile: profile.name, fix: input.noJail.fix }
  const lacking = input.noProgram?.get(profile.name)
  return lacking === undefined ? wait : { kind: 'no-program', profile: profile.name, ...lacking }
}

/** What a runner would take, addressed as the repository is today. */
function workOf(
  work: Pick<Work, 'repo' | 'profile' | 'tier'>,
  { repositories }: Pick<ScheduleInput, 'repositories'>,
): Work {
  return { ...work, address: repositories.get(work.repo)?.repository ?? null }
}

type NoSlot = Extract<Wait, { kind: 'no-slot' }>
const noSlot = (used: number, cap: number, of: NoSlot['of']): NoSlot => ({
  kind: 'no-slot',
  used,
  cap,
  of,
  ahead: 0,
})

function count(input: ScheduleInput): Tally {
  const tally: Tally = {
    tasks: new Set(),
    total: 0,
    suspects: 0,
    repositories: new Map(),
    tiers: new Map(),
    actors: new Map(input.startedByActor),
    days: new Map(),
    seats: seatsOf(
      input.runners,
      input.live.map((attempt) => ({ ...workOf(attempt, input), runner: attempt.runner })),
    ),
  }
  for (const attempt of input.live) use(tally, attempt)
  return tally
}

function take(admitted: Admitted, input: ScheduleInput, tally: Tally): void {
  const { task, profile } = admitted
  const { tier } = profile
  use(tally, { task: task.id, repo: task.repo, tier, losses: task.losses })
  tally.seats.take(workOf({ repo: task.repo, profile: profile.name, tier }, input))
  if (task.wish !== null) add(tally.actors, task.wish.by.id)
}

function use(
  tally: Tally,
  attempt: Pick<ScheduleInput['live'][number], 'task' | 'repo' | 'tier' | 'losses'>,
): void {
  tally.tasks.add(attempt.task)
  tally.total += 1
  if (isSuspect(attempt)) tally.suspects += 1
  add(tally.repositories, attempt.repo)
  if (attempt.tier !== null) add(tally.tiers, attempt.tier)
}

function add<Key>(counts: Map<Key, number>, key: Key): void {
  counts.set(key, (counts.get(key) ?? 0) + 1)
}
