/** An escalation: something only a person may decide. It parks the attempt, frees its slot, and is answered at most once. */
import type { Actor } from './actor.ts'
import type { AttemptId, Instant, Sha } from './ids.ts'

/** One digit is enough to answer, and more than that is no decision any more. */
export const MAX_OPTIONS = 9

/** What is asked, in the asker's words; sanitised where it is shown. */
export interface Asked {
  readonly text: string
  /** What may be chosen; empty: an answer in words is wanted. At most 9. */
  readonly options: readonly string[]
  /** Which of the options the asker recommends, counted from 1; null: none. */
  readonly recommended: number | null
}

/** Who asks: the agent at work, or Yardmaster itself once a cap is reached. */
export type About = 'work' | 'revisions' | 'checks' | 'budget'

export interface Question extends Asked {
  /** Counted from 1 for each task and never used again: an answer to `Q3` is no answer to anything else (I12). */
  readonly n: number
  readonly about: About
  readonly askedAt: Instant
  /** Reminders told so far. */
  readonly reminders: number
  /** Somebody who replied in plain words was told how to answer. */
  readonly hinted: boolean
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
  /** It was about money, which is nothing to the agent. */
  readonly about?: 'budget'
}

/** Without options. */
export const askedInWords = (text: string): Asked => ({ text, options: [], recommended: null })

/** What an asker gave as options and recommendation, brought within bounds: what is none of its options is no recommendation. */
export function askedOf(given: {
  readonly text: string
  readonly options?: readonly string[] | undefined
  readonly recommended?: number | null | undefined
}): Asked {
  const options = (given.options ?? []).slice(0, MAX_OPTIONS)
  const { recommended = null } = given
  const known = recommended !== null && Number.isInteger(recommended) && recommended >= 1
  return {
    text: given.text,
    options,
    recommended: known && recommended <= options.length ? recommended : null,
  }
}

/** Where the next attempt goes on: what the one that asked has left behind. */
export interface Resume {
  readonly attempt: AttemptId
  readonly base: Sha | null
  /** Its collected work; null: it had changed nothing. */
  readonly head: Sha | null
  /** The agent was done, and only the checks were not: they are all that is left to do. */
  readonly worked?: true
  /** The agent's own name of the conversation; null: it cannot be taken up again. */
  readonly session: string | null
  /** Whose conversation it is: another profile's program does not know it. Absent: whichever goes on. */
  readonly profile?: string
  /** How going on there last failed. Failing alike once more, it is gone on with in a new conversation. */
  readonly failed?: string
  /** US dollars that this conversation has come to: agents tell the sum of all of it. Absent: unknown. */
  readonly told?: number
}

/** GitHub tells moments in whole seconds: what was said in the second of the question may well be about it. */
export const isBefore = (at: Instant, { askedAt }: Pick<Question, 'askedAt'>): boolean =>
  at < Math.floor(askedAt / 1_000) * 1_000

export const questionName = ({ n }: { readonly n: number }): string => `Q${n}`
