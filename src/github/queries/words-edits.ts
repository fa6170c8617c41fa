/**
 * When a comment or review was last edited, to the letter: REST tells moments of comments in whole seconds, within which
 * they may say something else, and of a review no edit at all.
 */
import * as z from 'zod'
import type { Query } from '../run-query.ts'

const answer = z.object({
  repository: z.object({ databaseId: z.number() }),
  node: z.object({ lastEditedAt: z.string().nullish() }).nullable(),
})

export const WORDS_EDITS: Query<z.infer<typeof answer>> = {
  name: 'read whether words were edited',
  document: `query WordsEdits($owner: String!, $name: String!, $words: ID!) {
  repository(owner: $owner, name: $name) { databaseId }
  node(id: $words) { ... on IssueComment { lastEditedAt } ... on PullRequestReview { lastEditedAt } }
}`,
  answer,
}
