/** Who approves a pull request now: of each person the last review that says yes or no counts, as on GitHub itself. */
import type { Actor } from '../domain/actor.ts'
import { sha } from '../domain/ids.ts'
import type { Approval } from '../ports/tracker.ts'
import type { RepoRef } from '../domain/repository.ts'
import { actorOrNull } from './actors.ts'
import type { Client } from './client.ts'
import { PER_PAGE, allPages } from './pages.ts'

/** A comment takes no approval back, and a review that nobody has submitted says nothing. */
const SILENT: ReadonlySet<string> = new Set(['COMMENTED', 'PENDING'])

export async function readApprovals(
  client: Client,
  repo: RepoRef,
  number: number,
): Promise<readonly Approval[]> {
  const octokit = client.on(repo, 'look')
  const reviews = await allPages(async (page) => {
    const { data, headers } = await octokit.rest.pulls.listReviews({
      owner: repo.owner,
      repo: repo.name,
      pull_number: number,
      per_page: PER_PAGE,
      page,
    })
    return { items: data, link: headers.link }
  })
  const last = new Map<number, { readonly by: Actor; readonly review: (typeof reviews)[number] }>()
  for (const review of reviews) {
    const by = actorOrNull(review.user)
    if (by !== null && by.kind === 'person' && !SILENT.has(review.state))
      last.set(by.id, { by, review })
  }
  return [...last.values()].flatMap(({ by, review }) =>
    review.state === 'APPROVED' && review.commit_id !== null
      ? [{ by, head: sha(review.commit_id) }]
      : [],
  )
}
