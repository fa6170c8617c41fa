/** Tasks and what hangs on them in memory: one commit is all or nothing, like a transaction. */
import { isOwed } from '../../src/domain/act.ts'
import type { Act } from '../../src/domain/act.ts'
import type { TaskId } from '../../src/domain/ids.ts'
import { LEDGER_START } from '../../src/domain/ledger.ts'
import type { LedgerEntry, LedgerHead } from '../../src/domain/ledger.ts'
import type { Surface } from '../../src/domain/projection.ts'
import { snapshotHash } from '../../src/domain/snapshot.ts'
import { isRevising, isTerminal } from '../../src/domain/task.ts'
import type { StateKind, Task } from '../../src/domain/task.ts'
import type { Clock } from '../../src/ports/clock.ts'
import type { TaskCommit, Tasks } from '../../src/ports/store.ts'
import type { AttemptRecord, Database } from './database.ts'
import { consumeFacts } from './inbox.ts'

export const ledgerHead = (database: Database, id: TaskId): LedgerHead => {
  const last = database.ledger.get(id)?.at(-1)
  return last === undefined ? LEDGER_START : { n: last.n, hash: last.hash }
}

export function liveAttempt(database: Database, id: TaskId): AttemptRecord | null {
  for (const record of attemptsOf(database, id)) if (record.row.endedAt === null) return record
  return null
}

const attemptsOf = (database: Database, id: TaskId): readonly AttemptRecord[] =>
  [...database.attempts.values()].filter(({ row }) => row.task === id)

/** The version that was expected is the one that is there. */
export const isCurrent = (database: Database, task: Task, expected: number): boolean =>
  (database.tasks.get(task.id)?.version ?? 0) === expected

export function writeTask(database: Database, task: Task, expected: number): void {
  database.tasks.set(task.id, { ...task, version: expected + 1 })
}

/** Throws when a number is taken: the chain would fork. */
export function checkLedger(database: Database, entries: readonly LedgerEntry[]): void {
  const [first] = entries
  if (first !== undefined && first.n !== ledgerHead(database, first.task).n + 1)
    throw new Error(`the ledger of ${first.task} has an entry ${first.n} already`)
}

export function writeLedger(database: Database, entries: readonly LedgerEntry[]): void {
  for (const entry of entries) {
    const chain = database.ledger.get(entry.task)
    if (chain === undefined) database.ledger.set(entry.task, [entry])
    else chain.push(entry)
  }
}

/** As the real store does: open and done acts stay, all others are opened again, and a newer epoch always wins. */
export function intendActs(database: Database, acts: readonly Act[], clock: Clock): void {
  for (const act of acts) {
    const known = database.acts.get(act.key)
    const kept = known !== undefined && ['open', 'done'].includes(known.row.status)
    if (kept && known.row.epoch >= act.epoch) continue
    const former = known?.row ?? { tries: 0, intendedAt: clock.now(), triedAt: null }
    const { tries, intendedAt, triedAt } = former
    const row = { ...act, status: 'open' as const, tries, intendedAt, triedAt }
    database.acts.set(act.key, { row, heldBy: null, throws: 0 })
  }
  if (acts.length > 0) for (const told of database.onActs) told()
}

export function touchSurfaces(
  database: Database,
  touched: { readonly task: TaskId; readonly surfaces: readonly Surface[] },
  clock: Clock,
): void {
  for (const surface of new Set(touched.surfaces)) {
    const key = `${touched.task} ${surface}`
    const known = database.projections.get(key)
    if (known === undefined) {
      const empty = {
        writtenHash: null,
        remoteId: null,
        triedAt: null,
        inDoubt: false,
        written: null,
      }
      const row = { task: touched.task, surface, generation: 1, ...empty }
      const staleSince = clock.now()
      database.projections.set(key, { row, lookedAt: 0, notBefore: null, staleSince })
      continue
    }
    if (known.row.generation <= known.lookedAt) known.staleSince = clock.now()
    known.row = { ...known.row, generation: known.row.generation + 1 }
  }
}

export function openTasks(database: Database, clock: Clock): Tasks {
  const byNumber = (a: Task, b: Task): number => a.repo - b.repo || a.number - b.number
  return {
    async load(id) {
      return {
        task: database.tasks.get(id) ?? null,
        live: liveAttempt(database, id)?.row ?? null,
        ledger: ledgerHead(database, id),
      }
    },
    async commit(commit) {
      return commitTask(database, commit, clock)
    },
    async consume(seqs) {
      consumeFacts(database, seqs)
    },
    async find(repo, number) {
      for (const task of database.tasks.values())
        if (task.repo === repo && task.number === number) return task
      return null
    },
    async findByPull(repo, pull) {
      for (const task of database.tasks.values())
        if (task.repo === repo && task.pull?.number === pull) return task
      return null
    },
    async list({ repo, states }) {
      return [...database.tasks.values()]
        .filter((task) => repo === undefined || task.repo === repo)
        .filter((task) => states === undefined || states.includes(task.state.kind))
        .toSorted(byNumber)
    },
    async watched(repo, which) {
      return [...database.tasks.values()]
        .filter((task) => task.repo === repo)
        .filter((task) =>
          which === 'open' ? !isTerminal(task.state) : which.includes(task.number),
        )
        .toSorted(byNumber)
        .map((task) => {
          const { id, issue, number, version, state, wish, pull, review } = task
          const revising = isRevising(task)
          return { id, issue, number, version, state, wish, pull, review, revising }
        })
    },
    async counts() {
      const counts = new Map<StateKind, number>()
      for (const { state } of database.tasks.values())
        counts.set(state.kind, (counts.get(state.kind) ?? 0) + 1)
      return counts
    },
    async attempts(task) {
      return attemptsOf(database, task)
        .map(({ row }) => row)
        .toSorted((a, b) => a.n - b.n)
    },
    async snapshot(hash) {
      return database.snapshots.get(hash) ?? null
    },
    async ledger(task) {
      return [...(database.ledger.get(task) ?? [])]
    },
  }
}

function commitTask(database: Database, commit: TaskCommit, clock: Clock): boolean {
  if (!isCurrent(database, commit.task, commit.expected)) return false
  const waiting = new Set([...database.waiting.values()].flat().map((fact) => fact.seq))
  if (!commit.consumed.every((seq) => waiting.has(seq))) return false
  checkLedger(database, commit.ledger)
  consumeFacts(database, commit.consumed)
  writeTask(database, commit.task, commit.expected)
  writeLedger(database, commit.ledger)
  if (commit.snapshot !== null)
    database.snapshots.set(snapshotHash(commit.snapshot), commit.snapshot)
  const live = commit.attempt === null ? undefined : database.attempts.get(commit.attempt.id)
  if (commit.attempt !== null && live !== undefined && live.row.endedAt === null) {
    const change =
      'stop' in commit.attempt
        ? { stop: commit.attempt.stop }
        : { endedAt: clock.now(), report: commit.attempt.ended }
    live.row = { ...live.row, ...change }
  }
  if (commit.callOff) {
    const wanted = new Set(commit.acts.map((act) => act.key))
    for (const record of database.acts.values())
      if (record.row.task === commit.task.id && record.row.status === 'open')
        if (!wanted.has(record.row.key) && !isOwed(record.row.key))
          record.row = { ...record.row, status: 'called-off' }
  }
  dropPublished(database, commit.task)
  intendActs(database, commit.acts, clock)
  touchSurfaces(database, { task: commit.task.id, surfaces: commit.surfaces }, clock)
  if (commit.attempt !== null) for (const told of database.onAttempts) told(commit.attempt.id)
  return true
}

function dropPublished(database: Database, { id, state, pushed }: Task): void {
  const published = state.kind === 'in-review' && database.bundles.get(id)?.head === pushed
  if (state.kind === 'done' || published) database.bundles.delete(id)
}
