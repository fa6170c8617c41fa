/** What is remembered of a card that a person moved. */
import type { Instant } from './ids.ts'

/** The newest move of a card by a person that was decided on. */
export interface CardMove {
  /** Null: to where no column is. */
  readonly column: string | null
  readonly at: Instant
  /** It was a wish of somebody who may, and was obeyed. */
  readonly obeyed: boolean
}
