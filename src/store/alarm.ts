/**
 * Wakes deferred acts at their moment of our clock. The queue alone would notice them at its next
 * poll, by the database's clock; this also makes a new job for each act that has lost its own.
 */
import { LONGEST_REST } from '../domain/backoff.ts'
import { later } from '../domain/ids.ts'
import type { Instant } from '../domain/ids.ts'
import { and, asc, eq, gt, lte, ne, or } from './drizzle.ts'
import type { Parts } from './parts.ts'
import { QUEUE } from './queue.ts'
import { reconcileActs } from './reconcile-acts.ts'
import { act } from './schema.ts'

/** Milliseconds between two looks for acts without a job: how long an intent can lie stranded. */
const RECONCILE = 60_000
/** A deferral by a few milliseconds may be committed only after its moment. */
const SLACK = 1000
const AFTER_FAULT = 1000

export interface Alarm {
  stop(): Promise<void>
}

/** `wake` is called when a job became due, or was made anew. */
export function startAlarm(parts: Parts, wake: () => void): Alarm {
  const { db, clock, queue, log } = parts
  const stopping = new AbortController()
  let rest = new AbortController()
  let looked = clock.now()
  let reconciled = looked
  /** Moments that were announced, whose transactions may not be committed yet. */
  let announced: Instant[] = []
  const unsubscribe = queue.onDeferred((at) => {
    announced.push(at)
    rest.abort()
  })

  /** Brings forward what became due since the last look; the backoff of a retry is left alone. */
  async function ring(now: Instant): Promise<void> {
    const since = later(looked, -SLACK)
    const due = await db
      .select({ jobId: act.jobId })
      .from(act)
      .where(
        and(
          eq(act.status, 'open'),
          or(
            and(gt(act.notBefore, since), lte(act.notBefore, now)),
            // A retry of the task's own may rest for as long as the operator says.
            and(ne(act.kind, 'wake'), gt(act.notBefore, later(now, LONGEST_REST))),
          ),
        ),
      )
    for (const { jobId } of due) {
      await queue.boss.update(QUEUE, undefined, { id: jobId, startAfter: 0 })
    }
    if (due.length > 0) wake()
    looked = now
  }

  async function soonest(now: Instant): Promise<number> {
    const [row] = await db
      .select({ at: act.notBefore })
      .from(act)
      .where(and(eq(act.status, 'open'), gt(act.notBefore, now)))
      .orderBy(asc(act.notBefore))
      .limit(1)
    announced = announced.filter((at) => at > now)
    return Math.min(now + RECONCILE, row?.at ?? Infinity, ...announced)
  }

  async function look(now: Instant): Promise<number> {
    try {
      await ring(now)
      if (now - reconciled >= RECONCILE) {
        const renewed = await reconcileActs(parts)
        if (renewed > 0) {
          log.warn({ renewed }, 'acts had lost their jobs and got new ones')
          wake()
        }
        reconciled = now
      }
      return await soonest(now)
    } catch (error) {
      log.warn({ err: error }, 'deferred acts could not be looked at')
      return now + AFTER_FAULT
    }
  }

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      rest = new AbortController()
      const next = await look(clock.now())
      const signal = AbortSignal.any([rest.signal, stopping.signal])
      await clock.sleep(Math.max(0, next - clock.now()), signal)
    }
  }

  const running = run()
  return {
    async stop() {
      unsubscribe()
      stopping.abort()
      await running
    },
  }
}
