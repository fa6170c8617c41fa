// Holds one REST request to GitHub's own description: path, query and body, each field known and of
// the right form. GitHub itself ignores unknown fields; here they are a mistake to hear about.
import { problems, type Parameter } from './document.ts'
import type { Route } from './route.ts'

export type Checked = {
  readonly params: Readonly<Record<string, unknown>>
  readonly query: Readonly<Record<string, unknown>>
  readonly wrong: readonly string[]
}

const MAX_PER_PAGE = 100
const API_VERSIONS = new Set(['2022-11-28', '2026-03-10'])

export function checkRequest(
  route: Route,
  given: {
    readonly query: URLSearchParams
    readonly body: unknown
    readonly version: string | null
  },
): Checked {
  const wrong: string[] = []
  const params: Record<string, unknown> = {}
  const query: Record<string, unknown> = {}
  route.schema.parameters.forEach((parameter, index) => {
    if (parameter.in === 'header') return
    const inPath = parameter.in === 'path'
    const text = inPath ? route.params[parameter.name] : given.query.get(parameter.name)
    if (text === null || text === undefined) {
      if (parameter.required) wrong.push(`${parameter.in} parameter ${parameter.name} is missing`)
      return
    }
    const value = coerce(parameter, text)
    const pointer = ['operations', route.id, 'parameters', String(index), 'schema']
    for (const problem of problems(pointer, value)) {
      wrong.push(`${parameter.in} parameter ${parameter.name}: ${problem}`)
    }
    if (inPath) params[parameter.name] = value
    else query[parameter.name] = value
  })
  const known = new Set(route.schema.parameters.filter((p) => p.in === 'query').map((p) => p.name))
  for (const name of given.query.keys()) {
    if (!known.has(name)) wrong.push(`query parameter ${name} is not known to ${route.id}`)
  }
  if (Number(query['per_page'] ?? 1) > MAX_PER_PAGE) wrong.push(`per_page is over ${MAX_PER_PAGE}`)
  if (given.version !== null && !API_VERSIONS.has(given.version)) {
    wrong.push(
      `X-GitHub-Api-Version ${given.version} is not one of ${[...API_VERSIONS].join(', ')}`,
    )
  }
  wrong.push(...checkBody(route, given.body))
  return { params, query, wrong }
}

function checkBody(route: Route, body: unknown): readonly string[] {
  const expected = route.schema.body
  if (body === undefined) return expected?.required === true ? ['a request body is missing'] : []
  if (expected === undefined) {
    const empty = typeof body === 'object' && body !== null && Object.keys(body).length === 0
    return empty ? [] : [`${route.id} takes no request body`]
  }
  return problems(['operations', route.id, 'body', 'schema'], body).map((text) => `body: ${text}`)
}

function coerce(parameter: Parameter, text: string): unknown {
  const type = parameter.schema['type']
  if (type === 'integer' || type === 'number') return text.trim() === '' ? text : Number(text)
  if (type === 'boolean') return text === 'true' ? true : text === 'false' ? false : text
  if (type === 'array') return text.split(',')
  return text
}
