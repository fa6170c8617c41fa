/**
 * Verifies the chains of all tasks. A chain alone cannot know that its end was cut off; each task's row holds that end,
 * written in the same commit, and heads that were kept outside the database show when both went back together.
 */
import type { TaskId } from '../domain/ids.ts'
import { judgeChain, LEDGER_START } from '../domain/ledger.ts'
import type { ChainBreak, LedgerEntry } from '../domain/ledger.ts'
import type { BrokenChain, LedgerVerdict, TaskHead } from '../ports/upkeep.ts'
import type { Db, Tx } from './database.ts'
import { asc, eq, gt, sql } from './drizzle.ts'
import { ledger, task } from './schema.ts'

/** Tasks in one question: some hundreds of entries, a few milliseconds of the embedded store. */
const BATCH = 20

export async function readHeads(db: Db | Tx): Promise<readonly TaskHead[]> {
  return await db
    .select({ task: task.id, n: task.ledgerN, hash: task.ledgerHash })
    .from(task)
    .orderBy(asc(task.id))
}

export async function verifyLedgers(
  db: Db | Tx,
  anchored: readonly TaskHead[] = [],
): Promise<LedgerVerdict> {
  const broken = new Map<TaskId, ChainBreak>()
  const note = (id: TaskId, found: ChainBreak | null): void => {
    if (found !== null && found.n < (broken.get(id)?.n ?? Infinity)) broken.set(id, found)
  }
  const anchors = new Map(anchored.map((head) => [head.task, head]))
  let [tasks, entries, after]: [number, number, TaskId | null] = [0, 0, null]
  for (;;) {
    const batch: readonly Chain[] = await readChains(db, after)
    for (const chain of batch) {
      tasks += 1
      entries += chain.entries.length
      note(chain.task, judgeChain(chain.entries, chain))
      note(chain.task, judgeAnchor(chain.entries, anchors.get(chain.task)))
      anchors.delete(chain.task)
      after = chain.task
    }
    if (batch.length < BATCH) break
  }
  // Whole tasks that are gone, and entries of tasks that never were.
  for (const head of anchors.values()) if (head.n > 0) note(head.task, { n: 1, how: 'cut off' })
  for (const id of await withoutTask(db)) note(id, { n: 1, how: 'added' })
  const list = [...broken].map(([id, found]): BrokenChain => ({ task: id, ...found }))
  return { tasks, entries, broken: list.toSorted((a, b) => (a.task < b.task ? -1 : 1)) }
}

interface Chain extends TaskHead {
  readonly entries: readonly LedgerEntry[]
}

/** One statement, so that rows and heads belong together while others write. */
async function readChains(db: Db | Tx, after: TaskId | null): Promise<readonly Chain[]> {
  const some = db
    .select({ id: task.id, n: task.ledgerN, hash: task.ledgerHash })
    .from(task)
    .where(after === null ? undefined : gt(task.id, after))
    .orderBy(asc(task.id))
    .limit(BATCH)
    .as('some')
  const rows = await db
    .select({ id: some.id, headN: some.n, headHash: some.hash, row: ledger })
    .from(some)
    .leftJoin(ledger, eq(ledger.task, some.id))
    .orderBy(asc(some.id), asc(ledger.n))
  const chains = new Map<TaskId, TaskHead & { readonly entries: LedgerEntry[] }>()
  for (const { id, headN, headHash, row } of rows) {
    const chain = chains.get(id) ?? { task: id, n: headN, hash: headHash, entries: [] }
    chains.set(id, chain)
    if (row !== null) chain.entries.push(asWritten(row))
  }
  return [...chains.values()]
}

/** The columns beside the entry repeat parts of it; where they say otherwise the entry counts as changed. */
function asWritten(row: typeof ledger.$inferSelect): LedgerEntry {
  const { entry } = row
  const agrees =
    entry.task === row.task &&
    entry.n === row.n &&
    entry.hash === row.hash &&
    entry.event === row.event &&
    entry.at === row.at
  return agrees ? entry : { ...entry, hash: '' }
}

function judgeAnchor(
  entries: readonly LedgerEntry[],
  anchor: TaskHead | undefined,
): ChainBreak | null {
  if (anchor === undefined || anchor.n === LEDGER_START.n) return null
  const then = entries[anchor.n - 1]
  if (then === undefined) return { n: entries.length + 1, how: 'cut off' }
  return then.hash === anchor.hash ? null : { n: anchor.n, how: 'changed' }
}

async function withoutTask(db: Db | Tx): Promise<readonly TaskId[]> {
  const known = db.select({ id: task.id }).from(task)
  const rows = await db
    .selectDistinct({ task: ledger.task })
    .from(ledger)
    .where(sql`${ledger.task} not in (${known})`)
  return rows.map((row) => row.task)
}
