/**
 * What a person may tell Yardmaster in a comment, as data: the commands, and what can be wrong with one.
 * `src/commands` reads them, `src/render` finds the words, the deciders act; none of them knows another.
 */
import type { Sha } from './ids.ts'

/** How urgent a task is, in the words that people write. */
export const PRIORITIES = { low: -1, normal: 0, high: 1, urgent: 2 } as const
export type Priority = keyof typeof PRIORITIES

/** `reason` and `text` are what a reader of the comment sees, still Markdown, never empty. */
export type Command =
  | { readonly kind: 'run' }
  | { readonly kind: 'retry' }
  | { readonly kind: 'cancel'; readonly reason: string | null }
  | { readonly kind: 'hold'; readonly reason: string | null }
  | { readonly kind: 'unhold' }
  | {
      readonly kind: 'answer'
      /** 7 for `Q7`; null: the only question that is open. */
      readonly question: number | null
      /** The number of an option, when the whole answer is one; the question knows whether it has such an option. */
      readonly option: number | null
      readonly text: string
    }
  | { readonly kind: 'approve'; readonly sha: Sha }
  | { readonly kind: 'reject'; readonly reason: string | null }
  | { readonly kind: 'revise'; readonly text: string }
  | { readonly kind: 'update' }
  | { readonly kind: 'priority'; readonly priority: Priority }
  | { readonly kind: 'status' }
  | { readonly kind: 'reviewed' }
  /** `now`: what runs is parked as well. */
  | { readonly kind: 'pause'; readonly now: boolean }
  | { readonly kind: 'resume' }
  | { readonly kind: 'help' }

export type CommandName = Command['kind']

/** Where a comment stands. A review stands on its pull request. */
export type CommandPlace = 'issue' | 'pull'

export interface ParsedCommand {
  readonly command: Command
  /** Counted from 1. With the comment's id it names this command once and for all. */
  readonly line: number
  /** The line as it stands there and as its reader sees it. */
  readonly raw: string
}

/** What is wrong with one line that was meant as a command. A person's mistake; nothing of that line was done. */
export type CommandError = {
  /** Counted from 1. */
  readonly line: number
} & (
  | { readonly kind: 'unknown'; readonly typed: string; readonly meant: string | null }
  /** `argument` as the syntax shows it, such as `<sha>`. */
  | { readonly kind: 'missing'; readonly name: CommandName; readonly argument: string }
  | { readonly kind: 'bad-sha'; readonly name: CommandName; readonly given: string }
  | {
      readonly kind: 'bad-choice'
      readonly name: CommandName
      readonly given: string
      readonly accepted: readonly string[]
    }
  /** Words after a command that takes none. */
  | { readonly kind: 'surplus'; readonly name: CommandName; readonly given: string }
  | { readonly kind: 'wrong-place'; readonly name: CommandName; readonly belongs: CommandPlace }
  /** From this line on nothing was read. */
  | { readonly kind: 'too-many'; readonly limit: number }
  /** `limit` in bytes. */
  | { readonly kind: 'too-long'; readonly limit: number }
  /** Raw HTML somewhere in the comment: what people see may not be what stands there. */
  | { readonly kind: 'html' }
  /** Characters that nobody sees stand in the line. */
  | { readonly kind: 'invisible'; readonly name: CommandName }
  /** The command is not plain text: emphasis, a link, an entity, a formula. */
  | { readonly kind: 'markup'; readonly name: CommandName }
  /** It could not be read in time. */
  | { readonly kind: 'unreadable' }
)

/** A comment that holds at least one line meant for Yardmaster. */
export interface CommandReading {
  readonly commands: readonly ParsedCommand[]
  readonly refused: readonly CommandError[]
}

/** One command as `/help` and the reference show it. */
export interface CommandManual {
  readonly name: CommandName
  /** Without the slash: `approve <sha>`. */
  readonly syntax: string
  readonly also: readonly string[]
  readonly place: CommandPlace | 'either'
  readonly permission: CommandPermission
  /**
   * Whether the person who asked for the work may give it about that work. `unless-barred`: not where the repository's
   * policy says that the requester's own approval does not count.
   */
  readonly requester: 'may' | 'unless-barred'
  readonly summary: string
  readonly examples: readonly (readonly [line: string, meaning: string])[]
}

/** The least that GitHub's permission API must say of the one who wrote the comment. */
export type CommandPermission = 'triage' | 'write'

/** Why a person may not give a command that is right as such. */
export type CommandRefusal =
  | {
      readonly kind: 'no-permission'
      readonly name: CommandName
      readonly needs: CommandPermission
    }
  /** Who asked for the work does not approve it here. */
  | { readonly kind: 'own-request'; readonly name: CommandName }
