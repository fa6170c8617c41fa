/**
 * The tables. Values are whole JSON documents; what is asked for, ordered by or compared is a real
 * column beside them. Moments are our clock's, except leases, which only the database's clock reads.
 */
import {
  bigint,
  bigserial,
  boolean,
  index,
  integer,
  pgTable,
  primaryKey,
  text,
  timestamp,
  unique,
  uniqueIndex,
  uuid,
} from './drizzle.ts'
import type { ActDetail } from '../domain/act.ts'
import type { AttemptPhase, AttemptReport, Progress, Usage } from '../domain/attempt.ts'
import type { Fact } from '../domain/fact.ts'
import type {
  ActKey,
  AttemptId,
  InstallationId,
  IssueId,
  RepoId,
  Sha,
  TaskId,
} from '../domain/ids.ts'
import type { LedgerEntry } from '../domain/ledger.ts'
import type { Surface } from '../domain/projection.ts'
import type { RepoRef, Repository } from '../domain/repository.ts'
import type { Budget } from '../domain/money.ts'
import type { Runner, RunnerLabels } from '../domain/runner.ts'
import type { Snapshot } from '../domain/snapshot.ts'
import type { StateKind, Task } from '../domain/task.ts'
import type { PaceState } from '../ports/pace-book.ts'
import type { ActRow, Aggregate, NewFact, Question } from '../ports/store.ts'
import { bytes, document, instant, words } from './columns.ts'
import { sql } from './drizzle.ts'
import { olderFact, olderReport, olderTask } from './older.ts'

export const inbox = pgTable(
  'inbox',
  {
    seq: bigserial({ mode: 'number' }).primaryKey(),
    key: text().notNull().unique(),
    source: text().$type<NewFact['source']>().notNull(),
    aggregate: text().$type<Aggregate>().notNull(),
    kind: text().$type<Fact['kind']>().notNull(),
    repo: document<RepoRef | null>('repo'),
    fact: document<Fact>('fact', olderFact).notNull(),
    receivedAt: instant('received_at').notNull(),
    consumedAt: instant('consumed_at'),
  },
  (t) => [
    index('inbox_unconsumed')
      .on(t.aggregate, t.seq)
      .where(sql`${t.consumedAt} is null`),
  ],
)

export const task = pgTable(
  'task',
  {
    id: text().$type<TaskId>().primaryKey(),
    repoId: bigint('repo_id', { mode: 'number' }).$type<RepoId>().notNull(),
    issueId: bigint('issue_id', { mode: 'number' }).$type<IssueId>().notNull(),
    number: integer().notNull(),
    version: integer().notNull(),
    epoch: integer().notNull(),
    state: text().$type<StateKind>().notNull(),
    /** Of the pull request that it has opened, by which people's words there find it. */
    pull: integer(),
    task: document<Task>('task', olderTask).notNull(),
    /** Where its ledger ends, written with the entries: a chain alone cannot know that its end was cut off. */
    ledgerN: integer('ledger_n').notNull(),
    ledgerHash: text('ledger_hash').notNull(),
  },
  (t) => [
    unique('task_issue').on(t.repoId, t.issueId),
    index('task_number').on(t.repoId, t.number),
    index('task_pull').on(t.repoId, t.pull),
    index('task_state').on(t.state),
  ],
)

export const attempt = pgTable(
  'attempt',
  {
    id: text().$type<AttemptId>().primaryKey(),
    task: text().$type<TaskId>().notNull(),
    n: integer().notNull(),
    epoch: integer().notNull(),
    profile: text().notNull(),
    tier: text(),
    phase: text().$type<AttemptPhase>().notNull(),
    runner: text(),
    /** Written and compared with the database's `now()` only. */
    leaseUntil: timestamp('lease_until', { withTimezone: true, mode: 'string' }),
    startedAt: instant('started_at').notNull(),
    endedAt: instant('ended_at'),
    stop: words('stop'),
    /** The id of the person whose wish it serves. */
    actor: bigint({ mode: 'number' }),
    allowance: document<Budget | null>('allowance'),
    progress: document<Progress | null>('progress'),
    /** Of an ended attempt, beside its report, so that sums need not read what its checks printed. Null: it is older than budgets. */
    usage: document<Usage | null>('usage'),
    report: document<AttemptReport | null>('report', olderReport),
  },
  (t) => [
    unique('attempt_n').on(t.task, t.n),
    uniqueIndex('attempt_live')
      .on(t.task)
      .where(sql`${t.endedAt} is null`),
    index('attempt_started').on(t.startedAt),
  ],
)

export const act = pgTable(
  'act',
  {
    key: text().$type<ActKey>().primaryKey(),
    task: text().$type<TaskId>().notNull(),
    epoch: integer().notNull(),
    kind: text().$type<ActDetail['kind']>().notNull(),
    detail: document<ActDetail>('detail').notNull(),
    status: text().$type<ActRow['status']>().notNull(),
    tries: integer().notNull(),
    remoteId: words('remote_id'),
    notBefore: instant('not_before'),
    intendedAt: instant('intended_at').notNull(),
    /** When it was last begun and its effect may exist; null: never. */
    triedAt: instant('tried_at'),
    /** The one job that may perform it; any other job of this key is dropped. */
    jobId: uuid('job_id').notNull(),
  },
  (t) => [
    index('act_open')
      .on(t.task)
      .where(sql`${t.status} = 'open'`),
  ],
)

export const projection = pgTable(
  'projection',
  {
    task: text().$type<TaskId>().notNull(),
    surface: text().$type<Surface>().notNull(),
    generation: integer().notNull(),
    lookedAt: integer('looked_at').notNull(),
    writtenHash: text('written_hash'),
    remoteId: words('remote_id'),
    /** When a write was last tried whose outcome is not known; null: there is none. */
    triedAt: instant('tried_at'),
    written: words('written'),
    notBefore: instant('not_before'),
    staleSince: instant('stale_since').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.task, t.surface] }),
    index('projection_stale')
      .on(t.staleSince)
      .where(sql`${t.generation} > ${t.lookedAt}`),
    // Few, and the sum of both is looked at each second.
    index('projection_doubted')
      .on(t.triedAt)
      .where(sql`${t.triedAt} is not null`),
  ],
)

export const ledger = pgTable(
  'ledger',
  {
    task: text().$type<TaskId>().notNull(),
    n: integer().notNull(),
    hash: text().notNull(),
    event: text().notNull(),
    at: instant('at').notNull(),
    entry: document<LedgerEntry>('entry').notNull(),
  },
  (t) => [primaryKey({ columns: [t.task, t.n] })],
)

export const snapshot = pgTable('snapshot', {
  hash: text().primaryKey(),
  snapshot: document<Snapshot>('snapshot').notNull(),
})

export const repository = pgTable('repository', {
  id: bigint({ mode: 'number' }).$type<RepoId>().primaryKey(),
  repository: document<Repository>('repository').notNull(),
})

export const pause = pgTable('pause', {
  scope: text().primaryKey(),
  /** Null: until somebody resumes. */
  until: instant('until'),
  reason: words('reason').notNull(),
  by: text(),
  /** What runs is parked as well. */
  now: boolean().notNull().default(false),
  /** The attempt whose end led to it. */
  cause: text(),
})

/** One row: whoever raises its version may give out slots. */
export const slots = pgTable('slots', {
  id: integer().primaryKey(),
  version: integer().notNull(),
})

/** The processes that execute attempts, kept alive by their heartbeat. */
export const runner = pgTable('runner', {
  name: text().primaryKey(),
  labels: document<RunnerLabels & Pick<Runner, 'jail'>>('labels').notNull(),
  capacity: integer().notNull(),
  version: text().notNull(),
  /** Answers to this process are sealed for it; null: it needs none. */
  publicKey: text('public_key'),
  /** Written and compared with the database's `now()` only. */
  seenUntil: timestamp('seen_until', { withTimezone: true, mode: 'string' }).notNull(),
})

/** The collected work of an attempt, so that another machine can publish it. */
export const bundle = pgTable(
  'bundle',
  {
    attempt: text().$type<AttemptId>().primaryKey(),
    task: text().$type<TaskId>().notNull(),
    epoch: integer().notNull(),
    base: text().$type<Sha>().notNull(),
    head: text().$type<Sha>().notNull(),
    bytes: bytes().notNull(),
    storedAt: instant('stored_at').notNull(),
  },
  (t) => [index('bundle_task').on(t.task)],
)

/** What a runner that holds no credential asks of an app: a short-lived token, a prompt. */
export const request = pgTable(
  'request',
  {
    id: uuid().primaryKey(),
    runner: text().notNull(),
    attempt: text().$type<AttemptId>().notNull(),
    epoch: integer().notNull(),
    detail: document<Question>('detail').notNull(),
    /** Sealed for the runner's key. */
    answer: document<{ readonly sealed: string } | null>('answer'),
    /** Written and compared with the database's `now()` only. */
    askedAt: timestamp('asked_at', { withTimezone: true, mode: 'string' }).notNull().defaultNow(),
    answeredAt: timestamp('answered_at', { withTimezone: true, mode: 'string' }),
  },
  (t) => [
    index('request_open')
      .on(t.askedAt)
      .where(sql`${t.answeredAt} is null`),
  ],
)

/** Who of several apps does what one at a time must do. */
export const lead = pgTable('lead', {
  what: text().primaryKey(),
  holder: text().notNull(),
  /** Written and compared with the database's `now()` only. */
  until: timestamp({ withTimezone: true, mode: 'string' }).notNull(),
})

/** What each installation has spent of GitHub's limits, shared by all processes and kept over restarts. */
export const pace = pgTable('pace', {
  installation: bigint({ mode: 'number' }).$type<InstallationId>().primaryKey(),
  version: integer().notNull(),
  state: document<PaceState>('state').notNull(),
})

/** Facts about the store itself, such as when it was restored from a backup. */
export const about = pgTable('about', {
  key: text().primaryKey(),
  value: document<unknown>('value').notNull(),
})
