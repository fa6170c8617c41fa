/** An escalation: something only a person may decide. It parks the attempt, frees its slot, and is answered at most once. */
import type { Actor } from './actor.ts'
import type { Instant } from './ids.ts'

/** What is asked, in the asker's words; sanitised where it is shown. */
export interface Asked {
  readonly text: string
  /** What may be chosen; empty: an answer in words is wanted. At most 9. */
  readonly options: readonly string[]
  /** Which of the options the asker recommends, counted from 1; null: none. */
  readonly recommended: number | null
}

/** Who asks: the agent at work, or Yardmaster itself once a cap is reached. */
export type About = 'work' | 'revisions' | 'checks'

export interface Question extends Asked {
  /** Counted from 1 for each task and never used again: an answer to `Q3` is no answer to anything else (I12). */
  readonly n: number
  readonly about: About
  readonly askedAt: Instant
  /** Reminders told so far. */
  readonly reminders: number
}

export interface Answer {
  /** The question's number and words, so that an agent that has lost its session still understands the answer. */
  readonly n: number
  readonly question: string
  /** The chosen option's words, or the person's own. */
  readonly text: string
  /** Counted from 1; null: answered in words. */
  readonly choice: number | null
  readonly by: Actor
  readonly at: Instant
}

export const questionName = ({ n }: { readonly n: number }): string => `Q${n}`
