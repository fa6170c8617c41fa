/**
 * The inbox: facts, each once for all time, in order of arrival. An append resolves only after its
 * commit reached the disk. Measured with 32 callers of one fact each, on two cores that had other work
 * to do: 7,600 to 11,700 appends/s embedded, 15,000/s on PostgreSQL.
 */
import {
  aliasedTable,
  and,
  asc,
  eq,
  inArray,
  isNull,
  like,
  min,
  notExists,
  sql,
} from './drizzle.ts'
import { WorldFault } from '../ports/fault.ts'
import type { Aggregate, Inbox, NewFact, StoredFact } from '../ports/store.ts'
import type { Db, Tx } from './database.ts'
import { transact } from './database.ts'
import { sqlState } from './fault.ts'
import { groupCommit } from './group-commit.ts'
import type { Parts } from './parts.ts'
import { inbox, task } from './schema.ts'

export interface InboxRoom {
  readonly inbox: Omit<Inbox, 'onAppended'>
  /** Resolves when every append under way is settled. */
  readonly settled: () => Promise<void>
}

/**
 * Inserts facts whose key is new; returns the aggregates that something new came for. Columns travel as arrays, so
 * that the statement is the same for one fact and for five hundred, and none of them is parsed as hundreds of parameters.
 */
export async function insertFacts(
  tx: Db | Tx,
  facts: readonly NewFact[],
  parts: Pick<Parts, 'clock'>,
): Promise<readonly Aggregate[]> {
  return await insert(
    tx,
    facts.map((fact) => ({ fact, idle: false })),
    parts,
  )
}

/** `idle`: the fact makes no task; where there is none, nothing can come of it. */
interface Entry {
  readonly fact: NewFact
  readonly idle: boolean
}

/**
 * What nothing can come of is stored as consumed, at once: most of a busy repository's webhooks are of issues that are
 * nobody's task, and to mark them later writes each row, and its entry in each index, twice.
 */
async function insert(
  tx: Db | Tx,
  entries: readonly Entry[],
  parts: Pick<Parts, 'clock'>,
): Promise<readonly Aggregate[]> {
  const facts = entries.map(({ fact }) => fact)
  const texts = (of: (fact: NewFact) => string | null) => sql`${sql.param(facts.map(of))}::text[]`
  const idle = sql.param(entries.map((entry) => entry.idle))
  const busy = sql.param(entries.flatMap((entry) => (entry.idle ? [] : [entry.fact.aggregate])))
  const receivedAt = new Date(parts.clock.now()).toISOString()
  const { rows } = await tx.execute(sql`
    insert into ${inbox} (key, source, aggregate, kind, repo, fact, received_at, consumed_at)
    select f.key, f.source, f.aggregate, f.kind, f.repo::json, f.fact::json, ${receivedAt}::timestamptz,
      case when f.idle and f.aggregate <> all(${busy}::text[])
        and not exists (select 1 from ${task} where ${task.id} = substr(f.aggregate, 6))
        and not exists (
          select 1 from ${inbox} as i where i.aggregate = f.aggregate and i.consumed_at is null
        )
      then ${receivedAt}::timestamptz end
    from unnest(
      ${texts((fact) => fact.key)},
      ${texts((fact) => fact.source)},
      ${texts((fact) => fact.aggregate)},
      ${texts((fact) => fact.fact.kind)},
      ${texts((fact) => JSON.stringify(fact.repo))},
      ${texts((fact) => JSON.stringify(fact.fact))},
      ${idle}::boolean[]
    ) as f (key, source, aggregate, kind, repo, fact, idle)
    on conflict (key) do nothing
    returning aggregate, consumed_at is null as waits`)
  return rows
    .filter((row) => row['waits'] === true)
    .map((row) => String(row['aggregate']) as Aggregate)
}

/** One statement where nobody else listens: half the time of a transaction around it. */
async function writeFacts(entries: readonly Entry[], parts: Parts): Promise<readonly Aggregate[]> {
  const { db, announce } = parts
  if (announce === null) return await insert(db, entries, parts)
  // Another process may be storing the label at this moment, unseen: what is idle is told after the commit, by `sift`.
  const facts = entries.map(({ fact }) => fact)
  return await transact(db, async (tx) => {
    const fresh = await insertFacts(tx, facts, parts)
    await announce(tx, 'inbox', fresh)
    return fresh
  })
}

export function openInbox(parts: Parts): InboxRoom {
  const { db, pokes } = parts
  const group = groupCommit<Entry>(
    async (entries) => {
      pokes.fire('inbox', await writeFacts(entries, parts))
    },
    // 22, 23: one caller's values are not acceptable; the others' are.
    (error) => /^2[23]/.test(sqlState(error) ?? ''),
  )
  const room: InboxRoom['inbox'] = {
    append(facts, beginning) {
      if (facts.length === 0) return Promise.resolve()
      const idle = ({ aggregate, fact }: NewFact): boolean =>
        beginning?.includes(fact.kind) === false && aggregate.startsWith('task:')
      const entries = facts.map((fact) => ({ fact, idle: idle(fact) }))
      return within(parts.appendDeadline, group.add(entries))
    },

    async pending(limit) {
      const rows = await db
        .select({ aggregate: inbox.aggregate })
        .from(inbox)
        .where(isNull(inbox.consumedAt))
        .groupBy(inbox.aggregate)
        .orderBy(asc(min(inbox.seq)))
        .limit(limit)
      return rows.map((row) => row.aggregate)
    },

    async sift(aggregates, beginning) {
      if (aggregates.length === 0) return []
      const among = and(inArray(inbox.aggregate, [...aggregates]), isNull(inbox.consumedAt))
      const begins = aliasedTable(inbox, 'begins')
      await db
        .update(inbox)
        .set({ consumedAt: parts.clock.now() })
        .where(
          and(
            among,
            like(inbox.aggregate, 'task:%'),
            notExists(
              db
                .select({ one: sql`1` })
                .from(task)
                .where(eq(task.id, sql`substr(${inbox.aggregate}, 6)`)),
            ),
            notExists(
              db
                .select({ one: sql`1` })
                .from(begins)
                .where(
                  and(
                    eq(begins.aggregate, inbox.aggregate),
                    isNull(begins.consumedAt),
                    inArray(begins.kind, [...beginning]),
                  ),
                ),
            ),
          ),
        )
      const rows = await db.selectDistinct({ aggregate: inbox.aggregate }).from(inbox).where(among)
      return rows.map((row) => row.aggregate)
    },

    async unconsumed(aggregate, limit) {
      const rows = await db
        .select()
        .from(inbox)
        .where(and(eq(inbox.aggregate, aggregate), isNull(inbox.consumedAt)))
        .orderBy(asc(inbox.seq))
        .limit(limit)
      return rows.map(toFact)
    },
  }
  return { inbox: room, settled: () => group.settled() }
}

/** Marks facts as consumed; returns how many of them were not yet. */
export async function consumeFacts(
  tx: Db | Tx,
  seqs: readonly number[],
  parts: Pick<Parts, 'clock'>,
): Promise<number> {
  if (seqs.length === 0) return 0
  const rows = await tx
    .update(inbox)
    .set({ consumedAt: parts.clock.now() })
    .where(and(inArray(inbox.seq, [...seqs]), isNull(inbox.consumedAt)))
    .returning({ seq: inbox.seq })
  return rows.length
}

function toFact(row: typeof inbox.$inferSelect): StoredFact {
  const { seq, source, key, aggregate, repo, fact, receivedAt } = row
  return { seq, source, key, aggregate, repo, fact, receivedAt }
}

/** GitHub hangs up after 10 s; a webhook that cannot be stored by then must not be answered as stored. */
async function within(milliseconds: number, work: Promise<void>): Promise<void> {
  const { promise: late, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => {
    const operation = 'store.append'
    const message = `facts were not durable within ${milliseconds} ms`
    reject(new WorldFault(message, { kind: 'transient', applied: 'unknown', operation }))
  }, milliseconds)
  try {
    await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}
