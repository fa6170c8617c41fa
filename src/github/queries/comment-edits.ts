/** When a comment was last edited, to the letter: REST tells moments in whole seconds, within which a comment may say something else. */
import * as z from 'zod'
import type { Query } from '../run-query.ts'

const answer = z.object({
  repository: z.object({ databaseId: z.number() }),
  node: z.object({ lastEditedAt: z.string().nullish() }).nullable(),
})

export const COMMENT_EDITS: Query<z.infer<typeof answer>> = {
  name: 'read whether a comment was edited',
  document: `query CommentEdits($owner: String!, $name: String!, $comment: ID!) {
  repository(owner: $owner, name: $name) { databaseId }
  node(id: $comment) { ... on IssueComment { lastEditedAt } }
}`,
  answer,
}
