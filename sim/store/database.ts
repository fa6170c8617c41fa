/** What all processes of a simulated world share: the tables of the store as plain maps, and who is to be told of news. */
import type { Attempt } from '../../src/domain/attempt.ts'
import type { ActKey, AttemptId, Instant, RepoId, TaskId } from '../../src/domain/ids.ts'
import type { LedgerEntry } from '../../src/domain/ledger.ts'
import type { Pause } from '../../src/domain/pause.ts'
import type { Repository } from '../../src/domain/repository.ts'
import type { Runner } from '../../src/domain/runner.ts'
import type { Snapshot } from '../../src/domain/snapshot.ts'
import type { Task } from '../../src/domain/task.ts'
import { createMemoryBook } from '../../src/github/memory-book.ts'
import type { Clock } from '../../src/ports/clock.ts'
import type { PaceBook } from '../../src/ports/pace-book.ts'
import type {
  AboutStore,
  ActRow,
  Aggregate,
  Bundle,
  ProjectionRow,
  Request,
  Store,
  StoredFact,
} from '../../src/ports/store.ts'

export interface MemoryStoreOptions {
  readonly clock: Clock
  /** Names the process that jobs are held by. */
  readonly process: string
  readonly kind: Store['kind']
  /** News from the database enter the process through here: at once, later, or never. */
  readonly enter: (run: () => void) => void
}

export interface AttemptRecord {
  row: Attempt
  /** The person whose wish it serves. */
  readonly actor: number | null
  readonly repo: RepoId
  /** By the database's own clock: of the runner that has it, or until when somebody must have taken it. */
  leaseUntil: number
  /** When a runner took it, by the database's clock; null: none has. */
  takenAt: number | null
}

export interface ActRecord {
  row: ActRow
  /** The process whose job it is at this moment. */
  heldBy: string | null
  /** Failed handlers in a row. */
  throws: number
}

interface ProjectionRecord {
  row: ProjectionRow
  lookedAt: number
  notBefore: Instant | null
  staleSince: Instant
}

export interface Database {
  /** Every fact that was ever stored, by key. */
  readonly facts: Map<string, StoredFact>
  /** The facts that nobody has consumed, in order, by aggregate. */
  readonly waiting: Map<Aggregate, StoredFact[]>
  readonly tasks: Map<TaskId, Task>
  readonly attempts: Map<AttemptId, AttemptRecord>
  readonly acts: Map<ActKey, ActRecord>
  readonly projections: Map<string, ProjectionRecord>
  readonly ledger: Map<TaskId, LedgerEntry[]>
  readonly snapshots: Map<string, Snapshot>
  readonly repositories: Map<RepoId, Repository>
  readonly pauses: Map<string, Pause>
  /** By task. */
  readonly bundles: Map<TaskId, Bundle>
  readonly paceBook: PaceBook
  readonly runners: Map<string, { readonly runner: Runner; until: number }>
  readonly leads: Map<string, { readonly holder: string; readonly until: number }>
  readonly requests: Map<
    string,
    { readonly request: Request; readonly at: number; answer: string | null }
  >
  about: Partial<AboutStore>
  slots: number
  seq: number
  /** Milliseconds by the database's own clock, which no machine's jumps move. */
  readonly now: () => number
  readonly onFacts: Set<(aggregate: Aggregate) => void>
  readonly onActs: Set<() => void>
  readonly onAttempts: Set<(attempt: AttemptId) => void>
  readonly onRunners: Set<(id: string) => void>
  readonly onRequests: Set<(id: string) => void>
}

export const createDatabase = (now: () => number): Database => ({
  facts: new Map(),
  waiting: new Map(),
  tasks: new Map(),
  attempts: new Map(),
  acts: new Map(),
  projections: new Map(),
  ledger: new Map(),
  snapshots: new Map(),
  repositories: new Map(),
  pauses: new Map(),
  bundles: new Map(),
  paceBook: createMemoryBook(now, true),
  runners: new Map(),
  leads: new Map(),
  requests: new Map(),
  about: {},
  slots: 0,
  seq: 0,
  now,
  onFacts: new Set(),
  onActs: new Set(),
  onAttempts: new Set(),
  onRunners: new Set(),
  onRequests: new Set(),
})

/** Jobs of a process that is gone are anybody's again; the queue finds out by its missing heartbeat. */
export function releaseJobs(database: Database, process: string): void {
  for (const record of database.acts.values()) if (record.heldBy === process) record.heldBy = null
  for (const told of database.onActs) told()
}
