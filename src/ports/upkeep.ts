/** What keeps a store safe and honest. Apart from `Store`, because deciding has no use for it. */
import type { Instant, TaskId } from '../domain/ids.ts'
import type { ChainBreak, LedgerHead } from '../domain/ledger.ts'

export interface BackupMade {
  readonly file: string
  /** When the copy was taken: all that was acknowledged before is in it. */
  readonly at: Instant
  /** Of the compressed file. */
  readonly bytes: number
  readonly rows: number
}

/** Where a task's chain ended at some moment. */
export interface TaskHead extends LedgerHead {
  readonly task: TaskId
}

export interface BrokenChain extends ChainBreak {
  readonly task: TaskId
}

export interface LedgerVerdict {
  readonly tasks: number
  readonly entries: number
  /** In order of task; empty when every chain holds. */
  readonly broken: readonly BrokenChain[]
}

export interface Upkeep {
  /**
   * Writes one consistent copy of the whole store to a file that only its owner can read; a file of that name is
   * replaced when the new one is whole. Null where the database's own tools do it.
   */
  readonly backup: ((file: string) => Promise<BackupMade>) | null
  /** Computes every chain again, and compares its end with what the tasks' rows say and with the heads given. */
  verifyLedgers(anchored: readonly TaskHead[]): Promise<LedgerVerdict>
  /** Where every chain ends now. */
  ledgerHeads(): Promise<readonly TaskHead[]>
}
