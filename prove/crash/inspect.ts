/** What a life knows of itself, read from its store: whether it has come to rest, and whether its own promises hold. */
import { firstBroken } from '../../src/domain/ledger.ts'
import type { StateKind } from '../../src/domain/task.ts'
import type { Yardmaster } from '../../src/main.ts'

export interface InspectedTask {
  readonly repo: number
  readonly number: number
  readonly state: StateKind
  readonly reason: string | null
  readonly attempts: readonly string[]
  readonly losses: number
  /** Attempts that have not ended. */
  readonly live: number
  readonly openActs: readonly string[]
  /** Number of the first entry that does not follow; null when the chain holds. */
  readonly brokenAt: number | null
}

export interface Inspection {
  /** Nothing is under way and nothing waits to be written. */
  readonly quiet: boolean
  readonly why: string
  readonly tasks: readonly InspectedTask[]
  /** Those that have been looked at once. */
  readonly repositories: readonly number[]
}

const ALL = 10_000

export async function inspect({ store, engine }: Yardmaster): Promise<Inspection> {
  const pending = (await store.pending(ALL)).length
  const stale = (await store.projections.stale(ALL)).length
  const tasks: InspectedTask[] = []
  for (const task of await store.list({})) {
    const attempts = await store.attempts(task.id)
    tasks.push({
      repo: task.repo,
      number: task.number,
      state: task.state.kind,
      reason: 'reason' in task.state ? task.state.reason : null,
      attempts: attempts.map(({ report }) => report?.end.kind ?? 'live'),
      losses: task.losses,
      live: attempts.filter((attempt) => attempt.endedAt === null).length,
      openActs: (await store.open(task.id)).map(({ key }) => key),
      brokenAt: firstBroken(await store.ledger(task.id)),
    })
  }
  const acts = tasks.flatMap(({ openActs }) => openActs)
  const busy = tasks.filter(({ state }) => BUSY.has(state))
  const why = [
    `${pending} in the inbox`,
    `${stale} to write`,
    `${engine.running()} running`,
    `acts: ${acts.join(' ')}`,
    `busy: ${busy.map(({ repo, number, state }) => `${repo}#${number} ${state}`).join(', ')}`,
  ]
  return {
    quiet: pending + stale + engine.running() + acts.length + busy.length === 0,
    why: why.join('; '),
    tasks,
    repositories: (await store.repositories.all())
      .filter(({ cursor, head }) => cursor !== null && head !== null)
      .map(({ id }) => id),
  }
}

const BUSY: ReadonlySet<StateKind> = new Set(['running', 'publishing', 'retrying'])
