/**
 * Who starts now, and for everybody else: why not. One pure pass over all queued tasks and live attempts.
 * Order: priority, then who has waited longest, then the lower issue number, then the id, so that two passes agree.
 */
import type { Attempt } from './attempt.ts'
import type { Instant, RepoId, TaskId } from './ids.ts'
import type { Repository } from './repository.ts'
import type { OperatorSettings, Profile, RepoPolicy, RepoSettings } from './settings.ts'
import type { Task } from './task.ts'
import type { Wait } from './wait.ts'

export interface ScheduleInput {
  readonly now: Instant
  readonly queued: readonly Task[]
  readonly live: readonly (Pick<Attempt, 'task' | 'tier'> & { readonly repo: RepoId })[]
  readonly repositories: ReadonlyMap<
    RepoId,
    { readonly repository: Repository; readonly policy: RepoPolicy }
  >
  readonly pauses: readonly {
    readonly scope: string
    readonly until: Instant
    readonly reason: string
  }[]
  /** Attempts started in the last 24 hours, by the id of the person who labelled. */
  readonly startedByActor: ReadonlyMap<number, number>
  readonly operator: OperatorSettings
  /** What an operator can do about a missing sandbox; null when there is one, or when they chose to go without. */
  readonly noJail: { readonly fix: string } | null
}

export interface Admitted {
  readonly task: Task
  readonly profile: Profile
  readonly settings: RepoSettings
}

export interface Schedule {
  readonly start: readonly Admitted[]
  readonly waiting: ReadonlyMap<TaskId, Wait>
}

/** The counts that grow as the pass hands out slots. */
interface Tally {
  readonly tasks: Set<TaskId>
  total: number
  readonly repositories: Map<RepoId, number>
  readonly tiers: Map<string, number>
  readonly actors: Map<number, number>
}

export function schedule(input: ScheduleInput): Schedule {
  const tally = count(input)
  const start: Admitted[] = []
  const waiting = new Map<TaskId, Wait>()
  for (const task of input.queued.toSorted(byTurn)) {
    const verdict = admit(task, input, tally)
    if ('kind' in verdict) {
      waiting.set(task.id, verdict)
      continue
    }
    take(verdict, tally)
    start.push(verdict)
  }
  return { start, waiting }
}

function admit(task: Task, input: ScheduleInput, tally: Tally): Admitted | Wait {
  const known = input.repositories.get(task.repo)
  if (known === undefined) return { kind: 'unread' }
  const { repository, policy } = known
  if (repository.gone !== null) return { kind: 'gone', reason: repository.gone }
  if (input.operator.repositories !== null && !input.operator.repositories.includes(task.repo)) {
    return { kind: 'not-allowed' }
  }
  const branch = repository.defaultBranch
  // Before the head is read nothing is known of the settings either.
  if (repository.head === null) return { kind: 'unread' }
  if (policy.kind === 'missing') return { kind: 'no-configuration', branch }
  if (policy.kind === 'broken')
    return { kind: 'broken-configuration', branch, problems: policy.problems }

  const name = task.wish?.profile ?? policy.settings.agent ?? input.operator.defaultProfile
  const profile = own(input.operator.profiles, name)
  if (profile === undefined) {
    return { kind: 'unknown-profile', name, known: Object.keys(input.operator.profiles) }
  }
  if (input.noJail !== null && profile.command !== 'builtin:patch') {
    return { kind: 'no-jail', profile: name, fix: input.noJail.fix }
  }
  if (task.redBase !== null && task.redBase === repository.head) {
    return { kind: 'red-base', branch, sha: task.redBase }
  }
  if (tally.tasks.has(task.id)) return { kind: 'former-attempt' }
  return (
    paused(task, profile, input) ??
    full(task, { profile, settings: policy.settings }, input, tally) ?? {
      task,
      profile,
      settings: policy.settings,
    }
  )
}

function paused(task: Task, profile: Profile, input: ScheduleInput): Wait | null {
  const pause = (scope: string) =>
    input.pauses.find((one) => one.scope === scope && one.until > input.now)
  const repository = pause(`repo:${task.repo}`)
  if (repository !== undefined)
    return { kind: 'repository-paused', reason: repository.reason, until: repository.until }
  const provider = pause(`profile:${profile.name}`)
  if (provider === undefined) return null
  return {
    kind: 'profile-paused',
    profile: profile.name,
    reason: provider.reason,
    until: provider.until,
  }
}

/** The smaller limit wins: total, then repository, then tier, then the person's day. */
function full(
  task: Task,
  chosen: { readonly profile: Profile; readonly settings: RepoSettings },
  input: ScheduleInput,
  tally: Tally,
): Wait | null {
  const { caps } = input.operator
  if (tally.total >= caps.total) {
    return { kind: 'no-slot', used: tally.total, cap: caps.total, of: { limit: 'total' } }
  }
  const here = tally.repositories.get(task.repo) ?? 0
  const hereCap = Math.min(caps.perRepository, chosen.settings.limits.parallel)
  if (here >= hereCap)
    return { kind: 'no-slot', used: here, cap: hereCap, of: { limit: 'repository' } }

  const { tier } = chosen.profile
  const tierCap = tier === null ? undefined : own(caps.tiers, tier)
  const tierUsed = tier === null ? 0 : (tally.tiers.get(tier) ?? 0)
  if (tier !== null && tierCap !== undefined && tierUsed >= tierCap) {
    return { kind: 'no-slot', used: tierUsed, cap: tierCap, of: { limit: 'tier', tier } }
  }
  const by = task.wish?.by
  if (by !== undefined && (tally.actors.get(by.id) ?? 0) >= caps.perActorDay) {
    return { kind: 'actor-quota', login: by.login, cap: caps.perActorDay }
  }
  return null
}

function count(input: ScheduleInput): Tally {
  const tally: Tally = {
    tasks: new Set(),
    total: 0,
    repositories: new Map(),
    tiers: new Map(),
    actors: new Map(input.startedByActor),
  }
  for (const attempt of input.live) use(tally, attempt)
  return tally
}

function take(admitted: Admitted, tally: Tally): void {
  const { task, profile } = admitted
  use(tally, { task: task.id, repo: task.repo, tier: profile.tier })
  if (task.wish !== null) add(tally.actors, task.wish.by.id)
}

function use(tally: Tally, attempt: ScheduleInput['live'][number]): void {
  tally.tasks.add(attempt.task)
  tally.total += 1
  add(tally.repositories, attempt.repo)
  if (attempt.tier !== null) add(tally.tiers, attempt.tier)
}

function add<Key>(counts: Map<Key, number>, key: Key): void {
  counts.set(key, (counts.get(key) ?? 0) + 1)
}

/** A name comes from a settings file: `constructor` is in every object, and nobody's profile. */
function own<Value>(table: Readonly<Record<string, Value>>, name: string): Value | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined
}

function byTurn(a: Task, b: Task): number {
  const turn =
    b.priority - a.priority || (a.wish?.at ?? 0) - (b.wish?.at ?? 0) || a.number - b.number
  if (turn !== 0) return turn
  return a.id < b.id ? -1 : 1
}
