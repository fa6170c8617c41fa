/**
 * Performs acts from the queue. At most one job of an act counts: the one that its row names; a job
 * left over from before a deferral or a new wish is dropped unperformed.
 */
import type { ActKey } from '../domain/ids.ts'
import type { Acts } from '../ports/store.ts'
import type { Alarm } from './alarm.ts'
import { startAlarm } from './alarm.ts'
import { and, eq } from './drizzle.ts'
import type { Parts } from './parts.ts'
import type { ActJob } from './queue.ts'
import { QUEUE } from './queue.ts'
import { act } from './schema.ts'

export type Performing = Pick<Acts, 'perform' | 'stopPerforming'>

/**
 * Who commits an act wakes one worker; a worker that finds a job wakes the next one, because there may be more, and looks
 * again when it is done. Polling is the last resort, for what a process that died had under way and for what pg-boss
 * tries again: eight workers at every 4 s were two thirds of the idle load, so one polls for all.
 */
const POLL = { pollingIntervalSeconds: 4 }
const SELDOM = { pollingIntervalSeconds: 60 }

export function openPerforming(parts: Parts): Performing {
  const { db, queue, log, pokes } = parts
  const { boss } = queue
  const workers: string[] = []
  /** Those that perform an act just now. */
  const busy = new Set<string>()
  let unsubscribe: (() => void) | null = null
  let alarm: Alarm | null = null

  async function isCurrent(key: ActKey, jobId: string): Promise<boolean> {
    const rows = await db
      .select({ key: act.key })
      .from(act)
      .where(and(eq(act.key, key), eq(act.jobId, jobId), eq(act.status, 'open')))
    return rows.length > 0
  }

  /** The first one is left to poll where another is free. */
  function wake(): void {
    const free = workers.findLast((worker) => !busy.has(worker))
    if (free !== undefined) boss.notifyWorker(free)
  }

  /** One pg-boss worker, so that it can be woken by its own id: `localConcurrency` wakes only the first. */
  async function work(handler: (key: ActKey) => Promise<void>): Promise<void> {
    const polling = workers.length === 0 ? POLL : SELDOM
    // It may be at work before it has told its id.
    const { promise: id, resolve } = Promise.withResolvers<string>()
    resolve(
      await boss.work<ActJob>(QUEUE, polling, async ([job]) => {
        if (job === undefined) return
        const worker = await id
        busy.add(worker)
        wake()
        try {
          if (await isCurrent(job.data.key, job.id)) await handler(job.data.key)
        } catch (error) {
          log.warn({ err: error, act: job.data.key }, 'an act failed and will be tried again')
          throw error
        } finally {
          busy.delete(worker)
          // Without this a finished worker sleeps until the next poll, whatever the backlog.
          boss.notifyWorker(worker)
        }
      }),
    )
    workers.push(await id)
  }

  return {
    async perform(handler, concurrency) {
      for (let i = 0; i < concurrency; i += 1) await work(handler)
      unsubscribe ??= pokes.on('act', wake)
      alarm ??= startAlarm(parts, wake)
    },
    async stopPerforming() {
      unsubscribe?.()
      unsubscribe = null
      await alarm?.stop()
      alarm = null
      await boss.offWork(QUEUE, { wait: true })
      workers.length = 0
    },
  }
}
