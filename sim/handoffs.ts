/** What one agent leaves to the next: full contexts that are handed on, conversations that are taken up again, and what must hold of both. */
import { isProviderFailure } from '../src/domain/attempt.ts'
import type { AttemptEnd, Failure, Told } from '../src/domain/attempt.ts'
import type { AttemptId, Instant, TaskId } from '../src/domain/ids.ts'
import { MAX_HANDOFFS } from '../src/domain/task.ts'
import type { AgentJob } from '../src/ports/agent.ts'
import type { TaskCommit } from '../src/ports/store.ts'
import type { World } from './world.ts'

/** A conversation of an agent. */
export interface Talk {
  readonly session: string
  /** The wish that it served. */
  readonly wish: Instant | null
  /** What it left to whoever goes on. */
  readonly brief?: string
}

/** Work that no context holds: every agent on it hands it on, for as long as it is the same wish. */
export interface Endless {
  readonly task: TaskId
  readonly wish: Instant | null
}

const wishOf = ({ database }: World, task: TaskId): Instant | null =>
  database.tasks.get(task)?.wish?.at ?? null

export const isEndless = (world: World, task: TaskId): boolean =>
  world.endless?.task === task && world.endless.wish === wishOf(world, task)

/** Some of what does not fit one context fits none. */
export function mayBeEndless(world: World, task: TaskId): void {
  if (world.endless === null && world.random.chance(0.4))
    world.endless = { task, wish: wishOf(world, task) }
}

/** What it told before it ended; some leave nothing behind. */
export function briefOf(world: World, attempt: AttemptId): { readonly told?: Told } {
  const { talks, random } = world
  const talk = talks.get(attempt)
  if (talk === undefined || !random.chance(0.8)) return {}
  const brief = `${attempt} was here, and got this far.`
  talks.set(attempt, { ...talk, brief })
  return { told: { brief } }
}

/** By what the conversation failed that this agent was to go on with: what is not well is seldom well at once, and once more after the storm. */
export function failsAgain(world: World, job: AgentJob): Failure | null {
  const before = former(world, job.place.attempt)
  const last = before.at(-1)
  const { resume } = job
  if (resume === null || last?.end.kind !== 'failed') return null
  const often = before.filter(({ talk }) => talk?.session === resume.session).length
  return (world.weather.stormy || often === 1) && world.random.chance(0.8) ? last.end.failure : null
}

/** As an agent starts: it goes on with what was left to it, and in no conversation that was given up. Returns its own. */
export async function watchTalk(world: World, job: AgentJob): Promise<string> {
  const { talks, violations } = world
  const { task, attempt } = job.place
  const wish = wishOf(world, task)
  const session = job.resume?.session ?? `s-${attempt}`
  const before = former(world, attempt)
  const last = before.at(-1)
  if (job.resume !== null && last?.end.kind === 'handoff')
    violations.push(`${attempt} goes on in the conversation that is full`)
  const own = before.slice(beginning(before, wish))
  const handed = own.filter(({ end }) => end.kind === 'handoff')
  if (handed.length > MAX_HANDOFFS)
    violations.push(`${attempt} is the work of ${handed.length} handed on once more`)
  const left = handed.findLast(({ talk }) => talk?.brief !== undefined)
  if (left !== undefined && !(await job.prompt).includes(left.talk?.brief ?? ''))
    violations.push(`${attempt} is not told what ${left.id} left to it`)
  const [one, other] = before.slice(-2)
  const both = one?.talk?.session === session && other?.talk?.session === session
  if (job.resume !== null && both && one.end.kind === 'failed' && alike(one.end, other.end))
    violations.push(`${attempt} goes on in a conversation in which two failed alike`)
  talks.set(attempt, { session, wish })
  return session
}

/** Where the work that is gone on with began: after what failed by itself or was published, and with the wish. */
const beginning = (before: readonly Former[], wish: Instant | null): number =>
  before.findLastIndex(
    ({ end, talk }) =>
      (talk !== undefined && talk.wish !== wish) ||
      end.kind === 'completed' ||
      (end.kind === 'failed' && end.failure !== 'world' && !isProviderFailure(end.failure)),
  ) + 1

const alike = (one: AttemptEnd, other: AttemptEnd): boolean =>
  JSON.stringify(one) === JSON.stringify(other)

interface Former {
  readonly id: AttemptId
  readonly end: AttemptEnd
  readonly talk: Talk | undefined
}

/** The attempts of the task before that one, the newest last; without those whose end is not known yet. */
function former({ database, talks }: World, attempt: AttemptId): readonly Former[] {
  const own = database.attempts.get(attempt)?.row
  return [...database.attempts.values()]
    .map(({ row }) => row)
    .filter((row) => own !== undefined && row.task === own.task && row.n < own.n)
    .toSorted((a, b) => a.n - b.n)
    .flatMap(({ id, report }) =>
      report === null ? [] : [{ id, end: report.end, talk: talks.get(id) }],
    )
}

/** Only failures of the task's own use attempts up: a handoff does not, whatever came before it. */
export function watchFailures(world: World, commit: TaskCommit): readonly string[] {
  const { task, attempt } = commit
  const ended = [...world.database.attempts.values()]
    .filter(({ row }) => row.task === task.id)
    .map(({ row }) => ({ id: row.id, report: row.report }))
  const now =
    attempt !== null && 'ended' in attempt ? [{ id: attempt.id, report: attempt.ended }] : []
  const own = [...ended, ...now].filter(({ id, report }) => {
    const talk = world.talks.get(id)
    if (report?.end.kind !== 'failed' || (talk !== undefined && talk.wish !== task.wish?.at))
      return false
    return report.end.failure !== 'world' && !isProviderFailure(report.end.failure)
  })
  return task.failures <= own.length
    ? []
    : [`#${task.number} counts ${task.failures} failures, and has failed ${own.length} times`]
}
