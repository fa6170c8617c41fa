/** Attempts under lease. Leases are written and judged by the database's clock, never by ours: processes disagree about the time. */
import type { Attempt } from '../domain/attempt.ts'
import { later, repoId } from '../domain/ids.ts'
import type { AttemptId, RepoId } from '../domain/ids.ts'
import type { Attempts } from '../ports/store.ts'
import { transact } from './database.ts'
import { and, asc, desc, eq, gt, inArray, isNull, lt, or, sql } from './drizzle.ts'
import { insertFacts } from './inbox.ts'
import type { Bare } from './parts.ts'
import { attempt, bundle } from './schema.ts'

export const leaseFor = (milliseconds: number) =>
  sql`now() + ${milliseconds} * interval '1 millisecond'`
/** A task's id begins with its repository's; a runner need not read tasks that it does not hold. */
export const repositoryOf = sql<RepoId>`split_part(${attempt.task}, '-', 1)::bigint`
/** The longest time for one attempt that a repository may set, and the time it waits for a runner. Milliseconds. */
export const LONGEST = 25 * 3_600_000
const ENDED = 100
const ranOut = lt(attempt.leaseUntil, sql`now()`)

/** The fence: whatever a runner writes, it writes only to an attempt that is its own at that very epoch. */
export const heldBy = (by: {
  readonly id: AttemptId
  readonly epoch: number
  readonly runner: string
}) =>
  and(
    eq(attempt.id, by.id),
    eq(attempt.epoch, by.epoch),
    eq(attempt.runner, by.runner),
    isNull(attempt.endedAt),
  )

export function openAttempts(parts: Bare): Omit<Attempts, 'onAttempt'> {
  const { db, clock, pokes } = parts
  return {
    async claim({ runner, milliseconds, limit, only }) {
      const waiting = db
        .select({ id: attempt.id })
        .from(attempt)
        .where(
          and(
            isNull(attempt.runner),
            isNull(attempt.endedAt),
            only.tiers === null ? undefined : inArray(attempt.tier, [...only.tiers]),
            only.profiles === null ? undefined : inArray(attempt.profile, [...only.profiles]),
            only.repositories === null ? undefined : inArray(repositoryOf, [...only.repositories]),
          ),
        )
        .orderBy(asc(attempt.startedAt), asc(attempt.id))
        .limit(limit)
        // What another runner takes at this moment is passed over instead of waited for.
        .for('update', { skipLocked: true })
      // In a `with`, which is evaluated once: as a mere subquery its limit was seen to be exceeded.
      const free = db.$with('free').as(waiting)
      const rows = await db
        .with(free)
        .update(attempt)
        .set({ runner, leaseUntil: leaseFor(milliseconds) })
        .where(
          and(
            inArray(attempt.id, db.select({ id: free.id }).from(free)),
            isNull(attempt.runner),
            isNull(attempt.endedAt),
          ),
        )
        .returning()
      return rows.map(toAttempt)
    },

    async beat(id, epoch, { runner, milliseconds, phase, progress }) {
      const [row] = await db
        .update(attempt)
        .set({
          leaseUntil: leaseFor(milliseconds),
          ...(phase === undefined ? {} : { phase }),
          ...(progress === undefined ? {} : { progress }),
        })
        .where(heldBy({ id, epoch, runner }))
        .returning({ stop: attempt.stop })
      return row === undefined ? { held: false, stop: null } : { held: true, stop: row.stop }
    },

    async finish(id, epoch, { runner, fact, bundle: work }) {
      const finished = await transact(db, async (tx) => {
        const [held] = await tx
          .select({ task: attempt.task })
          .from(attempt)
          .where(heldBy({ id, epoch, runner }))
          .for('update')
        if (held === undefined) return null
        if (work !== null) {
          await tx.delete(bundle).where(eq(bundle.task, held.task))
          await tx
            .insert(bundle)
            .values({ ...work, attempt: id, task: held.task, epoch, storedAt: clock.now() })
        }
        const fresh = await insertFacts(tx, [fact], parts)
        await parts.announce?.(tx, 'inbox', fresh)
        return fresh
      })
      if (finished !== null) pokes.fire('inbox', finished)
      return finished !== null
    },

    async bundle(id, head) {
      const [row] = await db
        .select({ base: bundle.base, head: bundle.head, bytes: bundle.bytes })
        .from(bundle)
        .where(and(eq(bundle.task, id), eq(bundle.head, head)))
        .limit(1)
      return row ?? null
    },

    async ended(since) {
      const { id, task, report, startedAt, endedAt } = attempt
      const rows = await db
        .select({ id, task, report, endedAt, repo: repositoryOf.mapWith(Number) })
        .from(attempt)
        // No attempt takes longer than a day: the index over the starts bounds the search.
        .where(and(gt(startedAt, later(since, -LONGEST)), gt(endedAt, since)))
        .orderBy(desc(endedAt), desc(id))
        .limit(ENDED)
      return rows.flatMap((row) =>
        row.endedAt === null ? [] : [{ ...row, endedAt: row.endedAt, repo: repoId(row.repo) }],
      )
    },

    async orphans(runner) {
      const ours = runner === null ? undefined : eq(attempt.runner, runner)
      const rows = await db
        .select()
        .from(attempt)
        .where(and(isNull(attempt.endedAt), or(ranOut, ours)))
        .orderBy(attempt.startedAt, attempt.id)
      return rows.map(toAttempt)
    },
  }
}

export function toAttempt(row: typeof attempt.$inferSelect): Attempt {
  const { leaseUntil: _lease, actor: _actor, usage: _usage, ...rest } = row
  return rest
}
