// What one branch has over another, and the form that makes a pull request of it.
import type { Hono } from 'hono'
import { html } from 'hono/html'
import { listCommits, mergeBase } from '../../git/commits.ts'
import { differences } from '../../git/differences.ts'
import { resolveCommit } from '../../rest/resolve-commit.ts'
import type { Repository } from '../../world/issue.ts'
import { fullNameOf } from '../../world/world.ts'
import { layout } from '../layout.ts'
import { commitRows, titleOf } from '../parts/commit-rows.ts'
import { diffOf, sizeOf } from '../parts/diff.ts'
import { wordFields } from '../parts/word-fields.ts'
import { repositoryFrame } from '../repository-frame.ts'
import {
  addressOf,
  issueAddress,
  loginOf,
  repositoryOf,
  textOf,
  tokenField,
  type Html,
  type PageEnv,
  type Visit,
} from '../visit.ts'

type Range = { readonly base: string; readonly head: string }

export function compareRoutes(app: Hono<PageEnv>): void {
  app.get('/:owner/:repo/compare/:range{.+}', async (c) => {
    const visit = c.get('visit')
    const repo = repositoryOf(c)
    const range = rangeOf(repo, c.req.param('range'))
    const { gitDir } = repo
    const [base, head] = await Promise.all([
      resolveCommit(repo, range.base),
      resolveCommit(repo, range.head),
    ])
    const from = (await mergeBase(gitDir, base, head)) ?? base
    const [commits, files] = await Promise.all([
      listCommits(gitDir, [`${base}..${head}`]),
      differences(gitDir, from, head),
    ])
    const [first] = commits
    const content = html`<div class="heading">
        <h1>
          <span class="branch">${range.head}</span> compared with
          <span class="branch">${range.base}</span>
        </h1>
      </div>
      ${
        first === undefined
          ? html`<p class="empty">There is nothing in it that is not in ${range.base} already.</p>`
          : html`${opening(visit, repo, { ...range, title: titleOf(first) })}
              ${commitRows(repo, commits.toReversed())}
              <h2 class="between">
                ${files.length === 1 ? '1 file changed' : `${files.length} files changed`}
                ${sizeOf(files)}
              </h2>
              ${diffOf(files, { repo, head })}`
      }`
    const title = `${range.head} · ${fullNameOf(repo)}`
    return c.html(layout(visit, { title, frame: repositoryFrame(repo, 'pulls'), content }))
  })
  app.post('/:owner/:repo/pulls', async (c) => {
    const visit = c.get('visit')
    const form = c.get('form')
    const pull = await visit.site.openPull({
      repo: fullNameOf(repositoryOf(c)),
      as: loginOf(visit),
      title: textOf(form, 'title').trim(),
      body: textOf(form, 'body'),
      head: textOf(form, 'head'),
      base: textOf(form, 'base'),
      draft: textOf(form, 'draft') === 'yes',
    })
    return c.redirect(issueAddress(pull), 303)
  })
}

/** `base...head`, or only a head against the default branch. */
function rangeOf(repo: Repository, text: string): Range {
  const [base = '', head] = text.split('...')
  return head === undefined ? { base: repo.defaultBranch, head: base } : { base, head }
}

/** Pull requests go from branch to branch; a comparison of commits has no form. */
function opening(
  visit: Visit,
  repo: Repository,
  given: Range & { readonly title: string },
): Html | string {
  const isBranch = (name: string): boolean => repo.refs.has(`refs/heads/${name}`)
  if (!isBranch(given.base) || !isBranch(given.head)) return ''
  return html`<details class="review" open>
    <summary>Open a pull request</summary>
    <form class="composer" method="post" action="${addressOf(repo)}/pulls">
      ${tokenField(visit)}
      <input type="hidden" name="head" value="${given.head}" />
      <input type="hidden" name="base" value="${given.base}" />
      ${wordFields({ title: given.title, body: '' })}
      <p class="row end">
        <label class="choice"><input type="checkbox" name="draft" value="yes" /> as a draft</label>
        <button class="primary">Open pull request</button>
      </p>
    </form>
  </details>`
}
