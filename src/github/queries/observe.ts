/** The present state of known issues and pull requests, as many as are asked for, in one read. */
import * as z from 'zod'
import type { Query } from '../run-query.ts'
import { PULL_SIGNS, REVIEW_STATE } from './pull-now.ts'

const issue = z.object({
  databaseId: z.number(),
  number: z.number(),
  title: z.string(),
  body: z.string(),
  state: z.enum(['OPEN', 'CLOSED']),
  labels: z.object({ nodes: z.array(z.object({ name: z.string() }).nullable()) }).nullable(),
})

const person = z.object({
  __typename: z.string(),
  login: z.string(),
  databaseId: z.number().nullish(),
})

const pull = z.object({
  number: z.number(),
  state: z.enum(['OPEN', 'CLOSED', 'MERGED']),
  ...PULL_SIGNS,
  mergedBy: person.nullable(),
  reviews: z
    .object({
      nodes: z.array(
        z
          .object({
            databaseId: z.number().nullable(),
            body: z.string(),
            state: REVIEW_STATE,
            commit: z.object({ oid: z.string() }).nullable(),
            submittedAt: z.string().nullable(),
            lastEditedAt: z.string().nullable(),
            author: person.nullable(),
          })
          .nullable(),
      ),
    })
    .nullable(),
})

export type IssueNode = z.infer<typeof issue>
export type PullNode = z.infer<typeof pull>

const answer = z.object({
  repository: z.object({ databaseId: z.number() }).catchall(z.union([issue, pull, z.null()])),
})

/** Fields `i0`, `i1`, … are the issues and `p0`, `p1`, … the pull requests of the variables `$i0`, …; missing ones are null. */
export function observeQuery(issues: number, pulls: number): Query<z.infer<typeof answer>> {
  const names = (letter: string, count: number) =>
    Array.from({ length: count }, (_, index) => `${letter}${index}`)
  const [issueNames, pullNames] = [names('i', issues), names('p', pulls)]
  const variables = [...issueNames, ...pullNames].map((name) => `, $${name}: Int!`).join('')
  const fields = [
    ...issueNames.map((name) => `    ${name}: issue(number: $${name}) { ...Issue }`),
    ...pullNames.map((name) => `    ${name}: pullRequest(number: $${name}) { ...Pull }`),
  ]
  return {
    name: 'look at open tasks',
    document: `query Observe($owner: String!, $name: String!${variables}) {
  repository(owner: $owner, name: $name) {
    databaseId
${fields.join('\n')}
  }
}${issues > 0 ? ISSUE : ''}${pulls > 0 ? PULL : ''}`,
    answer,
  }
}

const ISSUE = `
fragment Issue on Issue {
  databaseId number title body state
  labels(first: 100) { nodes { name } }
}`

const PULL = `
fragment Pull on PullRequest {
  number state headRefOid mergeable mergeStateStatus
  statusCheckRollup { state }
  mergedBy { __typename login ... on User { databaseId } ... on Bot { databaseId } }
  reviews(last: 20, states: [APPROVED, CHANGES_REQUESTED, COMMENTED, DISMISSED]) {
    nodes {
      databaseId body state submittedAt lastEditedAt commit { oid }
      author { __typename login ... on User { databaseId } ... on Bot { databaseId } }
    }
  }
}`
