/** Tasks and what hangs on them, read. Writing is `commit-task`. */
import { LEDGER_START } from '../domain/ledger.ts'
import type { LedgerHead } from '../domain/ledger.ts'
import type { TaskId } from '../domain/ids.ts'
import { TERMINAL } from '../domain/task.ts'
import type { Task } from '../domain/task.ts'
import { isRevising } from '../domain/task.ts'
import type { Tasks, WatchedTask } from '../ports/store.ts'
import { toAttempt } from './attempts.ts'
import { commitTask } from './commit-task.ts'
import type { Db } from './database.ts'
import { and, asc, count, eq, gt, inArray, isNull, notInArray } from './drizzle.ts'
import { consumeFacts } from './inbox.ts'
import type { Parts } from './parts.ts'
import { attempt, ledger, snapshot, task } from './schema.ts'

/** Documents in memory at a time; one holds what its checks printed, some 100 KB at worst. */
const WATCHED_AT_ONCE = 200

export function openTasks(parts: Parts): Tasks {
  return {
    ...readTasks(parts),
    commit: (commit) => commitTask(parts, commit),
    async consume(seqs) {
      await consumeFacts(parts.db, seqs, parts)
    },
  }
}

export function readTasks({ db }: Pick<Parts, 'db'>): Omit<Tasks, 'commit' | 'consume'> {
  return {
    async load(id) {
      // One statement, so that task, attempt and ledger belong together without a transaction.
      const [row] = await db
        .select({ task, live: attempt })
        .from(task)
        .leftJoin(attempt, and(eq(attempt.task, task.id), isNull(attempt.endedAt)))
        .where(eq(task.id, id))
      if (row === undefined) return { task: null, live: null, ledger: LEDGER_START }
      return {
        task: row.task.task,
        live: row.live === null ? null : toAttempt(row.live),
        ledger: { n: row.task.ledgerN, hash: row.task.ledgerHash },
      }
    },

    async find(repo, number) {
      const [row] = await db
        .select({ task: task.task })
        .from(task)
        .where(and(eq(task.repoId, repo), eq(task.number, number)))
      return row?.task ?? null
    },

    async findByPull(repo, pull) {
      const [row] = await db
        .select({ task: task.task })
        .from(task)
        .where(and(eq(task.repoId, repo), eq(task.pull, pull)))
      return row?.task ?? null
    },

    async list({ repo, states }) {
      const rows = await db
        .select({ task: task.task })
        .from(task)
        .where(
          and(
            repo === undefined ? undefined : eq(task.repoId, repo),
            states === undefined ? undefined : inArray(task.state, [...states]),
          ),
        )
        .orderBy(asc(task.repoId), asc(task.number))
      return rows.map((row): Task => row.task)
    },

    async watched(repo, which) {
      const watched: WatchedTask[] = []
      // Whole documents, some at a time: no field can be taken out by the database, because its JSON functions fail on
      // the NUL that a program may have printed, wherever it stands.
      for (let after = 0; ;) {
        const rows = await db
          .select({ task: task.task })
          .from(task)
          .where(
            and(
              eq(task.repoId, repo),
              gt(task.number, after),
              which === 'open'
                ? notInArray(task.state, [...TERMINAL])
                : inArray(task.number, [...which]),
            ),
          )
          .orderBy(asc(task.number))
          .limit(WATCHED_AT_ONCE)
        for (const row of rows) watched.push(narrowed(row.task))
        const last = rows.at(-1)
        if (last === undefined || rows.length < WATCHED_AT_ONCE) return watched
        after = last.task.number
      }
    },

    async counts() {
      const rows = await db
        .select({ state: task.state, tasks: count() })
        .from(task)
        .groupBy(task.state)
      return new Map(rows.map(({ state, tasks }) => [state, tasks]))
    },

    async attempts(id) {
      const rows = await db
        .select()
        .from(attempt)
        .where(eq(attempt.task, id))
        .orderBy(asc(attempt.n))
      return rows.map(toAttempt)
    },

    async snapshot(hash) {
      const [row] = await db.select().from(snapshot).where(eq(snapshot.hash, hash))
      return row?.snapshot ?? null
    },

    async ledger(id) {
      const rows = await db
        .select({ entry: ledger.entry })
        .from(ledger)
        .where(eq(ledger.task, id))
        .orderBy(asc(ledger.n))
      return rows.map((row) => row.entry)
    },
  }
}

/** Where a task's chain ends, by its row: an end that was cut off is not written over. */
export async function readLedgerHead(db: Db, id: TaskId): Promise<LedgerHead> {
  const [row] = await db
    .select({ n: task.ledgerN, hash: task.ledgerHash })
    .from(task)
    .where(eq(task.id, id))
  return row ?? LEDGER_START
}

const narrowed = (task: Task): WatchedTask => {
  const { id, issue, number, version, state, wish, pull, review } = task
  const revising = isRevising(task)
  return { id, issue, number, version, state, wish, pull, review, revising }
}
