/** What one provider's way of speaking comes to. */
import type { Conversation, Step } from './conversation.ts'
import type { Fields } from './json.ts'

export type Reply =
  | { readonly kind: 'json'; readonly body: object }
  /** Server-sent events; each with its `type` as its name where it has one. */
  | { readonly kind: 'events'; readonly events: readonly object[]; readonly done?: string }

export interface Dialect {
  readonly name: string
  serves(path: string): boolean
  read(body: Fields): Conversation
  /** `id`: unique among all answers. */
  answer(step: Step, body: Fields, id: string): Reply
}
