/** Whether what is decided can be kept. Facts in, lines out. */
import type { LedgerVerdict } from '../../ports/upkeep.ts'
import { bad, ok, warn } from './line.ts'
import type { Line } from './line.ts'

export type StoreFacts =
  /** A Yardmaster runs on the data folder and answers. */
  | {
      readonly kind: 'live'
      readonly pid: number
      readonly version: string
      /** Null: it is of another version, which may not know the question. */
      readonly ledgers: LedgerVerdict | null
    }
  | {
      readonly kind: 'opened'
      readonly store: 'embedded' | 'postgres'
      readonly ledgers: LedgerVerdict
    }
  /** Nothing has run here yet. `writable`: the folder can be made. */
  | { readonly kind: 'absent'; readonly writable: boolean }
  | { readonly kind: 'failed'; readonly message: string }

export function judgeStore(facts: StoreFacts, folder: string, version: string): Line {
  switch (facts.kind) {
    case 'live':
      return facts.version === version
        ? ok('store', `in use by the Yardmaster that runs here (process ${facts.pid})`)
        : warn(
            'store',
            `in use by process ${facts.pid} of version ${facts.version}; this is ${version}`,
            'Restart Yardmaster, so that both are one version.',
          )
    case 'opened':
      return facts.store === 'embedded'
        ? ok('store', `embedded, in ${folder}`)
        : ok('store', 'PostgreSQL answers (DATABASE_URL)')
    case 'absent':
      return facts.writable
        ? ok('store', `will be made in ${folder} at the first start`)
        : bad(
            'store',
            `${folder} cannot be made or written by this user`,
            'Make the folder for this user, or set YARDMASTER_DATA to another.',
          )
    case 'failed':
      return bad('store', 'cannot be opened', facts.message)
    default:
      return facts satisfies never
  }
}

/** Whether what was decided is as it was written; nothing where there is no store to ask. */
export function judgeLedgers(facts: StoreFacts): readonly Line[] {
  if (facts.kind !== 'live' && facts.kind !== 'opened') return []
  if (facts.ledgers === null) return []
  const { broken, tasks } = facts.ledgers
  if (broken.length === 0) return [ok('ledgers', `${tasks} verified, each as it was written`)]
  return [
    bad(
      'ledgers',
      `${broken.length} of ${tasks} were changed after they were written`,
      'See which: yardmaster ledger verify. A damaged disk, or somebody who meddled; restore a backup.',
    ),
  ]
}

/** `mode`: the permission bits of the data folder; null when there is none yet. */
export function judgeFolder(mode: number | null, folder: string): readonly Line[] {
  if (mode === null || (mode & 0o077) === 0) return []
  return [
    warn(
      'data folder',
      `others on this machine can look into ${folder}`,
      `Close it: chmod 700 '${folder}'`,
    ),
  ]
}
