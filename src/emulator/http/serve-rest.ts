// One REST request from its arrival to its answer: route, credential, limits, permission, schema,
// the operation itself, and the same schema held to the answer.
import { createHash, randomBytes } from 'node:crypto'
import type { Context } from 'hono'
import { authenticate, limitKey, type Credential } from '../auth/credential.ts'
import { restOperations } from '../rest/all-operations.ts'
import { checkRequest } from '../schema/check-request.ts'
import { checkResponse } from '../schema/check-response.ts'
import { findRoute, type Route } from '../schema/route.ts'
import { Refusal } from '../world/refusal.ts'
import type { Deps } from './deps.ts'
import { answerFault, type NodeEnv } from './answer-fault.ts'
import { Fields } from './fields.ts'
import type { Charge } from './limits.ts'
import { Call, type Answer, type Operation } from './operation.ts'
import { permit } from './permit.ts'

const PREFIX = '/api/v3'
const OPERATIONS = restOperations()

type Incoming = {
  readonly method: string
  readonly url: URL
  readonly path: string
  readonly route: Route | null
  readonly headers: Headers
  readonly text: string
}

type Outcome = {
  readonly answer: Answer
  readonly credential: Credential
  readonly charge: Charge | null
}

export async function serveRest(deps: Deps, c: Context<NodeEnv>): Promise<Response> {
  const started = performance.now()
  const url = new URL(c.req.url)
  const path = url.pathname.slice(PREFIX.length) || '/'
  const { route } = findRoute(c.req.method, path)
  const incoming: Incoming = {
    method: c.req.method,
    url,
    path,
    route,
    headers: c.req.raw.headers,
    text: await c.req.text(),
  }
  const operation = route?.id ?? null
  const fault = deps.faults.take({ method: incoming.method, path, operation })
  if (fault !== null) {
    const apply = async (): Promise<Outcome> => answer(deps, incoming)
    return answerFault({
      deps,
      c,
      fault,
      apply,
      entry: { operation, path, method: incoming.method },
    })
  }
  const outcome = await answer(deps, incoming)
  const { credential } = outcome
  const response = respond(deps, incoming, outcome)
  deps.journal.add({
    at: deps.world.now(),
    took: performance.now() - started,
    method: incoming.method,
    path,
    operation,
    status: response.status,
    installation: credential.kind === 'installation' ? credential.installation.id : null,
    app:
      credential.kind === 'app'
        ? credential.app.id
        : credential.kind === 'installation'
          ? credential.installation.app.id
          : null,
    points: response.status === 304 ? 0 : (outcome.charge?.points ?? 0),
    creates: outcome.charge?.creates ?? false,
  })
  return response
}

async function answer(deps: Deps, incoming: Incoming): Promise<Outcome> {
  let credential: Credential = { kind: 'anonymous' }
  let charge: Charge | null = null
  try {
    if (incoming.headers.get('user-agent') === null) {
      throw new Refusal(403, {
        message: 'Request forbidden by administrative rules. User-Agent is missing',
      })
    }
    credential = authenticate(deps.world, incoming.headers.get('authorization') ?? undefined)
    const { route, operation } = known(deps, incoming)
    charge = chargeFor(incoming, credential, operation)
    deps.limits.charge(charge)
    deps.limits.enter(charge.key)
    try {
      return {
        answer: await perform(deps, incoming, { credential, route, operation }),
        credential,
        charge,
      }
    } finally {
      deps.limits.leave(charge.key)
    }
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    const { status, body, headers } = error
    return { answer: { status, body, headers }, credential, charge }
  }
}

function known(
  deps: Deps,
  incoming: Incoming,
): { readonly route: Route; readonly operation: Operation } {
  const { method, path, route } = incoming
  if (route === null) {
    const { world } = deps
    world.violate('unknown-route', `${method} ${path}`, 'GitHub knows no such route')
    throw new Refusal(404, { message: `Not Found: the emulator knows no ${method} ${path}` })
  }
  const operation = OPERATIONS[route.id]
  if (operation === undefined) {
    deps.world.violate('unimplemented', `${method} ${path}`, `${route.id} is not emulated yet`)
    throw new Refusal(501, { message: `The emulator does not implement ${route.id}` })
  }
  return { route, operation }
}

async function perform(
  deps: Deps,
  incoming: Incoming,
  given: { readonly credential: Credential; readonly route: Route; readonly operation: Operation },
): Promise<Answer> {
  const { world } = deps
  const { credential, operation, route } = given
  const { method, path, headers } = incoming
  const repo = permit(world, { credential, operation, route, method, path })
  const body = parseBody(incoming.text)
  const version = headers.get('x-github-api-version')
  const checked = checkRequest(route, { query: incoming.url.searchParams, body, version })
  if (checked.wrong.length > 0) {
    for (const wrong of checked.wrong) world.violate('request', `${method} ${path}`, wrong)
    throw new Refusal(422, {
      message: `Invalid request.\n\n${checked.wrong.join('\n')}`,
      errors: checked.wrong,
    })
  }
  const call = new Call({
    deps,
    credential,
    params: new Fields(checked.params),
    query: new Fields(checked.query),
    body: new Fields(body),
    rawBody: body,
    accept: headers.get('accept') ?? '',
    address: new URL(incoming.url.pathname + incoming.url.search, world.url),
    repo,
  })
  const found = await operation.run(call)
  const ignored = [...call.query.unread(), ...call.body.unread()]
  if (ignored.length > 0) {
    const detail = `the emulator would ignore ${ignored.join(', ')}`
    world.violate('unimplemented', `${method} ${path}`, detail)
    throw new Refusal(501, { message: `In ${route.id} ${detail}` })
  }
  const wrong = found.bytes === undefined ? checkResponse(route, found.status, found.body) : []
  for (const detail of wrong) world.violate('response', `${route.id} ${found.status}`, detail)
  if (wrong.length > 0) {
    throw new Refusal(500, {
      message: `The emulator's own answer breaks the schema: ${wrong.join('; ')}`,
    })
  }
  return found
}

function chargeFor(incoming: Incoming, credential: Credential, operation: Operation): Charge {
  const reads = incoming.method === 'GET' || incoming.method === 'HEAD'
  const free = incoming.path === '/rate_limit'
  return {
    key: limitKey(credential),
    resource: 'core',
    cost: free ? 0 : 1,
    points: free ? 0 : reads ? 1 : 5,
    creates: operation.creates === true,
  }
}

function respond(deps: Deps, incoming: Incoming, outcome: Outcome): Response {
  const { answer: given, charge } = outcome
  const headers = new Headers({
    ...(charge === null ? {} : deps.limits.headers(charge.key, charge.resource)),
    // Clients whose clock is off correct themselves by it, so it must be the emulator's own time.
    date: new Date(deps.world.now()).toUTCString(),
    'x-github-request-id': randomBytes(8).toString('hex').toUpperCase(),
    'x-github-media-type': 'github.v3; format=json',
    'cache-control': 'private, max-age=60, s-maxage=60',
    vary: 'Accept, Authorization, Cookie, X-GitHub-OTP',
    ...given.headers,
  })
  if (given.bytes === undefined && given.body === undefined) {
    return new Response(null, { status: given.status, headers })
  }
  const data = given.bytes?.data ?? JSON.stringify(given.body)
  headers.set('content-type', given.bytes?.type ?? 'application/json; charset=utf-8')
  if (incoming.method === 'GET' && given.status === 200) {
    // As GitHub's: an ETag is good for one token only, so each new hourly token starts anew.
    const secret = incoming.headers.get('authorization') ?? ''
    const etag = `W/"${createHash('sha1').update(secret).update(data).digest('hex')}"`
    headers.set('etag', etag)
    const asked = incoming.headers.get('if-none-match')
    if (asked !== null && weak(asked) === weak(etag)) {
      if (charge !== null) {
        deps.limits.refund(charge)
        for (const [name, value] of Object.entries(
          deps.limits.headers(charge.key, charge.resource),
        )) {
          headers.set(name, value)
        }
      }
      return new Response(null, { status: 304, headers })
    }
  }
  return new Response(data, { status: given.status, headers })
}

function weak(etag: string): string {
  return etag.replace(/^W\//, '')
}

function parseBody(text: string): unknown {
  if (text.trim() === '') return undefined
  try {
    return JSON.parse(text)
  } catch {
    throw new Refusal(400, { message: 'Problems parsing JSON' })
  }
}
