/** Who is asked for a look at a pull request already, and whom the repository's CODEOWNERS would name, in one read. */
import * as z from 'zod'
import type { Query } from '../run-query.ts'

const file = z.object({ text: z.string().nullish(), isTruncated: z.boolean().nullish() }).nullable()

const answer = z.object({
  repository: z.object({
    databaseId: z.number(),
    github: file,
    root: file,
    docs: file,
    pullRequest: z
      .object({
        reviewRequests: z
          .object({
            nodes: z
              .array(
                z
                  .object({
                    requestedReviewer: z.object({ login: z.string().nullish() }).nullable(),
                  })
                  .nullable(),
              )
              .nullish(),
          })
          .nullable(),
      })
      .nullable(),
  }),
})

export const REVIEW_ASKED: Query<z.infer<typeof answer>> = {
  name: 'read who is asked for a review',
  document: `query ReviewAsked($owner: String!, $name: String!, $number: Int!) {
  repository(owner: $owner, name: $name) {
    databaseId
    github: object(expression: "HEAD:.github/CODEOWNERS") { ... on Blob { text isTruncated } }
    root: object(expression: "HEAD:CODEOWNERS") { ... on Blob { text isTruncated } }
    docs: object(expression: "HEAD:docs/CODEOWNERS") { ... on Blob { text isTruncated } }
    pullRequest(number: $number) {
      reviewRequests(first: 50) { nodes { requestedReviewer { ... on User { login } } } }
    }
  }
}`,
  answer,
}
