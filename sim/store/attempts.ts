/** Attempts under lease in memory. Leases are judged by the database's clock, which no process moves. */
import type { Clock } from '../../src/ports/clock.ts'
import type { Attempts, Claim } from '../../src/ports/store.ts'
import type { AttemptRecord, Database } from './database.ts'
import { insertFacts, tell } from './inbox.ts'

export function openAttempts(database: Database, clock: Clock): Omit<Attempts, 'onAttempt'> {
  const lapsed = ({ leaseUntil }: AttemptRecord): boolean => leaseUntil < database.now()
  const heldBy = (id: AttemptRecord['row']['id'], epoch: number, runner: string) => {
    const record = database.attempts.get(id)
    if (record === undefined) return null
    const { row } = record
    const held = row.epoch === epoch && row.runner === runner && row.endedAt === null
    return held ? record : null
  }

  return {
    async claim({ runner, milliseconds, limit, only }) {
      const free = [...database.attempts.values()]
        .filter((record) => record.row.runner === null && record.row.endedAt === null)
        .filter((record) => matches(record, only))
        .slice(0, limit)
      for (const record of free) {
        record.row = { ...record.row, runner }
        record.takenAt = database.now()
        record.leaseUntil = database.now() + milliseconds
      }
      return free.map(({ row }) => row)
    },
    async beat(id, epoch, { runner, milliseconds, phase, progress }) {
      const record = heldBy(id, epoch, runner)
      if (record === null) return { held: false, stop: null }
      record.leaseUntil = database.now() + milliseconds
      record.row = {
        ...record.row,
        ...(phase === undefined ? {} : { phase }),
        ...(progress === undefined ? {} : { progress }),
      }
      return { held: true, stop: record.row.stop }
    },
    async finish(id, epoch, { runner, fact, bundle }) {
      const record = heldBy(id, epoch, runner)
      if (record === null) return false
      if (bundle !== null) database.bundles.set(record.row.task, bundle)
      tell(database, insertFacts(database, [fact], clock))
      return true
    },
    async bundle(task, head) {
      const kept = database.bundles.get(task)
      return kept?.head === head ? kept : null
    },
    async ended(since) {
      return [...database.attempts.values()]
        .flatMap(({ row: { id, task, report, endedAt }, repo }) =>
          endedAt !== null && endedAt > since ? [{ id, task, report, endedAt, repo }] : [],
        )
        .toSorted((a, b) => b.endedAt - a.endedAt || (a.id < b.id ? 1 : -1))
        .slice(0, 100)
    },
    async orphans(runner) {
      return [...database.attempts.values()]
        .filter(({ row }) => row.endedAt === null)
        .filter((record) => lapsed(record) || (runner !== null && record.row.runner === runner))
        .map(({ row }) => row)
    },
  }
}

const matches = ({ row, repo }: AttemptRecord, only: Claim['only']): boolean =>
  (only.tiers === null || (row.tier !== null && only.tiers.includes(row.tier))) &&
  (only.profiles === null || only.profiles.includes(row.profile)) &&
  (only.repositories === null || only.repositories.includes(repo))
