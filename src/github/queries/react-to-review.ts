/** Reacts to a review. Only GraphQL can. The same reaction again changes nothing. */
import * as z from 'zod'
import type { Query } from '../run-query.ts'

const answer = z.object({
  addReaction: z.object({ reaction: z.object({ id: z.string() }).nullable() }),
})

export const REACT_TO_REVIEW: Query<z.infer<typeof answer>> = {
  name: 'react to a review',
  mutates: true,
  document: `mutation ReactToReview($review: ID!, $content: ReactionContent!) {
  addReaction(input: { subjectId: $review, content: $content }) { reaction { id } }
}`,
  answer,
}
