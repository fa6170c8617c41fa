/** Something harmless that fits a JSON schema: agents ask for forms on the side, and some tools insist on fields that no script cares for. */
import { fields, list, words } from './json.ts'

export function fill(schema: unknown): unknown {
  const { type, enum: choices, properties, required, items } = fields(schema)
  const [choice] = list(choices)
  if (choice !== undefined) return choice
  switch (words(type).toLowerCase()) {
    case 'object':
      return fillFields(properties, required)
    case 'array':
      return items === undefined ? [] : [fill(items)]
    case 'boolean':
      return false
    case 'number':
    case 'integer':
      return 1
    default:
      return 'a step'
  }
}

/** Only what is required. */
const fillFields = (properties: unknown, required: unknown): object =>
  Object.fromEntries(
    list(required).map((name) => [words(name), fill(fields(properties)[words(name)])]),
  )
