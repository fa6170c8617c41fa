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
  | { readonly kind: 'wake'; readonly timer: 'retry' }

export interface Act {
  readonly key: ActKey
  readonly task: TaskId
  readonly epoch: number
  /** Not before this moment; null: at once. */
  readonly notBefore: Instant | null
  readonly detail: ActDetail
}
