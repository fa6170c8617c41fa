/** What a decider of one command is given, and what it gives back. */
import type { Actor } from '../../actor.ts'
import type { Command, CommandName } from '../../command.ts'
import type { Because, Reply } from '../../reply.ts'
import type { Sha } from '../../ids.ts'
import type { Spoken, Word } from '../../spoken.ts'
import type { Change } from '../decision.ts'

/** By what a person gives a command. The deciders are the same for all of them, and so is the permission that is asked. */
export type Route = 'comment' | 'button' | 'card' | 'cli'

/** One command of a person who may give it. */
export interface Order<Kind extends CommandName = CommandName> {
  readonly command: Command & { readonly kind: Kind }
  readonly by: Actor
  /** When it was given, among other words. */
  readonly word: Word
  readonly route: Route
  /** The comment that it stands in; null on other routes. */
  readonly spoken: Spoken | null
  /** The commit that they had before them, where the route tells. */
  readonly head?: Sha
}

/** Obeyed, or refused. What is refused changes nothing. */
export type Outcome =
  | (Change & {
      /** To be said in return; most commands are answered by what becomes of the task. */
      readonly reply?: Reply
      /** The 👍 comes later, with what was asked for. */
      readonly unconfirmed?: true
    })
  | { readonly refused: Because }

export const refused = (because: Because): Outcome => ({ refused: because })

/** Such as "@ana said `/hold`: not before Monday". */
export function saying<Kind extends CommandName>(
  order: Order<Kind>,
  reason: string | null = null,
): string {
  const how = {
    comment: `said \`/${order.command.kind}\``,
    button: `pressed the button for \`/${order.command.kind}\``,
    card: `moved the card, which means \`/${order.command.kind}\``,
    cli: `ran the command \`${order.command.kind}\``,
  }[order.route]
  return `@${order.by.login} ${how}${reason === null ? '' : `: ${reason}`}`
}
