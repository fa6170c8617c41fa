/** One thing to do once in the world. Its row is the intent; its job carries only the key. */
import type { Actor } from './actor.ts'
import type { Notice } from './notice.ts'
import type { ActKey, Instant, Sha, TaskId } from './ids.ts'
import type { SpokenRef } from './spoken.ts'

export type Reaction = 'eyes' | '+1' | 'confused'

export type ActDetail =
  | {
      readonly kind: 'push'
      readonly branch: string
      readonly head: Sha
      /** What our branch must still point at (null: it must not exist) for the push to be ours to make. */
      readonly expected: Sha | null
      /** Who said yes at a gate to exactly this head; whether they still may is asked again. */
      readonly approver?: Actor
      /** That person was shown what in it looks like a secret, and let it pass. */
      readonly seen?: true
    }
  | {
      readonly kind: 'open-pull'
      readonly branch: string
      readonly head: Sha
      readonly draft: boolean
    }
  | {
      readonly kind: 'comment'
      readonly notice: Notice
      /** Of the issue or pull request where it is said; null: on the task's issue. */
      readonly on: number | null
    }
  /** In this order. GitHub makes the same reaction once, so that it is safe to repeat. */
  | {
      readonly kind: 'react'
      readonly to: SpokenRef
      readonly contents: readonly Reaction[]
      /** `nothing-runs`: not before no attempt runs in the repository any more; never, if it is not paused any more. */
      readonly when: 'at-once' | 'nothing-runs'
    }
  /** Says in the thread of a remark what came of it. */
  | {
      readonly kind: 'answer-remark'
      readonly pull: number
      /** The review comment's id. */
      readonly comment: number
      /** The commit in which it was seen to; null: it was not, and why. */
      readonly head: Sha | null
      readonly why: string
    }
  /** Asks for another look at the head. */
  | {
      readonly kind: 'ask-review'
      readonly pull: number
      readonly login: string
      readonly head: Sha
    }
  /** Asks somebody for a look at a pull request that was just opened; whom, is found when it is performed. */
  | { readonly kind: 'assign-review'; readonly pull: number }
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

/** Answers to people: owed whatever becomes of the task, so that nothing which ends it calls them off. */
export const OWED = ['react:', 'reply:'] as const

export const isOwed = (key: ActKey): boolean => OWED.some((prefix) => key.startsWith(prefix))
