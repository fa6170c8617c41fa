/** An agent's question (`elicitation/create`) as a person is asked it: the message, and what it offers to choose from. */
import { z } from 'zod'
import { MAX_OPTIONS, askedOf } from '../../domain/question.ts'
import type { Asked } from '../../domain/question.ts'

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

type Elicitation = z.infer<typeof ElicitationRequest>

/** One field with a few choices is a question with options; a form with more than that is told in words, and answered so. */
export function questionOf(request: Elicitation): Asked {
  const fields = Object.entries(request.requestedSchema?.properties ?? {})
  const [field] = fields
  const choices = field === undefined || fields.length > 1 ? [] : choicesOf(field[1])
  if (field === undefined || choices.length === 0 || choices.length > MAX_OPTIONS)
    return askedOf({ text: questionText(request) })
  const [name, { title, description }] = field
  const about = [description ?? '', request.message === '' ? (title ?? name) : '']
  const parts = [request.message, request.url ?? '', ...about].filter((part) => part !== '')
  return askedOf({ text: [...new Set(parts)].join('\n\n'), options: choices })
}

export function questionText(request: Elicitation): string {
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
  const options = choicesOf(field).map((choice) => `- ${choice}`)
  return [head, ...options].filter((line) => line !== '').join('\n')
}

function choicesOf(field: z.infer<typeof Property>): readonly string[] {
  const choices = [...(field.oneOf ?? []), ...(field.items?.anyOf ?? [])].map(
    (choice) => choice.title ?? String(choice.const),
  )
  const plain = [...(field.enum ?? []), ...(field.items?.enum ?? [])].map(String)
  return [...choices, ...plain]
}
