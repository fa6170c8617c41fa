/** One decision, written as one short transaction: all of it, or nothing when somebody was faster. */
import { LEDGER_START } from '../domain/ledger.ts'
import type { LedgerEntry } from '../domain/ledger.ts'
import { snapshotHash } from '../domain/snapshot.ts'
import type { Task } from '../domain/task.ts'
import type { TaskCommit } from '../ports/store.ts'
import type { Tx } from './database.ts'
import { compareAndSet, lose } from './database.ts'
import { and, eq, isNull } from './drizzle.ts'
import { consumeFacts } from './inbox.ts'
import { callOffActs, intendActs } from './intend-acts.ts'
import type { Parts } from './parts.ts'
import { touchSurfaces } from './projections.ts'
import { attempt, bundle, ledger, snapshot, task } from './schema.ts'

export async function commitTask(parts: Parts, commit: TaskCommit): Promise<boolean> {
  const changed = commit.attempt === null ? [] : [commit.attempt.id]
  const wanted = commit.acts.length === 0 ? [] : [commit.task.id]
  const written = await compareAndSet(parts.db, async (tx) => {
    await writeTask(tx, commit.task, commit.expected, commit.ledger)
    const consumed = await consumeFacts(tx, commit.consumed, parts)
    // Somebody else's decision took these facts after we read them: applying them twice would be wrong.
    if (consumed !== commit.consumed.length) lose()
    if (commit.snapshot !== null) {
      const row = { hash: snapshotHash(commit.snapshot), snapshot: commit.snapshot }
      await tx.insert(snapshot).values(row).onConflictDoNothing()
    }
    if (commit.attempt !== null) await writeAttempt(tx, commit.attempt, parts)
    await dropPublished(tx, commit.task)
    if (commit.callOff) await callOffActs(tx, commit.task.id, commit.acts)
    await intendActs(tx, commit.acts, parts)
    await touchSurfaces(tx, { task: commit.task.id, surfaces: commit.surfaces }, parts)
    await parts.announce?.(tx, 'attempt', changed)
    await parts.announce?.(tx, 'act', wanted)
  })
  if (!written) return false
  parts.pokes.fire('attempt', changed)
  parts.pokes.fire('act', wanted)
  return true
}

/**
 * Compare-and-set: loses when the row is not at the version that was loaded. The entries are appended to the task's
 * ledger, and the row is told where it ends now; a number that is taken means that the chain was forked: our own bug,
 * thrown loudly.
 */
export async function writeTask(
  tx: Tx,
  next: Task,
  expected: number,
  entries: readonly LedgerEntry[],
): Promise<void> {
  const version = expected + 1
  const head = entries.at(-1)
  const row = {
    number: next.number,
    version,
    epoch: next.epoch,
    state: next.state.kind,
    pull: next.pull?.number ?? null,
    task: { ...next, version },
    ...(head === undefined ? {} : { ledgerN: head.n, ledgerHash: head.hash }),
  }
  const begin = { ledgerN: LEDGER_START.n, ledgerHash: LEDGER_START.hash }
  const written =
    expected === 0
      ? await tx
          .insert(task)
          .values({ id: next.id, repoId: next.repo, issueId: next.issue, ...begin, ...row })
          .onConflictDoNothing()
          .returning({ id: task.id })
      : await tx
          .update(task)
          .set(row)
          .where(and(eq(task.id, next.id), eq(task.version, expected)))
          .returning({ id: task.id })
  if (written.length === 0) lose()
  if (entries.length === 0) return
  await tx.insert(ledger).values(
    entries.map((entry) => ({
      task: entry.task,
      n: entry.n,
      hash: entry.hash,
      event: entry.event,
      at: entry.at,
      entry,
    })),
  )
}

async function writeAttempt(
  tx: Tx,
  change: NonNullable<TaskCommit['attempt']>,
  { clock }: Parts,
): Promise<void> {
  const set =
    'stop' in change
      ? { stop: change.stop }
      : { endedAt: clock.now(), report: change.ended, usage: change.ended?.usage ?? null }
  await tx
    .update(attempt)
    .set(set)
    .where(and(eq(attempt.id, change.id), isNull(attempt.endedAt)))
}

/** Work that a person can see on GitHub, or that is over, needs no keeping; work that was never published is kept. */
async function dropPublished(tx: Tx, { id, state, pushed }: Task): Promise<void> {
  if (state.kind === 'done') await tx.delete(bundle).where(eq(bundle.task, id))
  if (state.kind === 'in-review' && pushed !== null)
    await tx.delete(bundle).where(and(eq(bundle.task, id), eq(bundle.head, pushed)))
}
