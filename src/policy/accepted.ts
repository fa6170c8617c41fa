/** What a place in a settings file accepts, in words, read off the schema itself so that messages and docs cannot drift from it. */
import { z } from 'zod'
import type { SettingsPath } from './yaml-file.ts'

/** The part of JSON Schema that our definitions come to. `accepted` is ours: words for what a pattern cannot say. */
export interface Definition {
  readonly type?: string
  readonly description?: string
  readonly accepted?: string
  readonly default?: unknown
  readonly enum?: readonly unknown[]
  readonly minimum?: number
  readonly maximum?: number
  readonly exclusiveMinimum?: number
  readonly items?: Definition
  readonly properties?: Readonly<Record<string, Definition>>
  readonly propertyNames?: Definition
  readonly additionalProperties?: false | Definition
}

/** JSON Schema of what a person may write, with the meta fields of each key. */
export const definitionOf = (schema: z.ZodType): Definition =>
  z.toJSONSchema(schema, { io: 'input' }) as Definition

/** The definition at a path; null where there is none. */
export function definitionAt(root: Definition, path: SettingsPath): Definition | null {
  let here: Definition | null = root
  for (const step of path) {
    if (here === null) return null
    const named: Definition | undefined = here.properties?.[String(step)]
    here = named ?? here.items ?? (here.additionalProperties || null)
  }
  return here
}

export function accepted(definition: Definition): string {
  if (definition.accepted !== undefined) return definition.accepted
  if (definition.enum !== undefined) return either(definition.enum.map(String))
  switch (definition.type ?? 'string') {
    case 'boolean':
      return 'true or false'
    case 'integer':
      return `a whole number${range(definition)}`
    case 'number':
      return `a number${range(definition)}`
    case 'array':
      return `a list, each of ${accepted(definition.items ?? {})}`
    case 'object':
      return definition.properties === undefined
        ? `a mapping of names, each to ${accepted(definition.additionalProperties || {})}`
        : `a mapping with ${either(Object.keys(definition.properties))}`
    default:
      return 'text'
  }
}

function range({ minimum, maximum, exclusiveMinimum }: Definition): string {
  if (exclusiveMinimum !== undefined) return ` above ${exclusiveMinimum}`
  if (minimum !== undefined && maximum !== undefined) return ` from ${minimum} to ${maximum}`
  return minimum === undefined ? '' : ` of at least ${minimum}`
}

function either(words: readonly string[]): string {
  if (words.length <= 1) return words.join('')
  return `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`
}
