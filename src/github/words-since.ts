/** What people said in a whole repository since some moment: comments on its issues and pull requests. */
import type { Instant } from '../domain/ids.ts'
import type { RepoRef } from '../domain/repository.ts'
import type { CommentFound, Tracker } from '../ports/tracker.ts'
import { actorOrNull } from './actors.ts'
import { NotModified, type Client } from './client.ts'
import { moment } from './issues.ts'
import { PER_PAGE, allPages, hasNext } from './pages.ts'

/** A conditional read: an answer of "not modified" costs nothing of the hour's budget. */
export function createCommentsSince(client: Client): Tracker['commentsSince'] {
  /** Per repository, the last question and the tag of its answer. */
  const tags = new Map<number, { readonly since: Instant; readonly etag: string }>()

  return async (repo: RepoRef, since: Instant, former?: 'unread') => {
    const octokit = client.on(repo, 'look')
    const known = former === 'unread' ? undefined : tags.get(repo.id)
    const conditional = known !== undefined && known.since === since
    tags.delete(repo.id)
    const found: CommentFound[] = []
    try {
      await allPages(async (page) => {
        const { data, headers } = await octokit.rest.issues.listCommentsForRepo({
          owner: repo.owner,
          repo: repo.name,
          sort: 'updated',
          direction: 'asc',
          since: new Date(since).toISOString(),
          per_page: PER_PAGE,
          page,
          ...(conditional && page === 1 ? { headers: { 'if-none-match': known.etag } } : {}),
        })
        // With a further page the first one's tag would hide changes, which come last.
        const whole = data.length < PER_PAGE && !hasNext(headers.link)
        if (page === 1 && headers.etag !== undefined && whole)
          tags.set(repo.id, { since, etag: headers.etag })
        for (const comment of data) {
          // `…/issues/7#issuecomment-1`, or `…/pull/7#…`.
          const [kind, number] = new URL(comment.html_url).pathname.split('/').slice(-2)
          found.push({
            id: comment.id,
            on: kind === 'pull' ? 'pull' : 'issue',
            number: Number(number),
            author: actorOrNull(comment.user),
            byApp: comment.performed_via_github_app?.slug ?? null,
            text: comment.body ?? '',
            at: moment(comment.created_at),
            edited: comment.updated_at !== comment.created_at,
          })
        }
        return { items: [], link: headers.link }
      })
      return found
    } catch (error) {
      if (!(error instanceof NotModified) || known === undefined) throw error
      tags.set(repo.id, known)
      return null
    }
  }
}
