/** What a life knows of itself, read from its store: whether it has come to rest, and whether its own promises hold. */
import { firstBroken } from '../../src/domain/ledger.ts'
import type { StateKind, Task } from '../../src/domain/task.ts'
import type { Yardmaster } from '../../src/main.ts'
import type { Store } from '../../src/ports/store.ts'

interface InspectedTask {
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
  /** Empty unless looked at closely, at rest. */
  readonly tasks: readonly InspectedTask[]
  /** Those that have been looked at once. */
  readonly repositories: readonly number[]
}

const ALL = 10_000

/** `closely`: with each task's attempts, acts and ledger, once everything else is at rest. */
export async function inspect(
  { store, engine }: Yardmaster,
  closely: boolean,
): Promise<Inspection> {
  const pending = (await store.pending(ALL)).length
  const stale = (await store.projections.stale(ALL)).length
  const all = await store.list({})
  const busy = all.filter(({ state }) => BUSY.has(state.kind))
  const atRest = pending + stale + engine.running() + busy.length === 0
  const tasks: InspectedTask[] = []
  for (const task of closely && atRest ? all : []) tasks.push(await inspectTask(task, store))
  const acts = tasks.flatMap(({ openActs }) => openActs)
  const why = [
    `${pending} in the inbox`,
    `${stale} to write`,
    `${engine.running()} running`,
    `acts: ${acts.join(' ')}`,
    `busy: ${busy.map(({ repo, number, state }) => `${repo}#${number} ${state.kind}`).join(', ')}`,
  ]
  return {
    quiet: closely && atRest && acts.length === 0,
    why: why.join('; '),
    tasks,
    repositories: (await store.repositories.all())
      .filter(({ cursor, head }) => cursor !== null && head !== null)
      .map(({ id }) => id),
  }
}

async function inspectTask(task: Task, store: Store): Promise<InspectedTask> {
  const attempts = await store.attempts(task.id)
  return {
    repo: task.repo,
    number: task.number,
    state: task.state.kind,
    reason: 'reason' in task.state ? task.state.reason : null,
    attempts: attempts.map(({ report }) => report?.end.kind ?? 'live'),
    losses: task.losses,
    live: attempts.filter((attempt) => attempt.endedAt === null).length,
    // A reminder is due in hours.
    openActs: (await store.open(task.id))
      .filter(({ detail }) => detail.kind !== 'wake' || detail.timer !== 'remind')
      .map(({ key }) => key),
    brokenAt: firstBroken(await store.ledger(task.id)),
  }
}

const BUSY: ReadonlySet<StateKind> = new Set(['running', 'publishing', 'retrying'])
