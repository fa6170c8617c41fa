/**
 * Permission requests are answered by the option's `kind`, because ids differ everywhere. What an agent may touch is
 * the jail's business, so by default a single act is allowed; a standing permission never is, since it could outlive
 * the attempt in the agent's settings. Where the operator wants a person asked, a yes counts once, for exactly the act
 * that was shown.
 */
import { createHash } from 'node:crypto'
import type { RequestPermissionResponse } from '@agentclientprotocol/sdk'
import { z } from 'zod'
import type { Answer, Asked } from '../../domain/question.ts'
import { BOUNDS } from '../bounds.ts'
import { plain, plainLine } from '../plain.ts'

const ToolCall = z.looseObject({
  title: z.string().nullish().catch(null),
  kind: z.string().nullish().catch(null),
  rawInput: z.unknown().optional(),
})

export const PermissionRequest = z.object({
  toolCall: ToolCall.optional().catch({}),
  options: z.array(z.looseObject({ optionId: z.string(), kind: z.string().catch('') })),
})
type Requested = z.infer<typeof PermissionRequest>

const ALLOW = 'Allow it, this once'
const REFUSE = 'Refuse it'
/** Of the input; the rest is told by its hash. */
const SHOWN = 2_000

export function answerPermission(request: Requested, allowed = true): RequestPermissionResponse {
  const pick = (kind: string) => request.options.find((option) => option.kind === kind)
  const chosen = (allowed ? pick('allow_once') : undefined) ?? pick('reject_once')
  return {
    outcome: chosen ? { outcome: 'selected', optionId: chosen.optionId } : { outcome: 'cancelled' },
  }
}

/** Our own tools need nobody's permission. */
export const isOwnTool = ({ toolCall }: Requested): boolean =>
  /^(mcp__)?yardmaster\W*_*(ask|report|progress|decision|discovery|checkpoint)$/.test(
    toolCall?.title ?? '',
  )

export function permissionQuestion({ toolCall }: Requested): Asked {
  const title = plainLine(toolCall?.title ?? 'something without a name', 300)
  const input = JSON.stringify(ordered(toolCall?.rawInput ?? null), null, 1)
  const hash = createHash('sha256')
    .update(JSON.stringify([toolCall?.kind ?? '', toolCall?.title ?? '', input]))
    .digest('hex')
  const text = [
    `May the agent do this? ${title}`,
    ...(input === 'null' ? [] : [plain(input, SHOWN)]),
    `SHA-256 of the whole request: ${hash.slice(0, 16)}`,
  ].join('\n\n')
  return { text: plain(text, BOUNDS.question), options: [ALLOW, REFUSE], recommended: null }
}

/** An agent that asks again in another process may name the same input in another order. */
function ordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(ordered)
  if (typeof value !== 'object' || value === null) return value
  const fields = Object.entries(value).map(([key, field]) => [key, ordered(field)] as const)
  return Object.fromEntries(fields.toSorted(([a], [b]) => (a < b ? -1 : 1)))
}

/** Null: it was not about this. Whatever is no yes to it is a no. */
export function verdictOf(request: Requested, answer: Answer | null): boolean | null {
  if (answer === null || answer.question !== permissionQuestion(request).text) return null
  return answer.text === ALLOW
}
