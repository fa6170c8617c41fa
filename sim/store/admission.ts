/** Slots and pauses in memory. */
import { later } from '../../src/domain/ids.ts'
import type { Spending } from '../../src/domain/budget.ts'
import type { Instant, RepoId } from '../../src/domain/ids.ts'
import { waitsForReview } from '../../src/domain/review-queue.ts'
import { inEffect } from '../../src/domain/pause.ts'
import type { Served } from '../../src/domain/turns.ts'
import type { Clock } from '../../src/ports/clock.ts'
import type { Admission, Start } from '../../src/ports/store.ts'
import type { Database } from './database.ts'
import { aliveRunners } from './runners.ts'
import {
  checkLedger,
  isCurrent,
  ledgerHead,
  liveAttempt,
  touchSurfaces,
  writeLedger,
  writeTask,
} from './tasks.ts'

const DAY = 86_400_000

function countReviews({ tasks }: Database): ReadonlyMap<RepoId, number> {
  const open = [...tasks.values()].filter(waitsForReview)
  return new Map(
    [...Map.groupBy(open, ({ repo }) => repo)].map(([repo, own]) => [repo, own.length]),
  )
}

/** `queued`: with all attempts of the tasks that wait for a slot. */
function readSpent(
  { attempts, tasks }: Database,
  since: Instant,
  queued: boolean,
): readonly Spending[] {
  return [...attempts.values()].flatMap(({ row, repo }) => {
    const { task, n, endedAt, allowance, report } = row
    if (endedAt === null || report === null) return []
    const waits = queued && tasks.get(task)?.state.kind === 'queued'
    return endedAt > since || waits
      ? [{ task, repo, n, endedAt, allowance, usage: report.usage }]
      : []
  })
}

export function openAdmission(database: Database, clock: Clock): Admission {
  return {
    async view() {
      const since = later(clock.now(), -DAY)
      const startedByActor = new Map<number, number>()
      const served = new Map<string, Served>()
      const live = []
      for (const { row, actor, repo } of database.attempts.values()) {
        if (row.endedAt === null)
          live.push({ ...row, repo, actor, losses: database.tasks.get(row.task)?.losses ?? 0 })
        if (row.startedAt < since) continue
        if (actor !== null) startedByActor.set(actor, (startedByActor.get(actor) ?? 0) + 1)
        const key = `${repo} ${actor}`
        const last = served.get(key)?.last ?? row.startedAt
        served.set(key, { repo, actor, last: last > row.startedAt ? last : row.startedAt })
      }
      return {
        version: database.slots,
        queued: [...database.tasks.values()]
          .filter((task) => task.state.kind === 'queued')
          .toSorted((a, b) => a.repo - b.repo || a.number - b.number),
        live,
        repositories: [...database.repositories.values()],
        pauses: [...database.pauses.values()],
        openReviews: countReviews(database),
        startedByActor,
        spent: readSpent(database, since, true),
        served: [...served.values()],
        runners: aliveRunners(database),
      }
    },
    async admit(version, starts, within) {
      if (version !== database.slots) return false
      if (!starts.every((start) => isCurrent(database, start.task, start.expected))) return false
      for (const start of starts) {
        if (liveAttempt(database, start.task.id) !== null)
          throw new Error(`the task ${start.task.id} has a live attempt`)
        checkLedger(database, start.ledger)
      }
      database.slots += 1
      for (const start of starts) writeStart(database, start, { clock, within })
      for (const { attempt } of starts) for (const told of database.onAttempts) told(attempt.id)
      return true
    },
    spent: async () => readSpent(database, later(clock.now(), -DAY), false),
    ledgerHead: async (task) => ledgerHead(database, task),
    async pause(pause) {
      database.slots += 1
      database.pauses.set(pause.scope, pause)
    },
    async unpause(scope) {
      const pause = database.pauses.get(scope)
      if (pause === undefined || !inEffect(pause, clock.now())) return
      database.pauses.set(scope, { ...pause, until: clock.now(), now: false })
    },
    pauses: async () => [...database.pauses.values()],
  }
}

function writeStart(
  database: Database,
  start: Start,
  { clock, within }: { readonly clock: Clock; readonly within: number },
): void {
  writeTask(database, start.task, start.expected)
  database.attempts.set(start.attempt.id, {
    row: start.attempt,
    actor: start.task.wish?.by.id ?? null,
    repo: start.task.repo,
    leaseUntil: database.now() + within,
    takenAt: null,
  })
  writeLedger(database, start.ledger)
  touchSurfaces(database, { task: start.task.id, surfaces: start.surfaces }, clock)
}
