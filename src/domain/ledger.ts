/** The append-only record of what was decided, why, by whom, and what came of it. Hash-chained per task. */
import { hash } from 'node:crypto'
import type { Instant, TaskId } from './ids.ts'

export interface LedgerDraft {
  /** A stable word for machines, such as `task.queued` or `attempt.ended`. */
  readonly event: string
  /** One sentence for people. */
  readonly why: string
  /** The login of the person who caused it; null when no person did. */
  readonly by: string | null
  readonly at: Instant
  readonly data: Readonly<Record<string, unknown>>
}

export interface LedgerEntry extends LedgerDraft {
  readonly task: TaskId
  /** Counts from 1 without gaps. */
  readonly n: number
  readonly previous: string
  readonly hash: string
}

export interface LedgerHead {
  readonly n: number
  readonly hash: string
}

export const LEDGER_START: LedgerHead = { n: 0, hash: '0'.repeat(64) }

/** Appends drafts to a chain; the result carries the hashes. */
export function chain(
  task: TaskId,
  head: LedgerHead,
  drafts: readonly LedgerDraft[],
): readonly LedgerEntry[] {
  let previous = head
  return drafts.map((draft) => {
    const body = { ...draft, task, n: previous.n + 1, previous: previous.hash }
    const entry = { ...body, hash: digest(body) }
    previous = entry
    return entry
  })
}

/** The first entry that does not follow from the one before it; null when the whole chain holds. */
export function firstBroken(entries: readonly LedgerEntry[]): number | null {
  let previous: LedgerHead = LEDGER_START
  for (const entry of entries) {
    const { hash, ...body } = entry
    if (entry.n !== previous.n + 1 || entry.previous !== previous.hash || digest(body) !== hash)
      return previous.n + 1
    previous = entry
  }
  return null
}

/** Where a chain does not hold, and how. */
export interface ChainBreak {
  /** The first entry that is not as it was written. */
  readonly n: number
  readonly how: 'changed' | 'cut off' | 'added'
}

/** Judges a whole chain against the end that was recorded apart from it; null when both agree. */
export function judgeChain(entries: readonly LedgerEntry[], head: LedgerHead): ChainBreak | null {
  const broken = firstBroken(entries)
  if (broken !== null && broken <= head.n) return { n: broken, how: 'changed' }
  if (entries.length < head.n) return { n: entries.length + 1, how: 'cut off' }
  if (entries.length > head.n) return { n: head.n + 1, how: 'added' }
  const last = entries.at(-1)?.hash ?? LEDGER_START.hash
  return last === head.hash ? null : { n: head.n, how: 'changed' }
}

function digest(body: Omit<LedgerEntry, 'hash'>): string {
  return hash('sha256', canonical(body))
}

/** Keys sorted at every depth, so that a trip through the store's jsonb (which reorders keys) hashes the same. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  if (value === null || typeof value !== 'object') return JSON.stringify(value ?? null)
  const fields = Object.entries(value)
    .filter(([, field]) => field !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${fields.map(([key, field]) => `${JSON.stringify(key)}:${canonical(field)}`).join(',')}}`
}
