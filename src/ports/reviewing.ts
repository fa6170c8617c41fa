/** How the operator says that somebody has looked at a pull request. Methods may throw `WorldFault`. */
import type { Missing } from './pausing.ts'

export interface ReviewedWish {
  /** `owner/name`; null where only one repository is known. */
  readonly repository: string | null
  /** Of the pull request, or of the issue whose task opened it. */
  readonly number: number
  /** Whose look it was; null: the one person's who owes it. */
  readonly login: string | null
}

export interface Reviewing {
  done(
    wish: ReviewedWish,
  ): Promise<{ readonly kind: 'reviewed'; readonly login: string; readonly head: string } | Missing>
}
