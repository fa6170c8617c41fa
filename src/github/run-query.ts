/** Sends one GraphQL query and checks the shape of its answer. */
import type { Octokit } from '@octokit/rest'
import * as z from 'zod'
import { WorldFault } from '../ports/fault.ts'

export interface Query<T> {
  /** How people see it in messages, such as `read the default branch`. */
  readonly name: string
  readonly document: string
  /** A mutation. */
  readonly mutates?: true
  readonly answer: z.ZodType<T>
}

/** Made once: a schema is compiled when it is first used, which takes longer than using it. */
const envelope = z.object({ data: z.unknown() })

/** Throws `WorldFault` of kind `transient` for an answer of another shape: a read of something half written. */
export async function runQuery<T>(
  octokit: Octokit,
  query: Query<T>,
  variables: Readonly<Record<string, unknown>>,
): Promise<T> {
  const response = await octokit.request({
    method: 'POST',
    url: graphqlUrl(octokit.request.endpoint.DEFAULTS.baseUrl),
    query: query.document,
    variables,
    request: { purpose: query.name, mutates: query.mutates === true },
  })
  const parsed = query.answer.safeParse(envelope.safeParse(response.data).data?.data)
  if (parsed.success) return parsed.data
  const operation = `GraphQL (${query.name})`
  throw new WorldFault(
    `GitHub's answer to "${query.name}" has an unexpected shape: ${z.prettifyError(parsed.error)}`,
    { kind: 'transient', applied: 'no', operation },
  )
}

/** A GitHub server has its REST under `/api/v3` and its GraphQL at `/api/graphql`. */
const graphqlUrl = (baseUrl: string): string =>
  `${baseUrl.replace(/\/$/, '').replace(/\/api\/v3$/, '/api')}/graphql`
