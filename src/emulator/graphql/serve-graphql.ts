// One GraphQL request: parsed, validated against GitHub's schema, charged, executed. What GitHub
// would refuse, and what the emulator does not implement, is recorded and answered with errors.
import { randomBytes } from 'node:crypto'
import {
  execute,
  getOperationAST,
  GraphQLError,
  Kind,
  parse,
  validate,
  type DocumentNode,
  type ExecutionResult,
  type GraphQLFieldResolver,
  type GraphQLResolveInfo,
} from 'graphql'
import type { Context } from 'hono'
import { authenticate, limitKey, type Credential } from '../auth/credential.ts'
import { answerFault, type NodeEnv } from '../http/answer-fault.ts'
import type { Deps } from '../http/deps.ts'
import { Fields } from '../http/fields.ts'
import { BudgetSpent } from '../http/limits.ts'
import { Refusal } from '../world/refusal.ts'
import { queryContext, refuse, type QueryContext } from './context.ts'
import { queryCost } from './cost.ts'
import type { Payload } from './mutations.ts'
import type { Resolver } from './resolver.ts'
import { RESOLVERS, typeOfValue } from './resolvers.ts'
import { githubSchema } from './schema.ts'

export async function serveGraphql(deps: Deps, c: Context<NodeEnv>): Promise<Response> {
  const started = performance.now()
  const text = await c.req.text()
  const header = c.req.header('authorization')
  const target = { method: 'POST', path: '/graphql', operation: 'graphql' }
  const fault = deps.faults.take(target)
  const apply = async (): Promise<Answered> => answer(deps, header, text)
  if (fault !== null) return answerFault({ deps, c, fault, apply, entry: target })
  const { status, body, headers, credential, points, creates = false } = await apply()
  const installation = credential?.kind === 'installation' ? credential.installation : null
  deps.journal.add({
    ...target,
    at: deps.world.now(),
    took: performance.now() - started,
    status,
    installation: installation?.id ?? null,
    app: installation?.app.id ?? null,
    points,
    creates,
  })
  return new Response(JSON.stringify(body), {
    status,
    headers: {
      'content-type': 'application/json; charset=utf-8',
      'x-github-request-id': randomBytes(8).toString('hex').toUpperCase(),
      ...headers,
    },
  })
}

type Answered = {
  readonly status: number
  readonly body: unknown
  readonly headers: Readonly<Record<string, string>>
  readonly credential: Credential | null
  readonly points: number
  readonly creates?: boolean
}

async function answer(deps: Deps, header: string | undefined, text: string): Promise<Answered> {
  let credential: Credential | null = null
  try {
    credential = authenticate(deps.world, header)
    if (credential.kind !== 'installation' && credential.kind !== 'person') {
      throw new Refusal(401, { message: 'This endpoint requires you to be authenticated.' })
    }
    const request = readRequest(text)
    const document = parsed(deps, request.query)
    const isMutation = getOperationAST(document, request.operation)?.operation === 'mutation'
    const cost = queryCost(document, request.variables)
    const points = isMutation ? 5 : 1
    const key = limitKey(credential)
    const creates = isMutation && createsContent(document)
    deps.limits.charge({ key, resource: 'graphql', cost, points, creates })
    const context = queryContext({
      world: deps.world,
      asker: credential,
      limits: deps.limits,
      limitKey: key,
      cost,
    })
    const body = await run(deps, document, { context, ...request })
    const told = deps.limits.headers(key, 'graphql')
    return { status: 200, body, headers: told, credential, points, creates }
  } catch (error) {
    if (error instanceof GraphQLError) {
      return { status: 200, body: { errors: [shown(error)] }, headers: {}, credential, points: 1 }
    }
    if (!(error instanceof Refusal)) throw error
    const { status, body, headers } = error
    // Out of points, GraphQL answers 200 and says so in its errors; the secondary limit is a 403.
    if (error instanceof BudgetSpent && credential !== null) {
      const errors = [{ type: 'RATE_LIMITED', message: body['message'] }]
      const told = deps.limits.headers(limitKey(credential), 'graphql')
      return { status: 200, body: { errors }, headers: told, credential, points: 0 }
    }
    return {
      status,
      body,
      headers,
      credential,
      points: 0,
    }
  }
}

type Query = {
  readonly query: string
  readonly variables: Readonly<Record<string, unknown>>
  readonly operation: string | null
}

function readRequest(text: string): Query {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw new Refusal(400, { message: 'Problems parsing JSON' })
  }
  const fields = new Fields(value)
  if (fields.maybe('query') === null)
    throw new Refusal(400, { message: 'A query attribute must be specified' })
  const variables = Object.fromEntries(fields.object('variables').entries())
  return { query: fields.text('query'), variables, operation: fields.maybe('operationName') }
}

// GitHub lets an App call these; Yardmaster never may.
const NEVER: ReadonlySet<string> = new Set([
  'enablePullRequestAutoMerge',
  'enqueuePullRequest',
  'markPullRequestReadyForReview',
  'mergeBranch',
  'mergePullRequest',
])

/** Reactions are no content to GitHub's pace of creations. */
function createsContent(document: DocumentNode): boolean {
  return document.definitions.some(
    (one) =>
      one.kind === Kind.OPERATION_DEFINITION &&
      one.selectionSet.selections.some(
        (field) =>
          field.kind === Kind.FIELD &&
          /^(add|create)/.test(field.name.value) &&
          field.name.value !== 'addReaction',
      ),
  )
}

const documents = new Map<string, DocumentNode>()
const MAX_DOCUMENTS = 500

function parsed(deps: Deps, query: string): DocumentNode {
  const known = documents.get(query)
  if (known !== undefined) return known
  const violate = (error: GraphQLError): GraphQLError => {
    deps.world.violate('graphql', query.slice(0, 200), error.message)
    return error
  }
  let document
  try {
    document = parse(query)
  } catch (error) {
    throw error instanceof GraphQLError ? violate(error) : error
  }
  const [first, ...rest] = validate(githubSchema(), document)
  for (const error of rest) violate(error)
  if (first !== undefined) throw violate(first)
  if (documents.size >= MAX_DOCUMENTS) documents.clear()
  documents.set(query, document)
  return document
}

async function run(
  deps: Deps,
  document: DocumentNode,
  given: Query & { readonly context: QueryContext },
): Promise<unknown> {
  const result: ExecutionResult = await execute({
    schema: githubSchema(),
    document,
    contextValue: given.context,
    variableValues: given.variables,
    operationName: given.operation,
    fieldResolver: resolve,
    typeResolver: typeOfValue,
  })
  for (const error of result.errors ?? []) {
    // What GitHub answers with a type of its own is its answer; all else is misuse or our own gap.
    const type =
      error.extensions['type'] ??
      (error.originalError as GraphQLError | undefined)?.extensions?.['type']
    if (
      type === undefined ||
      type === 'MISSING_PAGINATION_BOUNDARIES' ||
      type === 'EXCESSIVE_PAGINATION'
    ) {
      deps.world.violate('graphql', given.query.slice(0, 200), error.message)
    }
  }
  if (result.errors === undefined) return { data: result.data }
  return { data: result.data, errors: result.errors.map(shown) }
}

const resolve: GraphQLFieldResolver<unknown, QueryContext> = (source, args, context, info) => {
  const type = info.parentType.name
  const table = tableFor(type)
  const resolver = table?.[info.fieldName]
  if (type === 'Mutation' && NEVER.has(info.fieldName)) {
    const { login } = context.actor.user
    context.world.violate('never', info.fieldName, `${login} called it`)
  }
  if (resolver === undefined) {
    // What a mutation gives back stands in its result under the field's own name.
    if (type.endsWith('Payload') && isPayload(source) && info.fieldName in source)
      return source[info.fieldName]
    throw new GraphQLError(`The emulator does not implement ${type}.${info.fieldName}`)
  }
  const fields = new Fields(args)
  const whole = (given: unknown): unknown => {
    refuseIgnored(fields, info)
    return given
  }
  try {
    const given = resolver(source, fields, context)
    return given instanceof Promise ? given.then(whole).catch(inWords) : whole(given)
  } catch (error) {
    return inWords(error)
  }
}

/** An argument that GitHub heeds and the emulator would not is refused; defaults are nobody's wish. */
function refuseIgnored(fields: Fields, info: GraphQLResolveInfo): void {
  const asked = new Set(info.fieldNodes[0]?.arguments?.map(({ name }) => name.value))
  const ignored = fields.unread().filter((name) => asked.has(name))
  if (ignored.length === 0) return
  const where = `${info.parentType.name}.${info.fieldName}`
  throw new GraphQLError(`The emulator would ignore ${ignored.join(', ')} of ${where}`)
}

function tableFor(type: string): Readonly<Record<string, Resolver<unknown>>> | undefined {
  const tables = RESOLVERS as unknown as Readonly<
    Record<string, Readonly<Record<string, Resolver<unknown>>>>
  >
  const suffix = ['Connection', 'Edge', 'Payload'].find((one) => type.endsWith(one))
  const shared = suffix ?? type
  return tables[type] ?? tables[shared]
}

/** What a change refuses, in GraphQL's way; what the emulator does not know stays its own gap. */
function inWords(error: unknown): never {
  if (!(error instanceof Refusal) || error.status >= 500) throw error
  const type = { 403: 'FORBIDDEN', 404: 'NOT_FOUND' }[error.status] ?? 'UNPROCESSABLE'
  throw refuse(type, String(error.body['message']))
}

function isPayload(source: unknown): source is Payload {
  return typeof source === 'object' && source !== null && 'mark' in source
}

function shown(error: GraphQLError): unknown {
  const { type, ...extensions } = error.extensions
  return {
    ...(type === undefined ? {} : { type }),
    ...error.toJSON(),
    ...(Object.keys(extensions).length > 0 ? { extensions } : {}),
  }
}
