// The generated slice of GitHub's API description, read once per process. Validators are compiled
// when first needed and kept for the process, since tests start many emulators.
import { readFileSync } from 'node:fs'
import { Ajv2019, type ValidateFunction } from 'ajv/dist/2019.js'
import formats from 'ajv-formats'

export type Parameter = {
  readonly name: string
  readonly in: 'path' | 'query' | 'header'
  readonly required: boolean
  readonly schema: JsonSchema
}

export type JsonSchema = { readonly [key: string]: unknown }

export type OperationSchema = {
  readonly method: string
  readonly path: string
  /** Whether GitHub lets Apps call it at all. */
  readonly apps: boolean
  readonly parameters: readonly Parameter[]
  readonly body?: { readonly required: boolean; readonly schema: JsonSchema }
  readonly responses: Readonly<Record<string, JsonSchema | null>>
}

type Document = {
  readonly source: string
  readonly operations: Readonly<Record<string, OperationSchema>>
  readonly webhooks: Readonly<Record<string, JsonSchema>>
  readonly schemas: Readonly<Record<string, JsonSchema>>
}

const FILE = new URL('../generated/github.json', import.meta.url)
let loaded: { readonly document: Document; readonly ajv: Ajv2019 } | undefined
const compiled = new Map<string, ValidateFunction>()

export function operationSchemas(): Readonly<Record<string, OperationSchema>> {
  return load().document.operations
}

/** Whether GitHub describes this webhook (`issues.labeled`, `push`). */
export function knowsWebhook(name: string): boolean {
  return Object.hasOwn(load().document.webhooks, name)
}

/** Checks `value` against the schema at `pointer`; gives the problems in words, or none. */
export function problems(pointer: readonly string[], value: unknown): readonly string[] {
  const key = pointer.map((part) => part.replaceAll('~', '~0').replaceAll('/', '~1')).join('/')
  const validate = validator(key)
  if (validate(value)) return []
  return (validate.errors ?? []).slice(0, 5).map((error) => {
    const extra = Object.values(error.params as Record<string, unknown>).map(String)
    return `${error.instancePath === '' ? '/' : error.instancePath} ${error.message} (${extra.join(', ')})`
  })
}

function validator(key: string): ValidateFunction {
  const known = compiled.get(key)
  if (known !== undefined) return known
  const found = load().ajv.getSchema(`github#/${key}`)
  if (found === undefined) throw new Error(`no schema at ${key}`)
  const validate = found as ValidateFunction
  compiled.set(key, validate)
  return validate
}

function load(): { readonly document: Document; readonly ajv: Ajv2019 } {
  if (loaded !== undefined) return loaded
  const document = JSON.parse(readFileSync(FILE, 'utf8')) as Document
  // Measured on ten common schemas: without inlining and code optimisation, compiling takes half
  // the time, and validation is not slower by anything one can see.
  const ajv = new Ajv2019({
    strict: false,
    validateSchema: false,
    inlineRefs: false,
    code: { optimize: false },
    logger: false,
  })
  formats.default(ajv)
  // The bots' addresses (`1+name[bot]@users.noreply…`) are none by the letter of the format, and GitHub sends them.
  ajv.addFormat('email', /^[^\s@]+@[^\s@]+$/)
  ajv.addSchema({ $id: 'github', ...document })
  loaded = { document, ajv }
  return loaded
}
