/** Default branch, its head and the settings file at that head, in one read of one moment. */
import * as z from 'zod'
import type { Query } from '../run-query.ts'

const oid = z.string().regex(/^[0-9a-f]{40}$/)

const answer = z.object({
  repository: z.object({
    databaseId: z.number(),
    defaultBranchRef: z.object({ name: z.string().min(1), target: z.object({ oid }) }).nullable(),
    object: z
      .object({
        text: z.string().nullish(),
        isTruncated: z.boolean().nullish(),
        isBinary: z.boolean().nullish(),
      })
      .nullable(),
  }),
})

export const READ_HEAD: Query<z.infer<typeof answer>> = {
  name: 'read the default branch and its settings file',
  document: `query ReadHead($owner: String!, $name: String!) {
  repository(owner: $owner, name: $name) {
    databaseId
    defaultBranchRef { name target { oid } }
    object(expression: "HEAD:.github/yardmaster.yml") {
      ... on Blob { text isTruncated isBinary }
    }
  }
}`,
  answer,
}
