/** What is said in return for a comment: one reply at most, which may hold several of these. `render` finds the words. */
import type { CommandName, CommandReading, CommandRefusal } from './command.ts'
import type { Sha } from './ids.ts'
import type { StateKind } from './task.ts'

/** Why a command that is right as such comes to nothing now. A person's mistake, or their luck. */
export type Because =
  /** There is no task: nobody asked for work here. */
  | { readonly kind: 'nothing-here' }
  | { readonly kind: 'ended'; readonly state: StateKind }
  /** Work is live. */
  | { readonly kind: 'live'; readonly state: StateKind }
  | { readonly kind: 'held'; readonly by: string }
  | { readonly kind: 'not-held' }
  | { readonly kind: 'issue-closed' }
  | { readonly kind: 'issue-gone' }
  /** Title or body were edited after the command that would have approved them. */
  | { readonly kind: 'text-edited' }
  | { readonly kind: 'two-profiles'; readonly labels: readonly string[] }
  | {
      readonly kind: 'unknown-profile'
      readonly name: string
      readonly known: readonly string[]
    }
  | { readonly kind: 'not-paused' }
  | { readonly kind: 'nothing-asked' }
  /** It was answered already, or gave way. `by`: the login; null: not known. `open`: the one that is open now. */
  | {
      readonly kind: 'question-closed'
      readonly question: number
      readonly by: string | null
      readonly open: number | null
    }
  | { readonly kind: 'no-such-question'; readonly open: number }
  /** The answer was written before the question was asked. */
  | { readonly kind: 'asked-later'; readonly question: number }
  | { readonly kind: 'no-such-option'; readonly question: number; readonly options: number }
  /** The question takes none but its options. */
  | { readonly kind: 'only-options'; readonly question: number; readonly options: number }
  | { readonly kind: 'nothing-to-approve' }
  /** Another commit than that which waits: an older one, perhaps, or one that was read elsewhere. */
  | { readonly kind: 'other-commit'; readonly named: Sha; readonly waits: Sha }
  /** It was said of that commit before anybody knew that something in it looks like that. */
  | { readonly kind: 'seen-since'; readonly name: string }
  /** What waits holds a live secret of ours: no word lets that out. */
  | { readonly kind: 'holds-secret'; readonly name: string }
  | { readonly kind: 'no-pull' }
  /** The pull request got a new head after the word, or after what was before them. */
  | { readonly kind: 'pushed-since'; readonly head: Sha }

export type Reply =
  | { readonly kind: 'help' }
  /** Said of the task as it stands when the reply is written. */
  | { readonly kind: 'status' }
  | { readonly kind: 'misread'; readonly reading: CommandReading }
  | { readonly kind: 'forbidden'; readonly refusal: CommandRefusal }
  /** The comment was edited before its commands were carried out. */
  | { readonly kind: 'edited' }
  | { readonly kind: 'refused'; readonly name: CommandName; readonly because: Because }
