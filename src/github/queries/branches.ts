/** Branches below a prefix and the commits they point at, one page. */
import * as z from 'zod'
import type { Query } from '../run-query.ts'

const node = z.object({ name: z.string(), target: z.object({ oid: z.string() }) })

const answer = z.object({
  repository: z.object({
    databaseId: z.number(),
    refs: z.object({
      nodes: z.array(node.nullable()),
      pageInfo: z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullable() }),
    }),
  }),
})

export const BRANCHES: Query<z.infer<typeof answer>> = {
  name: 'list our branches',
  document: `query Branches($owner: String!, $name: String!, $prefix: String!, $after: String) {
  repository(owner: $owner, name: $name) {
    databaseId
    refs(refPrefix: $prefix, first: 100, after: $after) {
      nodes { name target { oid } }
      pageInfo { hasNextPage endCursor }
    }
  }
}`,
  answer,
}
