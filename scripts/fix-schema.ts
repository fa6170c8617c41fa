// Turns one OpenAPI 3.0 schema into JSON Schema 2019-09 that ajv can hold strictly: `nullable`
// becomes a type, enums that may be null say so, and every object refuses what it does not name.

export type Json =
  | string
  | number
  | boolean
  | null
  | readonly Json[]
  | { readonly [key: string]: Json }
export type JsonObject = { readonly [key: string]: Json }
/** `open` is for members of an `allOf`: there the outermost schema does the refusing. */
export type Mode = 'closed' | 'open'

const DROPPED = new Set([
  'description',
  'example',
  'examples',
  'title',
  'externalDocs',
  'deprecated',
  'default',
  'readOnly',
  'discriminator',
  'nullable',
  'xml',
])
const REF = '#/components/schemas/'

/** Converts `schema`; `reached` hears the name of each component that it refers to. */
export function convertSchema(
  schema: Json,
  reached: (name: string) => void,
  mode: Mode = 'closed',
): Json {
  if (typeof schema !== 'object' || schema === null || Array.isArray(schema)) return schema
  const given = schema as JsonObject
  const ref = given['$ref']
  if (typeof ref === 'string') {
    const name = ref.slice(REF.length) + (mode === 'open' ? '.open' : '')
    reached(name)
    const found = { $ref: `#/schemas/${name}` }
    return given['nullable'] === true ? { anyOf: [found, { type: 'null' }] } : found
  }
  const out: Record<string, Json> = {}
  const properties = given['properties']
  // GitHub's unions overlap (a reader's and an owner's view of one object), so "exactly one"
  // would refuse its own examples.
  const union = given['oneOf'] ?? given['anyOf']
  const all = given['allOf']
  const composed = all !== undefined || (union !== undefined && properties !== undefined)
  for (const [key, value] of Object.entries(given)) {
    if (DROPPED.has(key) || key.startsWith('x-') || key === 'oneOf' || key === 'anyOf') continue
    if (key === 'properties') out[key] = mapValues(value, (inner) => convertSchema(inner, reached))
    else if (key === 'allOf')
      out[key] = mapAll(value, (inner) => convertSchema(inner, reached, 'open'))
    else if (key === 'items' || key === 'additionalProperties' || key === 'not')
      out[key] = convertSchema(value, reached)
    else out[key] = value
  }
  if (union !== undefined) {
    out['anyOf'] = mapAll(union, (inner) => convertSchema(inner, reached, composed ? 'open' : mode))
  }
  if (mode === 'closed') close(out, composed)
  return given['nullable'] === true ? allowNull(out) : out
}

function close(out: Record<string, Json>, composed: boolean): void {
  if (out['additionalProperties'] !== undefined) return
  if (composed) out['unevaluatedProperties'] = false
  else if (out['properties'] !== undefined) out['additionalProperties'] = false
}

function allowNull(schema: Record<string, Json>): Json {
  const { type } = schema
  const values = schema['enum']
  if (typeof type !== 'string') {
    if (Array.isArray(values)) return { ...schema, enum: [...values, null] }
    return Object.keys(schema).length === 0 ? schema : { anyOf: [schema, { type: 'null' }] }
  }
  const widened = { ...schema, type: [type, 'null'] }
  return Array.isArray(values) && !values.includes(null)
    ? { ...widened, enum: [...values, null] }
    : widened
}

function mapValues(value: Json, convert: (inner: Json) => Json): Json {
  return Object.fromEntries(
    Object.entries(value as JsonObject).map(([key, inner]) => [key, convert(inner)]),
  )
}

function mapAll(value: Json, convert: (inner: Json) => Json): Json {
  return (value as readonly Json[]).map((inner) => convert(inner))
}
