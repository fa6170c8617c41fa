/** What a review says: its own text, and its comments on lines. Replies in threads that stood before are among them. */
import type { RepoRef } from '../domain/repository.ts'
import type { ReviewWords } from '../ports/code-host.ts'
import { isMissing, type Client } from './client.ts'
import { PER_PAGE, allPages } from './pages.ts'

export async function reviewWords(
  client: Client,
  repo: RepoRef,
  { pull, review }: { readonly pull: number; readonly review: number },
): Promise<ReviewWords | null> {
  const octokit = client.on(repo, 'look')
  const at = { owner: repo.owner, repo: repo.name, pull_number: pull, review_id: review }
  try {
    const { data } = await octokit.rest.pulls.getReview(at)
    const comments = await allPages(async (page) => {
      const found = await octokit.rest.pulls.listCommentsForReview({
        ...at,
        per_page: PER_PAGE,
        page,
      })
      return { items: found.data, link: found.headers.link }
    })
    return {
      text: data.body,
      comments: comments.map(({ id, path, line, original_line: former, body }) => ({
        id,
        path,
        line: line ?? former ?? null,
        text: body,
      })),
    }
  } catch (error) {
    if (isMissing(error)) return null
    throw error
  }
}
