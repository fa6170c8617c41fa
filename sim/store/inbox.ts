/** The inbox in memory. */
import type { Fact } from '../../src/domain/fact.ts'
import type { TaskId } from '../../src/domain/ids.ts'
import type { Clock } from '../../src/ports/clock.ts'
import type { Aggregate, Inbox, NewFact, StoredFact } from '../../src/ports/store.ts'
import type { Database } from './database.ts'

/** Stores facts whose key is new; returns the aggregates that something new came for. */
export function insertFacts(
  database: Database,
  facts: readonly NewFact[],
  clock: Clock,
): readonly Aggregate[] {
  const fresh: Aggregate[] = []
  for (const fact of facts) {
    // As PostgreSQL does, for a key only: text in documents is kept letter by letter.
    if (fact.key.includes('\0')) throw new Error('a key holds NUL')
    if (database.facts.has(fact.key)) continue
    const stored: StoredFact = { ...fact, seq: (database.seq += 1), receivedAt: clock.now() }
    database.facts.set(fact.key, stored)
    const line = database.waiting.get(fact.aggregate)
    if (line === undefined) database.waiting.set(fact.aggregate, [stored])
    else line.push(stored)
    fresh.push(fact.aggregate)
  }
  return [...new Set(fresh)]
}

export function tell(database: Database, aggregates: readonly Aggregate[]): void {
  for (const aggregate of aggregates) for (const told of database.onFacts) told(aggregate)
}

/** Returns how many of them were not consumed yet. */
export function consumeFacts(database: Database, seqs: readonly number[]): number {
  const wanted = new Set(seqs)
  let consumed = 0
  for (const [aggregate, line] of database.waiting) {
    const left = line.filter((fact) => !wanted.has(fact.seq))
    if (left.length === line.length) continue
    consumed += line.length - left.length
    if (left.length === 0) database.waiting.delete(aggregate)
    else database.waiting.set(aggregate, left)
  }
  return consumed
}

export function openInbox(database: Database, clock: Clock): Omit<Inbox, 'onAppended'> {
  return {
    async append(facts) {
      tell(database, insertFacts(database, facts, clock))
    },
    async pending(limit) {
      return [...database.waiting]
        .toSorted(([, a], [, b]) => (a[0]?.seq ?? 0) - (b[0]?.seq ?? 0))
        .slice(0, limit)
        .map(([aggregate]) => aggregate)
    },
    async sift(aggregates, beginning) {
      for (const aggregate of aggregates) {
        const line = database.waiting.get(aggregate) ?? []
        const id = aggregate.startsWith('task:') ? (aggregate.slice(5) as TaskId) : null
        if (id === null || database.tasks.has(id) || line.some(begins(beginning))) continue
        database.waiting.delete(aggregate)
      }
      return aggregates.filter((aggregate) => database.waiting.has(aggregate))
    },
    async unconsumed(aggregate, limit) {
      return (database.waiting.get(aggregate) ?? []).slice(0, limit)
    },
  }
}

const begins =
  (beginning: readonly Fact['kind'][]) =>
  (stored: StoredFact): boolean =>
    beginning.includes(stored.fact.kind)
