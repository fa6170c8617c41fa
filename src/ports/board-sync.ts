/** How the operator has boards shown anew from what the store knows. Methods may throw `WorldFault`. */
import type { Missing } from './pausing.ts'

export interface BoardSync {
  /** `repository`: `owner/name`; null: every one that names a board. */
  sync(repository: string | null): Promise<
    | {
        readonly kind: 'synced'
        /** Cards that are looked at, and written where they are wrong. */
        readonly cards: number
        /** The boards, such as `acme/7`. */
        readonly boards: readonly string[]
      }
    | Missing
  >
}
