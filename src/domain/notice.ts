import type { Reply } from './reply.ts'
import type { SpokenRef } from './spoken.ts'
import type { Gate } from './gate.ts'
import type { Sha } from './ids.ts'
import type { Withheld } from './withheld.ts'

/** Why a comment of its own is worth a person's attention. `render/comments` says it; the status comment says all else. */
import type { AttemptId } from './ids.ts'
import type { Question } from './question.ts'

export type Notice =
  /** Somebody who may not start work set the label. `permission` null: it could not be known who. */
  | {
      readonly kind: 'refused'
      readonly login: string | null
      readonly why: 'reader' | 'bot' | 'unknown-actor'
    }
  | { readonly kind: 'two-profiles'; readonly labels: readonly string[] }
  | {
      readonly kind: 'unknown-profile'
      readonly name: string
      readonly known: readonly string[]
      readonly trigger: string
    }
  /** Something only a person may decide; `login` is the one who asked for the work. */
  | { readonly kind: 'question'; readonly login: string; readonly question: Question }
  /** The question is still open. */
  | { readonly kind: 'reminder'; readonly login: string; readonly question: Question }
  /** Somebody replied in plain words while a question was open. */
  | { readonly kind: 'how-to-answer'; readonly login: string; readonly question: Question }
  /** The task has failed for good; `login` is the one who asked for it. */
  | { readonly kind: 'failed'; readonly login: string; readonly reason: string }
  /** In return for one comment. */
  | {
      readonly kind: 'reply'
      readonly to: SpokenRef
      readonly login: string
      readonly replies: readonly Reply[]
    }
  /** Yardmaster has said so much here that it may be talking to itself. */
  | { readonly kind: 'breaker'; readonly login: string | null; readonly held: boolean }
  /** Verified work waits for a person's yes; `login` is the one who asked for it. */
  | { readonly kind: 'gate'; readonly login: string; readonly gate: Gate }
  /** Workflow files, which only a person may push, for that person to apply. `alone`: there is nothing else, so the task waits for it. */
  | {
      readonly kind: 'withheld'
      readonly login: string
      readonly withheld: Withheld
      readonly base: Sha
      readonly alone: boolean
    }
  /** The repository is paused, because the tasks of these issues failed alike; `attempt`: the last of them. */
  | {
      readonly kind: 'failed-alike'
      readonly attempt: AttemptId
      readonly login: string | null
      readonly issues: readonly number[]
      readonly error: string
      readonly line: string | null
    }
  /** A revision came to nothing; the pull request stays at that head. */
  | {
      readonly kind: 'revision-failed'
      readonly login: string
      readonly head: Sha
      readonly reason: string
    }

/** All that is said of it is in it; a gate is shown with the change that it asks about, a reply with how things stand. */
export type PlainNotice = Exclude<Notice, { kind: 'gate' | 'reply' }>
