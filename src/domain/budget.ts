/**
 * What work may cost, in plain values: what was spent, what may still be spent, and what an attempt is allowed. A budget
 * is one thing in two measures: an attempt counts in dollars where its cost is known, in tokens where only those are
 * known, and where it told nothing as a fair share of its task's budget. Unknown is never nothing.
 */
import type { Attempt, Usage } from './attempt.ts'
import { later } from './ids.ts'
import type { Instant, RepoId, TaskId } from './ids.ts'
import type { Budget, Budgets } from './money.ts'
import { REVIEW_ROUNDS } from './revision.ts'
import type { RepoPolicy, RepoSettings } from './settings.ts'
import type { Purse, Task } from './task.ts'

/** Of an attempt that has ended: what it used, and what it was allowed (null: it is older than budgets). */
export interface Spending {
  readonly task: TaskId
  readonly repo: RepoId
  readonly n: number
  readonly endedAt: Instant
  readonly usage: Usage
  readonly allowance: Budget | null
}

/** What several attempts came to. */
export interface Total {
  /** Dollars of those whose cost is known; null: of none. */
  readonly cost: number | null
  /** Tokens of those whose cost is unknown. */
  readonly tokens: number
  /** How many told nothing of what they used. */
  readonly unknown: number
}

export const DAY = 86_400_000
/** An attempt begins with at least this part of what is meant for a task: less is not worth the start. A judgement. */
const LEAST = 0.05
/** Sums of parts are as exact as floating point is. */
const HAIR = 1e-9

/** The smaller limit wins; a person's yes is as much again, up to what the operator allows. */
export function taskBudget(
  { task }: Budgets,
  caps: Budgets,
  { raised }: Pick<Purse, 'raised'>,
): Budget {
  return {
    cost: Math.min(task.cost * (1 + raised), caps.task.cost),
    tokens: Math.min(task.tokens * (1 + raised), caps.task.tokens),
  }
}

export const dayBudget = ({ day }: Budgets, caps: Budgets): Budget => ({
  cost: Math.min(day.cost, caps.day.cost),
  tokens: Math.min(day.tokens, caps.day.tokens),
})

/**
 * What an attempt of unknown use counts for: its share, in dollars, of a task that comes to all the attempts and rounds
 * that it may. So the counts stop such a task, at the latest, and its budget does not ask before them.
 */
export const fairShare = (
  { cost }: Budget,
  { attempts, ciFixes }: Pick<RepoSettings['limits'], 'attempts' | 'ciFixes'>,
): number => cost / (attempts + ciFixes + REVIEW_ROUNDS)

/** Which part of `budget` an attempt has used; above 1 where it is more than all of it. */
export function partOf(
  { usage, allowance }: Pick<Spending, 'usage' | 'allowance'>,
  budget: Budget,
  share: number,
): number {
  if (usage.cost !== null) return usage.cost / budget.cost
  if (usage.tokens !== null) return usage.tokens / budget.tokens
  return Math.min(share, allowance?.cost ?? share) / budget.cost
}

/** What is left of a task's budget, as a part of it; null: too little to begin with. */
export function leftOfTask(
  spent: readonly Spending[],
  of: { readonly task: TaskId; readonly purse: Purse },
  { budget, share }: { readonly budget: Budget; readonly share: number },
): number | null {
  const used = ofTask(spent, of).reduce((sum, one) => sum + partOf(one, budget, share), 0)
  return 1 - used < LEAST - HAIR ? null : 1 - used
}

/** What a task's present wish has come to. */
export const ofTask = (
  spent: readonly Spending[],
  { task, purse }: { readonly task: TaskId; readonly purse: Purse },
): readonly Spending[] => spent.filter((one) => one.task === task && one.n > purse.since)

/** A repository's day: what has left it, and what is set aside for attempts that run. */
export interface Day {
  readonly budget: Budget
  readonly task: Budget
  readonly ended: readonly { readonly endedAt: Instant; readonly part: number }[]
  /** Parts of the day's budget; grows with each start. */
  aside: number
}

export function dayOf(
  repo: RepoId,
  given: {
    readonly now: Instant
    readonly spent: readonly Spending[]
    readonly live: readonly (Pick<Attempt, 'allowance' | 'progress'> & { readonly repo: RepoId })[]
  },
  terms: { readonly budget: Budget; readonly task: Budget; readonly share: number },
): Day {
  const { budget, task, share } = terms
  const since = later(given.now, -DAY)
  const ended = given.spent
    .filter((one) => one.repo === repo && one.endedAt > since)
    .map((one) => ({ endedAt: one.endedAt, part: partOf(one, budget, share) }))
  const aside = given.live
    .filter((one) => one.repo === repo)
    .reduce((sum, one) => sum + heldBy(one, budget, task), 0)
  return { budget, task, ended, aside }
}

/** A live attempt counts for all that it may still spend, so that many at once spend no more than one after another. */
function heldBy(
  { allowance, progress }: Pick<Attempt, 'allowance' | 'progress'>,
  budget: Budget,
  task: Budget,
): number {
  const allowed = partOfDay(allowance ?? task, budget)
  const usage = progress?.usage ?? NOTHING
  return usage.cost === null && usage.tokens === null
    ? allowed
    : Math.max(allowed, partOf({ usage, allowance }, budget, 0))
}

const partOfDay = (allowance: Budget, day: Budget): number =>
  Math.max(allowance.cost / day.cost, allowance.tokens / day.tokens)

const spentOf = ({ ended }: Pick<Day, 'ended'>): number =>
  ended.reduce((sum, { part }) => sum + part, 0)

/** Null: an attempt may begin. `until`: when enough of the day is over; null: when what runs now ends. */
export function dayIsOver(day: Day): { readonly until: Instant | null } | null {
  const least = LEAST * Math.min(1, partOfDay(day.task, day.budget))
  const free = (used: number): boolean => 1 - used >= least - HAIR
  let used = spentOf(day) + day.aside
  if (free(used)) return null
  for (const { endedAt, part } of day.ended.toSorted((a, b) => a.endedAt - b.endedAt)) {
    used -= part
    if (free(used)) return { until: later(endedAt, DAY) }
  }
  return { until: null }
}

/** What an attempt may spend: what is left of its task, and of the day. It is set aside from then on. */
export function allow(left: number, { budget }: { readonly budget: Budget }, day: Day): Budget {
  const ofDay = Math.max(0, 1 - spentOf(day) - day.aside)
  const allowance = {
    cost: Math.min(left * budget.cost, ofDay * day.budget.cost),
    tokens: Math.floor(Math.min(left * budget.tokens, ofDay * day.budget.tokens)),
  }
  day.aside += partOfDay(allowance, day.budget)
  return allowance
}

/** Whether an attempt has used what it was allowed, as far as it tells. */
export function hasReached({ cost, tokens }: Usage, allowance: Budget): boolean {
  if (cost !== null) return cost >= allowance.cost - HAIR
  return tokens !== null && tokens >= allowance.tokens
}

export function totalOf(usages: readonly Usage[]): Total {
  const known = usages.flatMap(({ cost }) => (cost === null ? [] : [cost]))
  const sum = (numbers: readonly number[]): number => numbers.reduce((all, one) => all + one, 0)
  return {
    cost: known.length === 0 ? null : sum(known),
    tokens: sum(usages.flatMap(({ cost, tokens }) => (cost === null ? [tokens ?? 0] : []))),
    unknown: usages.filter(({ cost, tokens }) => cost === null && tokens === null).length,
  }
}

/** What a task's present wish has come to. A live attempt that has told nothing yet is not counted as unknown. */
export const spentBy = ({ purse }: Pick<Task, 'purse'>, attempts: readonly Attempt[]): Total =>
  totalOf(
    attempts.flatMap(({ n, report, progress }) => {
      const usage = report === null ? (progress?.usage ?? UNKNOWN) : report.usage
      const told = usage.cost !== null || usage.tokens !== null
      return n > purse.since && (report !== null || told) ? [usage] : []
    }),
  )

/** Null: the repository's settings cannot be read. */
export function budgetsIn(
  policy: RepoPolicy,
  caps: Budgets,
  purse: Pick<Purse, 'raised'> = { raised: 0 },
): Budgets | null {
  if (policy.kind !== 'ready') return null
  const { budget } = policy.settings
  return { task: taskBudget(budget, caps, purse), day: dayBudget(budget, caps) }
}

/** No agent was at work. */
export const NOTHING: Usage = { tokens: 0, cost: 0 }

/**
 * What an attempt has used, as far as anybody knows: what it reported at its end, else what it last told while it ran.
 * Before its agent began nothing can have been used.
 */
export function usageOf(reported: Usage, live: Pick<Attempt, 'phase' | 'progress'> | null): Usage {
  const told = live?.progress?.usage ?? UNKNOWN
  if (reported.cost !== null || reported.tokens !== null) {
    return { ...reported, cost: reported.cost ?? told.cost, tokens: reported.tokens ?? told.tokens }
  }
  if (told.cost !== null || told.tokens !== null) return told
  return live?.phase === 'preparing' ? NOTHING : UNKNOWN
}

export const UNKNOWN: Usage = { tokens: null, cost: null }
