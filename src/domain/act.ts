/** One thing to do once in the world. Its row is the intent; its job carries only the key. */
import type { Notice } from './notice.ts'
import type { ActKey, Instant, Sha, TaskId } from './ids.ts'

export type ActDetail =
  | {
      readonly kind: 'push'
      readonly branch: string
      readonly head: Sha
      /** What our branch must still point at (null: it must not exist) for the push to be ours to make. */
      readonly expected: Sha | null
    }
  | {
      readonly kind: 'open-pull'
      readonly branch: string
      readonly head: Sha
      readonly draft: boolean
    }
  | { readonly kind: 'comment'; readonly notice: Notice }
  | ({ readonly kind: 'wake' } & Timer)

export type Timer =
  | { readonly timer: 'retry' }
  /** Tells the one who was asked once more, if the question is still open then. */
  | { readonly timer: 'remind'; readonly question: number; readonly at: Instant }

export interface Act {
  readonly key: ActKey
  readonly task: TaskId
  readonly epoch: number
  /** Not before this moment; null: at once. */
  readonly notBefore: Instant | null
  readonly detail: ActDetail
}
