/** What runners without a credential ask of the apps. A request counts only while its runner holds the attempt it names. */
import type { Requests } from '../ports/store.ts'
import { heldBy } from './attempts.ts'
import { transact } from './database.ts'
import { and, asc, eq, isNotNull, isNull, lt, notExists, or, sql } from './drizzle.ts'
import type { Bare } from './parts.ts'
import { attempt, request, runner } from './schema.ts'

/** Whoever asked has given up long ago. */
const ABANDONED = sql`now() - interval '5 minutes'`

export function openRequests(parts: Bare): Omit<Requests, 'onRequest'> {
  const { db, pokes, announce } = parts
  const isNotHeld = notExists(
    db
      .select({ one: sql`1` })
      .from(attempt)
      .where(
        and(
          eq(attempt.id, request.attempt),
          eq(attempt.epoch, request.epoch),
          eq(attempt.runner, request.runner),
          isNull(attempt.endedAt),
        ),
      ),
  )
  return {
    async ask({ id, runner: by, attempt: about, epoch, question }) {
      const asked = await transact(db, async (tx) => {
        const rows = await tx
          .select({ id: attempt.id })
          .from(attempt)
          .where(heldBy({ id: about, epoch, runner: by }))
        if (rows.length === 0) return false
        await tx.insert(request).values({ id, runner: by, attempt: about, epoch, detail: question })
        await announce?.(tx, 'request', [id])
        return true
      })
      if (asked) pokes.fire('request', [id])
      return asked
    },

    async asked(limit) {
      await db.delete(request).where(or(lt(request.askedAt, ABANDONED), isNotHeld))
      const rows = await db
        .select({ request, publicKey: runner.publicKey })
        .from(request)
        .innerJoin(runner, eq(runner.name, request.runner))
        .where(and(isNull(request.answeredAt), isNotNull(runner.publicKey)))
        .orderBy(asc(request.askedAt))
        .limit(limit)
      return rows.map(({ request: row, publicKey }) => ({
        id: row.id,
        runner: row.runner,
        attempt: row.attempt,
        epoch: row.epoch,
        question: row.detail,
        publicKey: publicKey ?? '',
      }))
    },

    async answer(id, sealed) {
      await transact(db, async (tx) => {
        await tx
          .update(request)
          .set({ answer: { sealed }, answeredAt: sql`now()` })
          .where(and(eq(request.id, id), isNull(request.answeredAt)))
        await announce?.(tx, 'request', [id])
      })
      pokes.fire('request', [id])
    },

    async pickUp(id, by) {
      const [row] = await db
        .delete(request)
        .where(and(eq(request.id, id), eq(request.runner, by), isNotNull(request.answeredAt)))
        .returning({ answer: request.answer })
      return row?.answer?.sealed ?? null
    },
  }
}
