// Extracts, from GitHub's own OpenAPI description, the operations and webhooks that the emulator
// serves or will soon serve, with only the components they reach. The 385 MB package is fetched
// into .cache/ and never becomes a dependency; what is written here is committed.
import { execFile } from 'node:child_process'
import { access, mkdir, readFile, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { convertSchema, type Json, type JsonObject } from './fix-schema.ts'
import { wantedOperation, wantedWebhook } from './wanted-operations.ts'

const VERSION = '23.0.2'
const run = promisify(execFile)
const cache = fileURLToPath(new URL('../.cache/openapi/', import.meta.url))
const target = fileURLToPath(new URL('../src/emulator/generated/github.json', import.meta.url))

const source = await readSource()
const components = new Map<string, Json>()
const pending: string[] = []
const convert = (schema: Json): Json =>
  convertSchema(schema, (name) => {
    if (!components.has(name)) {
      components.set(name, null)
      pending.push(name)
    }
  })

const operations: Record<string, Json> = {}
for (const [path, methods] of Object.entries(object(source['paths']))) {
  for (const [method, value] of Object.entries(object(methods))) {
    const id = text(object(value)['operationId'])
    if (wantedOperation(id)) operations[id] = operation({ path, method, value: object(value) })
  }
}
// The list of what installation tokens may call (GitHub's documentation, "Endpoints available for
// GitHub App installation access tokens") names replies to review comments and no project of a user;
// the flag in the description says the opposite of both.
for (const [id, value] of Object.entries(operations)) {
  const open = id === 'pulls/create-reply-for-review-comment'
  const shut = /^projects\/.*user/.test(id)
  if (open || shut) operations[id] = { ...object(value), apps: open }
}
// Undocumented but served by GitHub, and the address that its own Link headers use.
operations['repos/get-by-id'] = {
  ...object(operations['repos/get'] ?? null),
  path: '/repositories/{repository_id}',
  parameters: [{ name: 'repository_id', in: 'path', required: true, schema: { type: 'integer' } }],
}
// GitHub's file spells this list's installation out, with an account that must be a user and an
// enterprise at once; elsewhere it names the component.
const listed = object(operations['apps/list-installations'])
operations['apps/list-installations'] = {
  ...listed,
  responses: {
    ...object(listed['responses']),
    200: { type: 'array', items: convert({ $ref: '#/components/schemas/installation' }) },
  },
}
const webhooks: Record<string, Json> = {}
for (const value of Object.values(object(source['x-webhooks']))) {
  const post = object(object(value)['post'])
  const name = text(post['operationId']).replaceAll('-', '_').replace('/', '.')
  if (wantedWebhook(name)) webhooks[name] = bodySchema(post)
}
for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
  const [base = ''] = name.split('.open')
  const schema = object(object(source['components'])['schemas'])[base]
  if (schema === undefined) throw new Error(`component ${base} is missing`)
  components.set(name, convertSchema(schema, note, name.endsWith('.open') ? 'open' : 'closed'))
}

// It asks for an organisation in webhooks about dependencies, which also come from a user's repository.
for (const [name, schema] of components) {
  if (!name.startsWith('webhook-issue-dependencies')) continue
  const required = array(object(schema)['required'] ?? []).filter((one) => one !== 'organization')
  components.set(name, { ...object(schema), required })
}
// Its lists of the events that an App may hear end years ago; new ones are sent all the same.
for (const [name, schema] of components) components.set(name, withoutOldEvents(schema))

// Its webhook of an edited review shows an older pull request than all others about reviews do.
const edited = object(components.get('webhook-pull-request-review-edited'))
const submitted = object(components.get('webhook-pull-request-review-submitted'))
components.set('webhook-pull-request-review-edited', {
  ...edited,
  properties: {
    ...object(edited['properties']),
    pull_request: object(submitted['properties'])['pull_request'] ?? null,
  },
})

// A review comment on a line that has changed since has no line and no position any more, and is sent
// with null for both; the description says so for webhooks only.
for (const name of ['pull-request-review-comment', 'review-comment']) {
  const schema = object(components.get(name))
  const properties = { ...object(schema['properties']) }
  for (const field of ['line', 'original_line', 'position'])
    properties[field] = { ...object(properties[field]), type: ['integer', 'null'] }
  components.set(name, { ...schema, properties })
}

const schemas = Object.fromEntries([...components].toSorted(([a], [b]) => (a < b ? -1 : 1)))
const output = JSON.stringify({
  source: `@octokit/openapi@${VERSION}`,
  operations,
  webhooks,
  schemas,
})
await writeFile(target, `${output}\n`)
console.log(
  `${Object.keys(operations).length} operations, ${Object.keys(webhooks).length} webhooks, ` +
    `${components.size} schemas, ${(output.length / 1e6).toFixed(2)} MB`,
)

function withoutOldEvents(value: Json): Json {
  if (Array.isArray(value)) return value.map(withoutOldEvents)
  if (typeof value !== 'object' || value === null) return value
  const given = value as JsonObject
  const names = given['enum']
  if (Array.isArray(names) && names.includes('deployment') && names.includes('gollum')) {
    return { type: 'string' }
  }
  return Object.fromEntries(
    Object.entries(given).map(([key, inner]) => [key, withoutOldEvents(inner)]),
  )
}

function note(name: string): void {
  convert({ $ref: `#/components/schemas/${name}` })
}

function operation(given: { path: string; method: string; value: JsonObject }): Json {
  const { path, method, value } = given
  const parameters = array(value['parameters'] ?? []).map((entry) => {
    const found = resolve(entry)
    const { name, required } = found
    const place = found['in']
    return {
      name: name ?? null,
      in: place ?? null,
      required: required === true,
      schema: convert(found['schema'] ?? {}),
    }
  })
  const responses: Record<string, Json> = {}
  for (const [status, response] of Object.entries(object(value['responses']))) {
    const content = object(resolve(response)['content'] ?? {})
    const json = content['application/json']
    responses[status] = json === undefined ? null : convert(object(json)['schema'] ?? {})
  }
  const body = value['requestBody']
  const apps = object(value['x-github'])['enabledForGitHubApps'] === true
  return {
    method: method.toUpperCase(),
    path,
    apps,
    parameters,
    ...(body === undefined
      ? {}
      : { body: { required: resolve(body)['required'] === true, schema: bodySchema(value) } }),
    responses,
  }
}

function bodySchema(value: JsonObject): Json {
  const content = object(resolve(value['requestBody'] ?? null)['content'])
  return convert(object(content['application/json'] ?? null)['schema'] ?? {})
}

function resolve(value: Json): JsonObject {
  const found = object(value)
  const ref = found['$ref']
  if (typeof ref !== 'string') return found
  let at: Json = source
  for (const part of ref.slice(2).split('/')) at = object(at)[part] ?? null
  return object(at)
}

async function readSource(): Promise<JsonObject> {
  const file = `${cache}package/generated/api.github.com.json`
  await mkdir(cache, { recursive: true })
  if (!(await exists(file))) {
    await run('npm', ['pack', '--silent', `@octokit/openapi@${VERSION}`], { cwd: cache })
    const archive = `octokit-openapi-${VERSION}.tgz`
    await run('tar', ['xzf', archive, 'package/generated/api.github.com.json'], { cwd: cache })
  }
  return object(JSON.parse(await readFile(file, 'utf8')) as Json)
}

async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  )
}

function object(value: Json | undefined): JsonObject {
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return value as JsonObject
  throw new Error(`expected an object, found ${JSON.stringify(value)?.slice(0, 80)}`)
}

function text(value: Json | undefined): string {
  if (typeof value === 'string') return value
  throw new Error(`expected text, found ${JSON.stringify(value)}`)
}

function array(value: Json): readonly Json[] {
  if (Array.isArray(value)) return value
  throw new Error('expected an array')
}
