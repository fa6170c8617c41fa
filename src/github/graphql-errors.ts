/** GraphQL answers 200 whatever happened; this turns the errors in its body into failures of the same shape as REST's. */
import * as z from 'zod'
import { shorten, type Failure } from './failure.ts'

const answer = z.object({
  errors: z
    .array(
      z.object({
        type: z.string().nullish().catch(null),
        message: z.string().catch('no message'),
        path: z.array(z.union([z.string(), z.number()])).catch([]),
      }),
    )
    .min(1),
})

const STATUS: ReadonlyMap<string, number> = new Map([
  ['NOT_FOUND', 404],
  ['FORBIDDEN', 403],
  ['INSUFFICIENT_SCOPES', 403],
  ['RATE_LIMITED', 429],
  ['RATE_LIMIT', 429],
  ['UNPROCESSABLE', 422],
  ['SERVICE_UNAVAILABLE', 503],
])

/**
 * Null when the body holds data and no errors. A partial answer counts as failed, because half a read
 * decides nothing; only a thing that was asked for within a repository and is not there is no error but null.
 */
export function graphqlFailure(data: unknown, headers: Failure['headers']): Failure | null {
  const parsed = answer.safeParse(data)
  if (!parsed.success) return null
  const errors = parsed.data.errors.filter(
    (error) => error.type !== 'NOT_FOUND' || error.path.length < 2,
  )
  const [first] = errors
  if (first === undefined) return null
  const message = shorten(errors.map((error) => error.message).join('; '))
  return {
    // An error without a type is GitHub's own ("Something went wrong while executing your query").
    status: first.type ? (STATUS.get(first.type) ?? 422) : statusOfWords(message),
    headers,
    message: `GraphQL: ${message}`,
    code: null,
    redirected: false,
  }
}

const statusOfWords = (message: string): number =>
  /doesn't exist|argument|parse error|variable/i.test(message) ? 422 : 502
