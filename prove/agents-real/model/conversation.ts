/** A request to a model, of whichever provider, narrowed to what a script needs to say what comes next. */

export interface Tool {
  readonly name: string
  /** Its JSON schema. */
  readonly schema: unknown
  /** Responses API: the group that it is called in. */
  readonly namespace?: string
}

export type Turn =
  | { readonly by: 'user'; readonly text: string }
  | { readonly by: 'model'; readonly text: string }
  | { readonly by: 'tool'; readonly text: string }

export interface Conversation {
  readonly turns: readonly Turn[]
  readonly tools: readonly Tool[]
}

/** What the model does next; each answer of it is one such step. */
export type Step = (
  | { readonly kind: 'say'; readonly text: string }
  | { readonly kind: 'call'; readonly tool: Tool; readonly input: object }
) & {
  /** How many tokens the request is said to have had; absent: a thousand. */
  readonly tokens?: number
}

export type Script = (conversation: Conversation) => Step

export const userWords = ({ turns }: Conversation): string =>
  turns.flatMap((turn) => (turn.by === 'user' ? [turn.text] : [])).join('\n')

/**
 * What tools have answered since the user last spoke of `about`. Agents slip reminders of their own between the
 * answers, in the user's name.
 */
export function resultsSince({ turns }: Conversation, about: RegExp): readonly string[] {
  const last = turns.findLastIndex((turn) => turn.by === 'user' && about.test(turn.text))
  return turns
    .slice(last + 1)
    .flatMap((turn) => (turn.by === 'tool' && !isSearch(turn.text) ? [turn.text] : []))
}

/** What a search for tools found is no result of the work. */
const isSearch = (text: string): boolean => text.startsWith('<functions>')
