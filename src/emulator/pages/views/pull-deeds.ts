// What people do to pull requests besides talking: merge, review, delete the branch.
import type { Hono } from 'hono'
import { notFound } from '../../world/refusal.ts'
import { textOf, type PageEnv } from '../visit.ts'
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
      await site.review({ ...at, event, body: textOf(form, 'body') })
    }),
  )
  app.post(`${address}/delete-branch`, async (c) =>
    deed(c, async (site, at) => {
      const { pull, state } = site.pull(at)
      // Deleting the branch of an open pull request would close it, which is another button.
      if (state === 'open') throw notFound()
      await site.deleteBranch({ repo: at.repo, as: at.as, branch: pull.head.ref })
    }),
  )
}
