/** Slots, leases and pauses in memory. Leases are judged by the database's clock, which no process moves. */
import { later } from '../../src/domain/ids.ts'
import type { Clock } from '../../src/ports/clock.ts'
import type { Admission, Attempts, Start } from '../../src/ports/store.ts'
import type { Database } from './database.ts'
import {
  checkLedger,
  intendActs,
  isCurrent,
  ledgerHead,
  liveAttempt,
  touchSurfaces,
  writeLedger,
  writeTask,
} from './tasks.ts'

const DAY = 86_400_000

export function openAdmission(database: Database, clock: Clock): Admission {
  return {
    async view() {
      const since = later(clock.now(), -DAY)
      const startedByActor = new Map<number, number>()
      const live = []
      for (const { row, actor, repo } of database.attempts.values()) {
        if (row.endedAt === null) live.push({ ...row, repo })
        if (actor !== null && row.startedAt >= since)
          startedByActor.set(actor, (startedByActor.get(actor) ?? 0) + 1)
      }
      return {
        version: database.slots,
        queued: [...database.tasks.values()].filter((task) => task.state.kind === 'queued'),
        live,
        repositories: [...database.repositories.values()],
        pauses: [...database.pauses.values()],
        startedByActor,
      }
    },
    async admit(version, starts) {
      if (version !== database.slots) return false
      if (!starts.every((start) => isCurrent(database, start.task, start.expected))) return false
      for (const start of starts) {
        if (liveAttempt(database, start.task.id) !== null)
          throw new Error(`the task ${start.task.id} has a live attempt`)
        checkLedger(database, start.ledger)
      }
      database.slots += 1
      for (const start of starts) writeStart(database, start, clock)
      return true
    },
    ledgerHead: async (task) => ledgerHead(database, task),
    async pause(pause) {
      database.pauses.set(pause.scope, pause)
    },
    async unpause(scope) {
      database.pauses.delete(scope)
    },
  }
}

function writeStart(database: Database, start: Start, clock: Clock): void {
  writeTask(database, start.task, start.expected)
  database.attempts.set(start.attempt.id, {
    row: start.attempt,
    actor: start.task.wish?.by.id ?? null,
    repo: start.task.repo,
    leaseUntil: null,
  })
  writeLedger(database, start.ledger)
  intendActs(database, [start.act], clock)
  touchSurfaces(database, { task: start.task.id, surfaces: start.surfaces }, clock)
}

export function openAttempts(database: Database): Attempts {
  return {
    async claim(id, epoch, { runner, milliseconds }) {
      const record = database.attempts.get(id)
      if (record === undefined || record.row.epoch !== epoch || record.row.endedAt !== null)
        return null
      const lapsed = record.leaseUntil !== null && record.leaseUntil < database.now()
      if (record.row.runner !== null && !lapsed) return null
      record.row = { ...record.row, runner }
      record.leaseUntil = database.now() + milliseconds
      return record.row
    },
    async beat(id, epoch, { runner, milliseconds, phase, progress }) {
      const record = database.attempts.get(id)
      const held =
        record !== undefined &&
        record.row.epoch === epoch &&
        record.row.runner === runner &&
        record.row.endedAt === null
      if (!held) return { held: false, stop: null }
      record.leaseUntil = database.now() + milliseconds
      record.row = {
        ...record.row,
        ...(phase === undefined ? {} : { phase }),
        ...(progress === undefined ? {} : { progress }),
      }
      return { held: true, stop: record.row.stop }
    },
    async orphans(runner) {
      return [...database.attempts.values()]
        .filter(({ row, leaseUntil }) => {
          const lapsed = leaseUntil !== null && leaseUntil < database.now()
          return row.endedAt === null && (lapsed || (runner !== null && row.runner === runner))
        })
        .map(({ row }) => row)
    },
  }
}
