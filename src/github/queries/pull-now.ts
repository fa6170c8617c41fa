/** One pull request with all that decides what is to be done about it: head, mergeability, checks, reviews, in one read. */
import * as z from 'zod'
import type { Query } from '../run-query.ts'

const oid = z.string().regex(/^[0-9a-f]{40}$/)
const account = z
  .object({ __typename: z.string(), login: z.string(), databaseId: z.number().nullish() })
  .nullable()

export const REVIEW_STATE = z.enum([
  'APPROVED',
  'CHANGES_REQUESTED',
  'COMMENTED',
  'DISMISSED',
  'PENDING',
])

const review = z.object({
  databaseId: z.number().nullable(),
  state: REVIEW_STATE,
  submittedAt: z.string().nullable(),
  author: account,
  commit: z.object({ oid }).nullable(),
})

const run = z.object({
  __typename: z.literal('CheckRun'),
  name: z.string(),
  status: z.string(),
  conclusion: z.string().nullable(),
  isRequired: z.boolean(),
  title: z.string().nullable(),
  summary: z.string().nullable(),
  text: z.string().nullable(),
  checkSuite: z.object({ app: z.object({ databaseId: z.number().nullable() }).nullable() }),
  annotations: z
    .object({
      nodes: z
        .array(
          z
            .object({
              path: z.string(),
              message: z.string(),
              location: z.object({ start: z.object({ line: z.number() }) }),
            })
            .nullable(),
        )
        .nullable(),
    })
    .nullable(),
})

const status = z.object({
  __typename: z.literal('StatusContext'),
  context: z.string(),
  state: z.enum(['ERROR', 'EXPECTED', 'FAILURE', 'PENDING', 'SUCCESS']),
  description: z.string().nullable(),
  isRequired: z.boolean(),
})

const checkContext = z.discriminatedUnion('__typename', [run, status])

const pull = z.object({
  number: z.number(),
  url: z.string(),
  state: z.enum(['OPEN', 'CLOSED', 'MERGED']),
  createdAt: z.string(),
  headRefOid: oid,
  mergeable: z.enum(['MERGEABLE', 'CONFLICTING', 'UNKNOWN']),
  mergeStateStatus: z.string(),
  additions: z.number(),
  deletions: z.number(),
  changedFiles: z.number(),
  reviewRequests: z
    .object({
      nodes: z
        .array(
          z
            .object({ requestedReviewer: z.object({ login: z.string().optional() }).nullable() })
            .nullable(),
        )
        .nullable(),
    })
    .nullable(),
  reviews: z.object({ nodes: z.array(review.nullable()).nullable() }).nullable(),
  statusCheckRollup: z
    .object({ contexts: z.object({ nodes: z.array(checkContext.nullable()).nullable() }) })
    .nullable(),
})

/** As much as tells whether to look closer. */
export const PULL_SIGNS = {
  headRefOid: oid,
  mergeable: pull.shape.mergeable,
  mergeStateStatus: z.string(),
  statusCheckRollup: z.object({ state: status.shape.state }).nullable(),
} as const

export type PullNode = z.infer<typeof pull>
export type ReviewNode = z.infer<typeof review>
export type CheckNode = z.infer<typeof checkContext>

const answer = z.object({
  repository: z.object({ databaseId: z.number(), pullRequest: pull.nullable() }),
})

export const PULL_NOW: Query<z.infer<typeof answer>> = {
  name: 'look at a pull request',
  document: `query PullNow($owner: String!, $name: String!, $number: Int!) {
  repository(owner: $owner, name: $name) {
    databaseId
    pullRequest(number: $number) {
      number url state createdAt headRefOid mergeable mergeStateStatus
      additions deletions changedFiles
      reviewRequests(first: 50) { nodes { requestedReviewer { ... on User { login } } } }
      reviews(last: 100) {
        nodes {
          databaseId state submittedAt commit { oid }
          author { __typename login ... on User { databaseId } ... on Bot { databaseId } }
        }
      }
      statusCheckRollup {
        contexts(first: 100) {
          nodes {
            __typename
            ... on CheckRun {
              name status conclusion title summary text
              isRequired(pullRequestNumber: $number)
              checkSuite { app { databaseId } }
              annotations(first: 20) { nodes { path message location { start { line } } } }
            }
            ... on StatusContext {
              context state description
              isRequired(pullRequestNumber: $number)
            }
          }
        }
      }
    }
  }
}`,
  answer,
}
