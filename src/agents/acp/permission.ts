/**
 * Permission requests are answered by the option's `kind`, because ids differ everywhere. What an agent may touch is
 * the jail's business, so a single act is allowed; a standing permission never is, since it could outlive the attempt
 * in the agent's settings.
 */
import type { RequestPermissionResponse } from '@agentclientprotocol/sdk'
import { z } from 'zod'

export const PermissionRequest = z.object({
  toolCall: z.looseObject({ title: z.string().nullish() }).optional().catch({}),
  options: z.array(z.looseObject({ optionId: z.string(), kind: z.string().catch('') })),
})

export function answerPermission(
  request: z.infer<typeof PermissionRequest>,
): RequestPermissionResponse {
  const pick = (kind: string) => request.options.find((option) => option.kind === kind)
  const chosen = pick('allow_once') ?? pick('reject_once')
  return {
    outcome: chosen ? { outcome: 'selected', optionId: chosen.optionId } : { outcome: 'cancelled' },
  }
}
