/** An agent's question (`elicitation/create`) as a person is asked it: the message, and what it offers to choose from. */
import { z } from 'zod'
import { MAX_OPTIONS, askedOf } from '../../domain/question.ts'
import type { Asked } from '../../domain/question.ts'

const Choice = z.object({ const: z.unknown().optional(), title: z.string().nullish() })
/** How claude-agent-acp and codex-acp mark a field that is only room for words beside the choices of another. */
const BesideAnother = z.union([
  z.looseObject({ _askUserQuestionCustomAnswer: z.unknown().refine(Boolean) }),
  z.looseObject({
    jetbrains: z.object({ air: z.object({ customAnswer: z.unknown().refine(Boolean) }) }),
  }),
])
const Property = z.looseObject({
  _meta: z.unknown().optional(),
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
  message: z
    .string()
    // Codex says this before each of its questions; the question itself is in the field.
    .transform((message) => (message === 'Codex needs your input to continue.' ? '' : message))
    .catch(''),
  url: z.string().optional().catch(undefined),
  requestedSchema: z
    .object({ properties: z.record(z.string(), Property).optional() })
    .optional()
    .catch({}),
})

type Elicitation = z.infer<typeof ElicitationRequest>

/** A person may always answer in words, so a field for that is none to fill. */
const fieldsOf = ({ requestedSchema }: Elicitation) =>
  Object.entries(requestedSchema?.properties ?? {}).filter(
    ([, { _meta }]) => !BesideAnother.safeParse(_meta).success,
  )

/** One field with a few choices is a question with options; a form with more than that is told in words, and answered so. */
export function questionOf(request: Elicitation): Asked {
  const fields = fieldsOf(request)
  const [field] = fields
  const choices = field === undefined || fields.length > 1 ? [] : choicesOf(field[1])
  if (field === undefined || choices.length === 0 || choices.length > MAX_OPTIONS)
    return askedOf({ text: questionText(request) })
  const [name, { title, description }] = field
  const about = [request.message === '' ? (title ?? name) : '', description ?? '']
  const parts = [request.message, request.url ?? '', ...about].filter((part) => part !== '')
  return askedOf({ text: [...new Set(parts)].join('\n\n'), options: choices })
}

export function questionText(request: Elicitation): string {
  const fields = fieldsOf(request).map(([name, field]) => fieldText(name, field, request.message))
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
