// What people do to pull requests besides talking: merge, review, delete the branch.
import type { Hono } from 'hono'
import { notFound } from '../../world/refusal.ts'
import type { Review, ReviewComment } from '../../world/issue.ts'
import { fullNameOf } from '../../world/world.ts'
import { hasReacted, reactionOf } from '../parts/reactions.ts'
import {
  issueAddress,
  loginOf,
  repositoryOf,
  textOf,
  type Ask,
  type PageEnv,
  type Site,
} from '../visit.ts'
import { issueOf } from './issue.ts'
import { deed } from './issue-deeds.ts'

const METHODS = ['merge', 'squash', 'rebase'] as const
const EVENTS = ['COMMENT', 'APPROVE', 'REQUEST_CHANGES'] as const

export function pullDeedRoutes(app: Hono<PageEnv>): void {
  const address = '/:owner/:repo/pull/:number{[0-9]+}'
  app.post(`${address}/merge`, async (c) =>
    deed(c, async (site, at, form) => {
      const method = METHODS.find((one) => one === textOf(form, 'method')) ?? 'merge'
      await site.merge({ ...at, method, sha: textOf(form, 'sha') })
    }),
  )
  app.post(`${address}/review`, async (c) =>
    deed(c, async (site, at, form) => {
      const event = EVENTS.find((one) => one === textOf(form, 'event'))
      if (event === undefined) throw notFound()
      const body = textOf(form, 'body')
      const begun = pending(site, at)
      if (begun === undefined) await site.review({ ...at, event, body })
      else site.submitReview({ ...at, id: begun.id, event, body })
    }),
  )
  app.post(`${address}/discard-review`, async (c) =>
    deed(c, (site, at) => {
      const begun = pending(site, at)
      if (begun === undefined) throw notFound()
      site.discardReview({ ...at, id: begun.id })
    }),
  )
  app.post(`${address}/line`, async (c) => {
    const issue = issueOf(c)
    await deed(c, async (site, at, form) => {
      const comment = {
        ...at,
        path: textOf(form, 'path'),
        side: textOf(form, 'side') === 'LEFT' ? ('LEFT' as const) : ('RIGHT' as const),
        line: Number(textOf(form, 'line')),
        body: textOf(form, 'body'),
      }
      if (textOf(form, 'how') === 'review') await site.commentInReview(comment)
      else await site.commentOnLine(comment)
    })
    return c.redirect(`${issueAddress(issue)}/files`, 303)
  })
  app.post(`${address}/request-review`, async (c) =>
    deed(c, (site, at, form) => site.requestReview({ ...at, from: textOf(form, 'login') })),
  )
  app.post(`${address}/cancel-review`, async (c) =>
    deed(c, (site, at, form) => site.cancelReviewRequest({ ...at, from: textOf(form, 'login') })),
  )
  app.post('/:owner/:repo/review-comments/:id/:what', (c) => {
    const visit = c.get('visit')
    const repo = repositoryOf(c)
    const comment = repo.reviewComments.get(Number(c.req.param('id')))
    if (comment === undefined) throw notFound()
    const at = { repo: fullNameOf(repo), id: comment.id, as: loginOf(visit) }
    onComment(c, comment, at)
    return c.redirect(`${issueAddress(comment.thread.issue)}#discussion-${comment.thread.id}`, 303)
  })
  app.post(`${address}/delete-branch`, async (c) =>
    deed(c, async (site, at) => {
      const { pull, state } = site.pull(at)
      // Deleting the branch of an open pull request would close it, which is another button.
      if (state === 'open') throw notFound()
      await site.deleteBranch({ repo: at.repo, as: at.as, branch: pull.head.ref })
    }),
  )
}

type At = { readonly repo: string; readonly number: number; readonly as: string }

function pending(site: Site, at: At): Review | undefined {
  return site.reviews(at).find((one) => one.state === 'PENDING' && one.user.login === at.as)
}

function onComment(
  c: Ask,
  { reactions }: ReviewComment,
  at: { readonly repo: string; readonly id: number; readonly as: string },
): void {
  const { site } = c.get('visit')
  const form = c.get('form')
  switch (c.req.param('what') ?? '') {
    case 'reply':
      site.replyToReviewComment({ ...at, body: textOf(form, 'body') })
      return
    case 'resolve':
      site.resolveThread(at)
      return
    case 'unresolve':
      site.unresolveThread(at)
      return
    case 'react': {
      const content = reactionOf(form)
      if (hasReacted(reactions, { content, login: at.as }))
        site.unreactToReviewComment({ ...at, content })
      else site.reactToReviewComment({ ...at, content })
      return
    }
    default:
      throw notFound()
  }
}
