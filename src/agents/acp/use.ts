/**
 * What an agent uses, added up from what it tells: the cost of its whole conversation, the size of its context now and
 * then, and the sum of its tokens at the end of the turn. What it does not tell stays unknown.
 */
import { z } from 'zod'
import type { Usage } from '../../domain/attempt.ts'

/** The tokens of a turn; of what kind they were as well, where the agent tells it. */
export type TurnUse = Omit<Usage, 'cost' | 'tokens'> & { readonly tokens: number }

export interface Use {
  /** `tokens`: in the context now. `cost`: US dollars of the whole conversation so far. */
  hear(told: { readonly tokens: number | null; readonly cost: number | null }): void
  count(turn: TurnUse): void
  usage(): Usage
}

/** `before`: what the conversation came to before it was taken up again; agents go on counting from there (seen with Claude). */
export function addUp(before: () => number): Use {
  let cost: number | null = null
  let base: number | null = null
  let context: number | null = null
  let most = 0
  let read = 0
  let turn: TurnUse | null = null

  return {
    hear(told) {
      if (told.tokens !== null && told.tokens !== context) {
        // Each request sends the whole context again: that is what a model is paid for, and no turn tells it before its end.
        context = told.tokens
        most = Math.max(most, told.tokens)
        read += told.tokens
      }
      if (told.cost === null) return
      // One that tells less than before counts from nothing again.
      base ??= told.cost >= before() ? before() : 0
      cost = Math.max(0, told.cost - base)
    },
    count(told) {
      turn = turn === null ? told : both(turn, told)
    },
    usage() {
      if (turn !== null) return { ...turn, cost }
      // Where the cost is known, tokens limit nothing, and an estimate would only be wrong.
      return { tokens: context === null ? null : cost === null ? read : most, cost }
    },
  }
}

/** Two turns of one conversation. Their kinds of tokens add up only where both are told. */
function both(a: TurnUse, b: TurnUse): TurnUse {
  const tokens = a.tokens + b.tokens
  const model = b.model === undefined ? {} : { model: b.model }
  if (a.inputTokens === undefined || b.inputTokens === undefined) return { tokens, ...model }
  return {
    tokens,
    inputTokens: a.inputTokens + b.inputTokens,
    cachedTokens: (a.cachedTokens ?? 0) + (b.cachedTokens ?? 0),
    outputTokens: (a.outputTokens ?? 0) + (b.outputTokens ?? 0),
    ...model,
  }
}

const count = z.number().nonnegative()
const kind = count.nullish().catch(null)
/** Not yet in the stable schema; claude-agent-acp and codex-acp send it. */
export const TokenUse = z.object({
  totalTokens: count,
  inputTokens: kind,
  outputTokens: kind,
  cachedReadTokens: kind,
  cachedWriteTokens: kind,
  thoughtTokens: kind,
})

/** Agents count what came from the cache within the input or beside it; their own sum tells which. */
export function turnUse(told: z.infer<typeof TokenUse>, model: string | null): TurnUse {
  const { totalTokens: tokens, inputTokens: input = null, outputTokens: output = null } = told
  const named = model === null ? {} : { model }
  if (input === null || output === null) return { tokens, ...named }
  const cached = told.cachedReadTokens ?? 0
  const written = told.cachedWriteTokens ?? 0
  const thought = told.thoughtTokens ?? 0
  const beside = tokens >= input + output + cached + written
  const sum = input + output + (beside ? cached + written : 0)
  const outputTokens = tokens >= sum + thought ? output + thought : output
  const inputTokens = beside ? input + written : Math.max(0, input - cached)
  return { tokens, inputTokens, cachedTokens: cached, outputTokens, ...named }
}

const Quota = z.object({
  quota: z.object({
    token_count: z.object({ input_tokens: z.number(), output_tokens: z.number() }),
  }),
})

/** Gemini CLI tells its tokens here and nowhere else (0.61). Null: it tells none. */
export function quotaUse(meta: unknown): z.infer<typeof TokenUse> | null {
  const { data } = Quota.safeParse(meta)
  if (data === undefined) return null
  const { input_tokens: inputTokens, output_tokens: outputTokens } = data.quota.token_count
  const told = { totalTokens: inputTokens + outputTokens, inputTokens, outputTokens }
  return TokenUse.safeParse(told).data ?? null
}
