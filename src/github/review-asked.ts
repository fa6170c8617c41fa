/** Reads who is asked for a review of a pull request, and the CODEOWNERS that GitHub goes by: the first of its three places. */
import type { RepoRef } from '../domain/repository.ts'
import type { ReviewAsked } from '../ports/code-host.ts'
import type { Client } from './client.ts'
import { sameRepository } from './head.ts'
import { REVIEW_ASKED } from './queries/review-asked.ts'
import { runQuery } from './run-query.ts'

export async function reviewAsked(
  client: Client,
  repo: RepoRef,
  number: number,
): Promise<ReviewAsked | null> {
  const variables = { owner: repo.owner, name: repo.name, number }
  const { repository } = await runQuery(client.on(repo, 'look'), REVIEW_ASKED, variables)
  sameRepository(repo, repository.databaseId, REVIEW_ASKED.name)
  if (repository.pullRequest === null) return null
  const { github, root, docs, pullRequest } = repository
  const file = github ?? root ?? docs
  return {
    reviewers: (pullRequest.reviewRequests?.nodes ?? []).flatMap(
      (node) => node?.requestedReviewer?.login ?? [],
    ),
    codeOwners: file?.isTruncated === true ? null : (file?.text ?? null),
  }
}
