/** The branches below a prefix, as many as there are. REST lists them without pages; here every page is asked for. */
import { sha, type Sha } from '../domain/ids.ts'
import type { RepoRef } from '../domain/repository.ts'
import type { Client } from './client.ts'
import { sameRepository } from './head.ts'
import { BRANCHES } from './queries/branches.ts'
import { runQuery } from './run-query.ts'

export async function readBranches(
  client: Client,
  repo: RepoRef,
  prefix: string,
): Promise<ReadonlyMap<string, Sha>> {
  const branches = new Map<string, Sha>()
  for (let after = ''; ;) {
    const { repository } = await runQuery(client.on(repo, 'look'), BRANCHES, {
      owner: repo.owner,
      name: repo.name,
      prefix: `refs/heads/${prefix}`,
      ...(after === '' ? {} : { after }),
    })
    sameRepository(repo, repository.databaseId, BRANCHES.name)
    const { nodes, pageInfo } = repository.refs
    for (const node of nodes) if (node !== null) branches.set(node.name, sha(node.target.oid))
    if (!pageInfo.hasNextPage || pageInfo.endCursor === null) return branches
    after = pageInfo.endCursor
  }
}
