/**
 * Money played: what agents spend, a unit at a time, what they tell of it, and what must be true of it. Nothing begins
 * that its task's or its repository's budget has no room for, and no attempt spends more than one unit beyond what it may.
 */
import type { Attempt, Usage } from '../src/domain/attempt.ts'
import { dayIsOver, dayOf } from '../src/domain/budget.ts'
import { instant, repoId } from '../src/domain/ids.ts'
import type { RepoId } from '../src/domain/ids.ts'
import type { AgentJob } from '../src/ports/agent.ts'
import type { SimProcess } from './process.ts'
import type { World } from './world.ts'

/** What an agent spends between two of its reports. */
const UNIT = { cost: 1, tokens: 1_000_000 }
/** In units. */
const TASK = 3
const DAY = 4
/** What the operator allows for one task, however often people say yes. */
const MOST = 9
/** All that a task may come to: its attempts, two fixes of red checks, three rounds of review. What tells nothing is one of them. */
const RUNS = 3 + 2 + 3
const HAIR = 1e-6

const units = (count: number) => ({ cost: count * UNIT.cost, tokens: count * UNIT.tokens })

export const MONEY_CAPS = { task: units(MOST), day: units(1_000) }
export const MONEY_CONFIG = `budget: { task: ${TASK}, day: ${DAY}, task_tokens: ${TASK * UNIT.tokens}, day_tokens: ${DAY * UNIT.tokens} }\n`

/** Where money plays no part agents tell little, so that the histories of before are played as they were. */
const LITTLE: Usage = { tokens: 1_000, cost: null }

export interface Meter {
  readonly usage: () => Usage
  /** Works for so long, and spends; resolves early when it is told to stop. */
  readonly work: (milliseconds: number) => Promise<void>
}

export function meter(world: World, process: SimProcess, job: AgentJob): Meter {
  const { random, settings } = world
  if (settings.budget !== true) {
    return {
      usage: () => LITTLE,
      async work(lasts) {
        job.onProgress({ message: 'reading', usage: LITTLE })
        await process.clock.sleep(lasts, job.signal)
      },
    }
  }
  const tells = random.pick(['dollars', 'dollars', 'tokens', 'nothing'] as const)
  let used = 0
  const usage = (): Usage => ({
    tokens: tells === 'tokens' ? used * UNIT.tokens : null,
    cost: tells === 'dollars' ? used * UNIT.cost : null,
  })
  watchStart(world, job)
  return {
    usage,
    async work(lasts) {
      const until = process.clock.monotonic() + lasts
      for (;;) {
        const left = until - process.clock.monotonic()
        if (left <= 0 || job.signal.aborted) return
        await process.clock.sleep(Math.min(left, random.between(2_000, 15_000)), job.signal)
        if (job.signal.aborted) return
        used += 1
        if (tells !== 'nothing') watchUse(world, job, used)
        job.onProgress({ message: 'reading', usage: usage() })
      }
    },
  }
}

const allowed = ({ allowance }: Pick<Attempt, 'allowance'>): number =>
  (allowance?.cost ?? Infinity) / UNIT.cost

/** In units, as it counts: no more than it was allowed, for what is beyond that is the one unit that nobody can help. */
function charged(row: Attempt): number {
  if (row.endedAt === null) return allowed(row)
  const { tokens, cost } = row.report?.usage ?? { tokens: null, cost: null }
  const told = cost === null ? (tokens === null ? TASK / RUNS : tokens / UNIT.tokens) : cost
  return Math.min(told, allowed(row))
}

const sum = (rows: readonly Attempt[]): number => rows.reduce((all, row) => all + charged(row), 0)

/** Whatever was admitted fits into what was left, with all that was admitted beside it. */
function watchStart({ database, violations, weather }: World, { place }: AgentJob): void {
  const own = database.attempts.get(place.attempt)
  const task = database.tasks.get(place.task)
  // Withdrawn or wished anew since: another purse.
  if (own === undefined || task === undefined || own.row.n <= task.purse.since) return
  const rows = [...database.attempts.values()]
  const { since, raised } = task.purse
  const ofTask = rows.filter(({ row }) => row.task === task.id && row.n > since)
  const most = Math.min(TASK * (1 + raised), MOST)
  const spent = sum(ofTask.map(({ row }) => row))
  if (spent > most + HAIR)
    violations.push(`${place.attempt} starts with ${spent} of ${most} given out for its task`)
  // By clocks that jump, a day may be over that is not.
  if (weather.jumped === true) return
  const today = sum(rows.filter(({ repo }) => repo === task.repo).map(({ row }) => row))
  if (today > DAY + HAIR)
    violations.push(`${place.attempt} starts with ${today} of ${DAY} given out for the day`)
}

function watchUse({ database, violations }: World, { place }: AgentJob, used: number): void {
  const own = database.attempts.get(place.attempt)
  if (own !== undefined && used > allowed(own.row) + 1 + HAIR)
    violations.push(`${place.attempt} has spent ${used}, and may spend ${allowed(own.row)}`)
}

/** Whether tasks of it rest until the day is over. */
export function isDaySpent({ database, settings, hub }: World, repo: RepoId): boolean {
  if (settings.budget !== true) return false
  const rows = [...database.attempts.values()].filter((one) => one.repo === repoId(repo))
  const spent = rows.flatMap(({ row, repo: at }) =>
    row.endedAt === null || row.report === null
      ? []
      : [{ ...row, repo: at, endedAt: row.endedAt, usage: row.report.usage }],
  )
  const terms = { budget: units(DAY), task: units(TASK), share: TASK / RUNS }
  return dayIsOver(dayOf(repo, { now: instant(hub.now()), spent, live: [] }, terms)) !== null
}
