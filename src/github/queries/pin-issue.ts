/** Puts an issue among the three that stand first in a repository. Only GraphQL can. */
import * as z from 'zod'
import type { Query } from '../run-query.ts'

const answer = z.object({ pinIssue: z.object({ issue: z.object({ id: z.string() }).nullable() }) })

export const PIN_ISSUE: Query<z.infer<typeof answer>> = {
  name: 'pin an issue',
  mutates: true,
  document: `mutation PinIssue($issue: ID!) {
  pinIssue(input: { issueId: $issue }) { issue { id } }
}`,
  answer,
}
