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
 * In notify mode pg-boss polls for what no notification told of. Jobs that become due are told by our own alarm and a
 * backlog by each handler's end, so that polling is only the last resort: eight workers at every 4 s were two thirds of
 * the idle load. So one polls, and whoever finds a job wakes the next one: there may be more. It also bounds how long an
 * act of a process that died waits.
 */
const POLL = { pollingIntervalSeconds: 4, notifyPollingIntervalSeconds: 4 }
const SELDOM = { pollingIntervalSeconds: 60, notifyPollingIntervalSeconds: 60 }

export function openPerforming(parts: Parts): Performing {
  const { db, queue, log } = parts
  const { boss } = queue
  const workers: string[] = []
  let alarm: Alarm | null = null

  async function isCurrent(key: ActKey, jobId: string): Promise<boolean> {
    const rows = await db
      .select({ key: act.key })
      .from(act)
      .where(and(eq(act.key, key), eq(act.jobId, jobId), eq(act.status, 'open')))
    return rows.length > 0
  }

  /** One pg-boss worker, so that it can be woken by its own id: `localConcurrency` wakes only the first. */
  async function work(handler: (key: ActKey) => Promise<void>): Promise<void> {
    let worker: string | null = null
    const at = workers.length
    worker = await boss.work<ActJob>(QUEUE, at === 0 ? POLL : SELDOM, async ([job]) => {
      if (job === undefined) return
      const next = workers[(at + 1) % workers.length]
      if (next !== undefined) boss.notifyWorker(next)
      try {
        if (await isCurrent(job.data.key, job.id)) await handler(job.data.key)
      } catch (error) {
        log.warn({ err: error, act: job.data.key }, 'an act failed and will be tried again')
        throw error
      } finally {
        // Without this a finished worker sleeps until the next poll, whatever the backlog.
        if (worker !== null) boss.notifyWorker(worker)
      }
    })
    workers.push(worker)
  }

  return {
    async perform(handler, concurrency) {
      for (let i = 0; i < concurrency; i += 1) await work(handler)
      alarm ??= startAlarm(parts, () => {
        for (const worker of workers) boss.notifyWorker(worker)
      })
    },
    async stopPerforming() {
      await alarm?.stop()
      alarm = null
      await boss.offWork(QUEUE, { wait: true })
      workers.length = 0
    },
  }
}
