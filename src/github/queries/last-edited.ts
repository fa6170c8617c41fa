/** When an issue's text was last edited: the body says so itself, the title only in its timeline. */
import * as z from 'zod'
import type { Query } from '../run-query.ts'

const answer = z.object({
  repository: z.object({
    databaseId: z.number(),
    issue: z
      .object({
        lastEditedAt: z.string().nullable(),
        timelineItems: z.object({
          nodes: z.array(z.object({ createdAt: z.string().optional() }).nullable()),
        }),
      })
      .nullable(),
  }),
})

export const LAST_EDITED: Query<z.infer<typeof answer>> = {
  name: "read when the issue's text was last edited",
  document: `query LastEdited($owner: String!, $name: String!, $number: Int!) {
  repository(owner: $owner, name: $name) {
    databaseId
    issue(number: $number) {
      lastEditedAt
      timelineItems(itemTypes: [RENAMED_TITLE_EVENT], last: 1) {
        nodes { ... on RenamedTitleEvent { createdAt } }
      }
    }
  }
}`,
  answer,
}
