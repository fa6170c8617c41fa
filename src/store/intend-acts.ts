/** Writes acts as intents with one job each, inside the transaction of the decision that wants them. */
import { OWED } from '../domain/act.ts'
import type { Act } from '../domain/act.ts'
import type { ActKey, TaskId } from '../domain/ids.ts'
import type { Tx } from './database.ts'
import { and, eq, inArray, notInArray, notLike } from './drizzle.ts'
import type { Parts } from './parts.ts'
import { act } from './schema.ts'

type Wanted = Pick<Parts, 'queue' | 'clock'>

/**
 * An act that is open or done stays as it is. One that failed or was called off is opened again, and
 * so is any act wanted under a newer epoch: nobody waits for the outcome of the old one. Tries,
 * remote id and the first intent stay, because an earlier try may have left its effect.
 */
export async function intendActs(tx: Tx, acts: readonly Act[], parts: Wanted): Promise<void> {
  if (acts.length === 0) return
  const known = await tx
    .select({ key: act.key, status: act.status, epoch: act.epoch })
    .from(act)
    .where(inArray(act.key, keysOf(acts)))
    .for('update')
  const kept = new Map(
    known
      .filter((row) => row.status === 'open' || row.status === 'done')
      .map((row) => [row.key, row.epoch]),
  )
  const due = acts.filter((wanted) => (kept.get(wanted.key) ?? -1) < wanted.epoch)
  const now = parts.clock.now()
  const jobs = await parts.queue.enqueue(
    tx,
    due.map(({ key, notBefore }) => ({ key, at: notBefore })),
  )
  for (const [index, { key, task, epoch, detail, notBefore }] of due.entries()) {
    const jobId = jobs[index]
    if (jobId === undefined) throw new Error(`the queue made no job for act ${key}`)
    const renewed = { epoch, kind: detail.kind, detail, status: 'open', notBefore, jobId } as const
    await tx
      .insert(act)
      .values({ key, task, tries: 0, intendedAt: now, ...renewed })
      .onConflictDoUpdate({ target: act.key, set: renewed })
  }
}

/** Calls off what is still open of a task, except the acts that are wanted anew and what is owed to people. */
export async function callOffActs(tx: Tx, task: TaskId, wanted: readonly Act[]): Promise<void> {
  const others = wanted.length === 0 ? undefined : notInArray(act.key, keysOf(wanted))
  await tx
    .update(act)
    .set({ status: 'called-off' })
    .where(and(eq(act.task, task), eq(act.status, 'open'), others, ...notOwed))
}

const notOwed = OWED.map((prefix) => notLike(act.key, `${prefix}%`))

const keysOf = (acts: readonly Act[]): ActKey[] => acts.map((wanted) => wanted.key)
