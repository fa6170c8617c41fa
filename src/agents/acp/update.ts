/** A `session/update` narrowed to what we tell people. Anything else, newer or broken is nothing, never an error. */
import { z } from 'zod'
import type { PlanItem } from '../../domain/attempt.ts'
import { readSessionFailure, type SessionFailure } from './session-failure.ts'

export type Update =
  | { readonly kind: 'message'; readonly id: string | null; readonly text: string }
  | { readonly kind: 'tool'; readonly title: string }
  | { readonly kind: 'plan'; readonly items: readonly PlanItem[] }
  | {
      readonly kind: 'usage'
      readonly tokens: number | null
      readonly cost: number | null
      /** How many tokens the context holds. */
      readonly size: number | null
    }
  | { readonly kind: 'failure'; readonly failure: SessionFailure }

const Params = z.object({
  sessionId: z.string(),
  update: z.looseObject({ sessionUpdate: z.string() }),
})
const Message = z.object({
  content: z.object({ type: z.literal('text'), text: z.string() }),
  messageId: z.string().nullish(),
})
const Tool = z.object({ title: z.string() })
const Plan = z.object({
  entries: z.array(
    z.object({
      content: z.string(),
      status: z.enum(['pending', 'in_progress', 'completed']).catch('pending'),
    }),
  ),
})
const UsageUpdate = z.object({
  used: z.number().nonnegative().nullish(),
  size: z.number().nonnegative().nullish(),
  cost: z.object({ amount: z.number().nonnegative(), currency: z.string() }).nullish(),
})

/** All that one update says, for the session `sessionId`; updates of another session are dropped. */
export function readUpdate(params: unknown, sessionId: string): readonly Update[] {
  const parsed = Params.safeParse(params)
  if (!parsed.success || parsed.data.sessionId !== sessionId) return []
  const { update } = parsed.data
  const failure = readSessionFailure(update['_meta']) ?? readSessionFailure(metaOf(params))
  const told = readKind(update.sessionUpdate, update)
  return [
    ...(told === null ? [] : [told]),
    ...(failure ? [{ kind: 'failure', failure } as const] : []),
  ]
}

const metaOf = (params: unknown): unknown =>
  typeof params === 'object' && params !== null && '_meta' in params ? params._meta : null

function readKind(kind: string, update: unknown): Update | null {
  switch (kind) {
    case 'agent_message_chunk': {
      const { data } = Message.safeParse(update)
      return data ? { kind: 'message', id: data.messageId ?? null, text: data.content.text } : null
    }
    case 'tool_call': {
      const { data } = Tool.safeParse(update)
      return data ? { kind: 'tool', title: data.title } : null
    }
    case 'plan': {
      const { data } = Plan.safeParse(update)
      const items = data?.entries.map(({ content, status }) => ({ text: content, status }))
      return items ? { kind: 'plan', items } : null
    }
    case 'usage_update': {
      const { data } = UsageUpdate.safeParse(update)
      if (!data) return null
      const cost = data.cost?.currency === 'USD' ? data.cost.amount : null
      return { kind: 'usage', tokens: data.used ?? null, cost, size: data.size ?? null }
    }
    default:
      return null
  }
}
