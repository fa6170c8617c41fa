/** How the operator stops and resumes work: everywhere, or in one repository. Methods may throw `WorldFault`. */
import type { Pause } from '../domain/pause.ts'

export interface PauseWish {
  /** `owner/name`; null: everywhere. */
  readonly repository: string | null
  /** May be empty. */
  readonly reason: string
  /** What runs is parked as well: stopped, its work kept. */
  readonly now: boolean
}

export type Missing = { readonly kind: 'missing'; readonly message: string }

export interface Pausing {
  pause(wish: PauseWish): Promise<{ readonly kind: 'paused'; readonly running: number } | Missing>
  resume(wish: Pick<PauseWish, 'repository'>): Promise<
    | {
        readonly kind: 'resumed'
        /** Empty: nothing was paused. */
        readonly ended: readonly Pause[]
        /** The kill switch file of this data folder was there, and is removed. */
        readonly fileRemoved: boolean
      }
    | Missing
  >
}
