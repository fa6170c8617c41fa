/** An agent's question (`elicitation/create`) as text for a person: the message, then what it offers to choose from. */
import { z } from 'zod'

const Choice = z.object({ const: z.unknown().optional(), title: z.string().nullish() })
const Property = z.looseObject({
  title: z.string().nullish().catch(null),
  description: z.string().nullish().catch(null),
  enum: z.array(z.unknown()).optional().catch([]),
  oneOf: z.array(Choice).optional().catch([]),
  items: z
    .object({ enum: z.array(z.unknown()).optional(), anyOf: z.array(Choice).optional() })
    .optional()
    .catch({}),
})

export const ElicitationRequest = z.object({
  message: z.string().catch(''),
  url: z.string().optional().catch(undefined),
  requestedSchema: z
    .object({ properties: z.record(z.string(), Property).optional() })
    .optional()
    .catch({}),
})

export function questionText(request: z.infer<typeof ElicitationRequest>): string {
  const fields = Object.entries(request.requestedSchema?.properties ?? {}).map(([name, field]) =>
    fieldText(name, field, request.message),
  )
  const parts = [request.message, request.url ?? '', ...fields].filter((part) => part !== '')
  return parts.join('\n\n') || 'The agent asked without saying what.'
}

function fieldText(name: string, field: z.infer<typeof Property>, message: string): string {
  const head = [field.title ?? name, field.description ?? '']
    .filter((part) => part !== '' && part !== message)
    .join(': ')
  const choices = [...(field.oneOf ?? []), ...(field.items?.anyOf ?? [])].map(
    (choice) => choice.title ?? String(choice.const),
  )
  const plain = [...(field.enum ?? []), ...(field.items?.enum ?? [])].map(String)
  const options = [...choices, ...plain].map((choice) => `- ${choice}`)
  return [head, ...options].filter((line) => line !== '').join('\n')
}
