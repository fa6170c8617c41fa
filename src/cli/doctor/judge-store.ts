/** Whether what is decided can be kept. Facts in, lines out. */
import { bad, ok, warn } from './line.ts'
import type { Line } from './line.ts'

export type StoreFacts =
  /** A Yardmaster runs on the data folder and answers. */
  | { readonly kind: 'live'; readonly pid: number; readonly version: string }
  | { readonly kind: 'opened'; readonly store: 'embedded' | 'postgres' }
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
