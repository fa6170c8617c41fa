/**
 * The store's promises, in narrow parts. The engine never holds a transaction: each method is one.
 * A fault of the store itself is thrown as `WorldFault` of kind `transient` or `local`.
 */
import type { Spending } from '../domain/budget.ts'
import type { Act } from '../domain/act.ts'
import type { EndedAttempt } from '../domain/alike.ts'
import type { Attempt, AttemptPhase, Progress } from '../domain/attempt.ts'
import type { Fact } from '../domain/fact.ts'
import type { ActKey, AttemptId, Instant, RepoId, Sha, Steady, TaskId } from '../domain/ids.ts'
import type { LedgerEntry, LedgerHead } from '../domain/ledger.ts'
import type { Pause } from '../domain/pause.ts'
import type { Surface } from '../domain/projection.ts'
import type { RepoRef, Repository } from '../domain/repository.ts'
import type { Runner } from '../domain/runner.ts'
import type { Snapshot } from '../domain/snapshot.ts'
import type { StateKind, Task } from '../domain/task.ts'
import type { Served } from '../domain/turns.ts'
import type { PaceBook } from './pace-book.ts'

export type Aggregate = `task:${TaskId}` | `repo:${RepoId}`

export interface NewFact {
  readonly source: 'github' | 'reconcile' | 'runner' | 'act' | 'timer'
  /** Unique for all time; a second fact with the same key is dropped without an error. */
  readonly key: string
  readonly aggregate: Aggregate
  /** How to address the repository today, as the event told it. */
  readonly repo: RepoRef | null
  readonly fact: Fact
}

export interface StoredFact extends NewFact {
  readonly seq: number
  readonly receivedAt: Instant
}

export interface Inbox {
  /** Durable (fsynced) when it resolves; commits in groups. Throws when that takes longer than 8 s. */
  /**
   * `beginning`: the kinds that make a task. Facts of other kinds may then be stored as consumed where there is no task
   * and nothing waits: nothing can come of them.
   */
  append(facts: readonly NewFact[], beginning?: readonly Fact['kind'][]): Promise<void>
  /** Aggregates with facts not yet consumed, the longest-waiting first. */
  pending(limit: number): Promise<readonly Aggregate[]>
  /**
   * Consumes, all at once, the facts of task aggregates that have no task, unless a fact of a `beginning` kind waits
   * among them. Gives the aggregates of the list in which facts still wait.
   */
  sift(
    aggregates: readonly Aggregate[],
    beginning: readonly Fact['kind'][],
  ): Promise<readonly Aggregate[]>
  /** The facts of one aggregate that are not consumed, in order of arrival, at most `limit`. */
  unconsumed(aggregate: Aggregate, limit: number): Promise<readonly StoredFact[]>
  /** Calls back after facts became durable, here or (PostgreSQL) in another process. Returns how to stop. */
  onAppended(poke: (aggregate: Aggregate | null) => void): () => void
}

export interface TaskLoad {
  readonly task: Task | null
  /** The attempt that has not ended, if any. */
  readonly live: Attempt | null
  readonly ledger: LedgerHead
}

export interface TaskCommit {
  readonly task: Task
  /** The version that was loaded; 0 for a task without a row. */
  readonly expected: number
  readonly consumed: readonly number[]
  readonly ledger: readonly LedgerEntry[]
  readonly acts: readonly Act[]
  readonly surfaces: readonly Surface[]
  readonly snapshot: Snapshot | null
  /** Ends the live attempt's row, or asks it to stop. */
  readonly attempt:
    | { readonly id: AttemptId; readonly ended: Attempt['report'] }
    | { readonly id: AttemptId; readonly stop: string }
    | null
  /** Acts of the task that are still open are called off: nothing of the old epoch happens any more. */
  readonly callOff: boolean
}

/** As much of a task as is compared with what GitHub shows: whole ones hold the outputs of their checks. */
export type WatchedTask = Pick<
  Task,
  'id' | 'issue' | 'number' | 'version' | 'state' | 'wish' | 'pull' | 'review'
> & {
  /** Its pull request is open, and being worked on again. */
  readonly revising: boolean
}

export interface Tasks {
  load(task: TaskId): Promise<TaskLoad>
  /** Compare-and-set on the version. False: somebody was faster, decide again; nothing was written. */
  commit(commit: TaskCommit): Promise<boolean>
  /** Consumes facts that need no task row (an aggregate that nothing came of). */
  consume(seqs: readonly number[]): Promise<void>
  find(repo: RepoId, number: number): Promise<Task | null>
  /** The task that opened the pull request with that number. */
  findByPull(repo: RepoId, pull: number): Promise<Task | null>
  list(filter: {
    readonly repo?: RepoId
    readonly states?: readonly StateKind[]
  }): Promise<readonly Task[]>
  /** The tasks of a repository that are not over, or those of the issues with these numbers, by number. */
  watched(repo: RepoId, which: 'open' | readonly number[]): Promise<readonly WatchedTask[]>
  /** How many tasks there are of each state; states without one are left out. */
  counts(): Promise<ReadonlyMap<StateKind, number>>
  attempts(task: TaskId): Promise<readonly Attempt[]>
  snapshot(hash: string): Promise<Snapshot | null>
  ledger(task: TaskId): Promise<readonly LedgerEntry[]>
}

/** All that `domain/schedule` needs, read in one snapshot. */
export interface AdmissionView {
  /** Compared and set by `admit`, so that slots are given out by one process at a time. */
  readonly version: number
  /** By repository and number, as `list`. */
  readonly queued: readonly Task[]
  /** `actor`: the id of the person whose wish it serves. */
  readonly live: readonly (Attempt & {
    readonly repo: RepoId
    readonly actor: number | null
    /** The task's. */
    readonly losses: number
  })[]
  readonly repositories: readonly Repository[]
  readonly pauses: readonly Pause[]
  /** How many pull requests wait for people; a repository without any is left out. */
  readonly openReviews: ReadonlyMap<RepoId, number>
  /** Attempts started in the last 24 hours, by the person who labelled. */
  readonly startedByActor: ReadonlyMap<number, number>
  /** Attempts that ended in the last 24 hours, and all of the queued tasks that have ended. */
  readonly spent: readonly Spending[]
  /** The latest of them, by repository and person. */
  readonly served: readonly Served[]
  /** Those that are alive by the database's clock. */
  readonly runners: readonly Runner[]
}

export interface Start {
  /** The task as it will be (`running`), and the version it was loaded at. */
  readonly task: Task
  readonly expected: number
  readonly attempt: Attempt
  readonly ledger: readonly LedgerEntry[]
  readonly surfaces: readonly Surface[]
}

export interface Admission {
  view(): Promise<AdmissionView>
  /** All starts or none; each attempt without a runner is the intent, and an orphan when none takes it `within` that many milliseconds of database time. False: the view is out of date, look again. */
  admit(version: number, starts: readonly Start[], within: number): Promise<boolean>
  ledgerHead(task: TaskId): Promise<LedgerHead>
  /** What the attempts that ended in the last 24 hours have used, of every repository. */
  spent(): Promise<readonly Spending[]>
  /** In place of the scope's former pause. What was not admitted before it resolves finds it in the way. */
  pause(pause: Pause): Promise<void>
  /** Ends it now, and remembers that. Without effect when there is none, or it has ended. */
  unpause(scope: string): Promise<void>
  /** Those that have ended too. */
  pauses(): Promise<readonly Pause[]>
}

/** The collected work of an attempt, as git bundled it. */
export interface Bundle {
  readonly base: Sha
  readonly head: Sha
  readonly bytes: Uint8Array
}

/** Who takes attempts, how many at most, and which; null: any. An attempt without a tier is nobody's who names tiers. */
export interface Claim {
  readonly runner: string
  /** How long the lease holds without a heartbeat. */
  readonly milliseconds: number
  readonly limit: number
  readonly only: {
    readonly tiers: readonly string[] | null
    readonly profiles: readonly string[] | null
    readonly repositories: readonly RepoId[] | null
  }
}

export interface Attempts {
  /** Takes attempts that nobody executes, the longest-admitted first, each with a lease by database time. What another process takes at this moment is passed over. */
  claim(by: Claim): Promise<readonly Attempt[]>
  /** Extends the lease and writes what is new. `held` false: it is not ours any more, stop at once. */
  beat(
    attempt: AttemptId,
    epoch: number,
    beat: {
      readonly runner: string
      readonly milliseconds: number
      readonly phase?: AttemptPhase
      readonly progress?: Progress
    },
  ): Promise<{ readonly held: boolean; readonly stop: string | null }>
  /**
   * Appends the fact that the attempt has ended, and keeps its work for whoever publishes it, in one transaction; an
   * earlier bundle of the task is superseded. False, and nothing was written: the attempt is not `runner`'s any more.
   */
  finish(
    attempt: AttemptId,
    epoch: number,
    end: { readonly runner: string; readonly fact: NewFact; readonly bundle: Bundle | null },
  ): Promise<boolean>
  /** The kept work of a task that ends at `head`. It is dropped once that head is pushed and waits for review, or the task is done. */
  bundle(task: TaskId, head: Sha): Promise<Bundle | null>
  /** Attempts that have ended since, the newest first, at most 100. */
  ended(since: Instant): Promise<readonly (EndedAttempt & { readonly repo: RepoId })[]>
  /** Live attempts whose lease ran out (by database time), that nobody took in time (their `runner` is null), or that `runner` (a former life of ours) held. */
  orphans(runner: string | null): Promise<readonly Attempt[]>
  /** Calls back when an attempt was admitted, must stop or has ended, here or (PostgreSQL) in another process; null: look at all. Returns how to stop. */
  onAttempt(poke: (attempt: AttemptId | null) => void): () => void
}

export interface Runners {
  /** Makes it known, alive for that many milliseconds of database time; a former row of that id is replaced. */
  register(runner: Runner, milliseconds: number): Promise<void>
  /** Keeps it alive. False: it counted as gone already, and has to register again. */
  keep(id: Runner['id'], milliseconds: number): Promise<boolean>
  /** It takes nothing any more. */
  retire(id: Runner['id']): Promise<void>
  alive(): Promise<readonly Runner[]>
  /** Calls back when one came, changed or left, here or (PostgreSQL) in another process. Returns how to stop. */
  onRunner(poke: () => void): () => void
}

/** What only an app can answer, because it takes a credential of the App. */
export type Question = { readonly kind: 'briefing' } | { readonly kind: 'credential' }

export interface Request {
  /** A UUID. */
  readonly id: string
  readonly runner: Runner['id']
  readonly attempt: AttemptId
  readonly epoch: number
  readonly question: Question
}

/** How a runner without credentials asks the apps. A request counts only while its runner holds the attempt that it names. */
export interface Requests {
  /** False, and nothing was asked: the attempt is not that runner's. */
  ask(request: Request): Promise<boolean>
  /** What waits for an answer, the longest-waiting first, with the key to seal it for. Requests that count no more are dropped. */
  asked(limit: number): Promise<readonly (Request & { readonly publicKey: string })[]>
  /** The first answer stands; without effect when the request is gone. */
  answer(id: Request['id'], sealed: string): Promise<void>
  /** The answer, once: nothing of it stays in the store. Null: there is none yet. */
  pickUp(id: Request['id'], runner: Runner['id']): Promise<string | null>
  /** Calls back when something was asked or answered, here or (PostgreSQL) in another process; null: look at all. Returns how to stop. */
  onRequest(poke: (id: string | null) => void): () => void
}

/** For what only one of several processes must do at a time. */
export interface Lead {
  /** Takes or keeps it, for that many milliseconds of database time. False: another process has it. */
  take(what: string, holder: string, milliseconds: number): Promise<boolean>
  /** Gives it back, if it is held. */
  leave(what: string, holder: string): Promise<void>
}

export interface ActRow extends Act {
  readonly status: 'open' | 'done' | 'failed' | 'called-off'
  /** How often it was begun, this time included. */
  readonly tries: number
  readonly intendedAt: Instant
  /** When it was last begun before, if its effect may exist although it was not recorded; null: it cannot. */
  readonly triedAt: Steady | null
}

export interface Acts {
  /** Reads the act and counts this try, durably, before the effect. Null: unknown, settled or called off. */
  begin(key: ActKey): Promise<ActRow | null>
  /** Records the outcome and appends the fact, in one transaction. */
  settle(
    key: ActKey,
    outcome: {
      readonly status: 'done' | 'failed'
      readonly remoteId: string | null
      readonly fact: NewFact | null
    },
  ): Promise<void>
  /** Tries again at that moment. `triedAt`: as the next `begin` is to give it; null when nothing can have come of any try. */
  defer(key: ActKey, at: Instant, triedAt: Steady | null): Promise<void>
  open(task: TaskId): Promise<readonly ActRow[]>
  /** Starts performing: `handler` is called with each act that is due, at most `concurrency` at once. */
  perform(handler: (key: ActKey) => Promise<void>, concurrency: number): Promise<void>
  /** Takes no further act; resolves when those under way have returned. */
  stopPerforming(): Promise<void>
}

export interface ProjectionRow {
  readonly task: TaskId
  readonly surface: Surface
  /** Counts changes that were wanted; `written` records up to which one was looked at. */
  readonly generation: number
  readonly writtenHash: string | null
  readonly remoteId: string | null
  /** When a write was last tried whose outcome is not known; null: there is none. */
  readonly triedAt: Steady | null
  /** That write may still be under way, and come after one that is made now. */
  readonly inDoubt: boolean
  /** What was last written, where the next write needs to know (the label that is set). */
  readonly written: string | null
}

export interface Projections {
  /**
   * Surfaces that are out of date, or were written while a former write was in doubt, and due: the longest-waiting
   * first. A write is in doubt for `settle` milliseconds; a minute unless told.
   */
  stale(limit: number, settle?: number): Promise<readonly ProjectionRow[]>
  touch(task: TaskId, surfaces: readonly Surface[]): Promise<void>
  /** Null: that surface was never wanted. */
  row(task: TaskId, surface: Surface): Promise<ProjectionRow | null>
  /** Before a write: an effect may exist from here on. */
  intend(task: TaskId, surface: Surface): Promise<void>
  /** Of a row in doubt: it is given once more when it is no longer. */
  done(
    row: ProjectionRow,
    result: {
      readonly hash: string
      readonly remoteId: string | null
      readonly written: string | null
    },
  ): Promise<void>
  /** `triedAt`: as the row is to give it next time; null when nothing can have come of any try. */
  postpone(row: ProjectionRow, until: Instant, triedAt: Steady | null): Promise<void>
}

export interface Repositories {
  get(repo: RepoId): Promise<Repository | null>
  all(): Promise<readonly Repository[]>
  save(repository: Repository, consumed: readonly number[]): Promise<void>
}

/** Facts about the store itself, by key. */
export interface AboutStore {
  /**
   * Since when GitHub may show more than this store knows of (restored from a backup, or rebuilt): from then on every
   * creation looks first for what an earlier life may have made.
   */
  readonly 'looks-first': Instant
  /** Before it took its first webhook: what was told earlier starts nothing, and is not asked for again. */
  readonly 'listens-since': Instant
  /** When failed webhook deliveries were last looked for: what failed before has been asked for again. */
  readonly listened: Instant
  /** A rebuild began then and has not ended: nothing but a rebuild may go on with this store. */
  readonly rebuilding: Instant
  /** What it held went to a PostgreSQL server, named without credentials: nothing may work on this copy any more. */
  readonly moved: { readonly at: Instant; readonly to: string }
  /** What it holds came from an embedded store, whose rows had this SHA-256 as they were exported. */
  readonly 'moved-here': { readonly at: Instant; readonly sha256: string }
}

export interface About {
  get<Key extends keyof AboutStore>(key: Key): Promise<AboutStore[Key] | null>
  /** Null forgets it. */
  set<Key extends keyof AboutStore>(key: Key, value: AboutStore[Key] | null): Promise<void>
}

/** A task as GitHub still tells of it, with the attempts that ended before the store was lost. */
export interface RebuiltTask {
  readonly task: Task
  readonly attempts: readonly Attempt[]
  readonly ledger: readonly LedgerEntry[]
  readonly surfaces: readonly Surface[]
  readonly acts: readonly Act[]
  readonly snapshot: Snapshot | null
}

export interface Rebuild {
  /** No repository, no task and no fact has ever been written. */
  isEmpty(): Promise<boolean>
  /** All of it in one transaction; false when the task is there already: then nothing was written. */
  restore(rebuilt: RebuiltTask): Promise<boolean>
}

export interface Store extends Inbox, Tasks, Attempts, Runners, Acts {
  readonly lead: Lead
  readonly requests: Requests
  readonly about: About
  readonly rebuild: Rebuild
  readonly admission: Admission
  readonly projections: Projections
  readonly repositories: Repositories
  readonly pace: PaceBook
  readonly kind: 'embedded' | 'postgres'
  /** Cheap question to the database itself; throws when it cannot answer. */
  ping(): Promise<void>
  close(): Promise<void>
}
