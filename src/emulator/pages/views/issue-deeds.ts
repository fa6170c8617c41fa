// What people do to issues and pull requests by pressing buttons; each by the verb of the same name,
// as the person they act as, so that a role is refused here as it would be anywhere.
import type { Hono } from 'hono'
import { html } from 'hono/html'
import { notFound } from '../../world/refusal.ts'
import type { Comment } from '../../world/issue.ts'
import { fullNameOf } from '../../world/world.ts'
import { layout } from '../layout.ts'
import { mayEdit } from '../parts/conversation.ts'
import { labelChip } from '../parts/label.ts'
import { hasReacted, reactionOf } from '../parts/reactions.ts'
import { wordFields } from '../parts/word-fields.ts'
import { hasRole, roleOf } from '../../auth/role.ts'
import { repositoryFrame } from '../repository-frame.ts'
import {
  addressOf,
  atOf,
  issueAddress,
  loginOf,
  repositoryOf,
  textOf,
  tokenField,
  type Ask,
  type PageEnv,
  type Site,
} from '../visit.ts'
import { issueOf } from './issue.ts'

export function issueDeedRoutes(app: Hono<PageEnv>): void {
  app.get('/:owner/:repo/issues/new', (c) => {
    const visit = c.get('visit')
    const repo = repositoryOf(c)
    const given = { title: c.req.query('title') ?? '', body: c.req.query('body') ?? '' }
    const may = visit.me !== null && hasRole(roleOf(repo, visit.me), 'triage')
    const labels = may
      ? html`<fieldset class="choices">
          <legend>Labels</legend>
          ${[...repo.labels.values()].map(
            (label) =>
              html`<label class="choice"
                ><input type="checkbox" name="label" value="${label.name}" />
                ${labelChip(label)}</label
              >`,
          )}
        </fieldset>`
      : ''
    const content = html`<div class="heading"><h1>New issue</h1></div>
      <form class="composer" method="post" action="${addressOf(repo)}/issues">
        ${tokenField(visit)} ${wordFields(given)} ${labels}
        <p class="row end"><button class="primary">Create issue</button></p>
      </form>`
    const title = `New issue · ${fullNameOf(repo)}`
    return c.html(layout(visit, { title, frame: repositoryFrame(repo, 'issues'), content }))
  })
  app.post('/:owner/:repo/issues', (c) => {
    const repo = repositoryOf(c)
    const form = c.get('form')
    const visit = c.get('visit')
    const issue = visit.site.openIssue({
      repo: fullNameOf(repo),
      as: loginOf(visit),
      title: textOf(form, 'title').trim(),
      body: textOf(form, 'body'),
      labels: form.getAll('label').map(String),
    })
    return c.redirect(issueAddress(issue), 303)
  })
  for (const kind of ['issues', 'pull']) {
    const address = `/:owner/:repo/${kind}/:number{[0-9]+}`
    app.get(`${address}/edit`, editPage)
    app.post(`${address}/edit`, (c) =>
      deed(c, (site, at, form) =>
        site.editIssue({ ...at, title: textOf(form, 'title').trim(), body: textOf(form, 'body') }),
      ),
    )
    app.post(`${address}/label`, (c) =>
      deed(c, (site, at, form) => site.label({ ...at, label: textOf(form, 'label').trim() })),
    )
    app.post(`${address}/unlabel`, (c) =>
      deed(c, (site, at, form) => site.unlabel({ ...at, label: textOf(form, 'label') })),
    )
    app.post(`${address}/comment`, (c) => deed(c, comment))
    app.post(`${address}/react`, (c) =>
      deed(c, (site, at, form) => {
        const content = reactionOf(form)
        const { reactions } = site.issue(at)
        if (hasReacted(reactions, { content, login: at.as })) site.unreact({ ...at, content })
        else site.react({ ...at, content })
      }),
    )
    app.post(`${address}/assign`, (c) =>
      deed(c, (site, at, form) => site.assign({ ...at, to: textOf(form, 'login') })),
    )
    app.post(`${address}/unassign`, (c) =>
      deed(c, (site, at, form) => site.unassign({ ...at, from: textOf(form, 'login') })),
    )
    app.post(`${address}/pin`, (c) => deed(c, (site, at) => site.pinIssue(at)))
    app.post(`${address}/unpin`, (c) => deed(c, (site, at) => site.unpinIssue(at)))
  }
  app.get('/:owner/:repo/comments/:id/edit', commentPage)
  app.post('/:owner/:repo/comments/:id/edit', (c) => {
    const visit = c.get('visit')
    const { id, issue } = commentOf(c)
    const body = textOf(c.get('form'), 'body')
    visit.site.editComment({ repo: fullNameOf(issue.repo), id, as: loginOf(visit), body })
    return c.redirect(`${issueAddress(issue)}#issuecomment-${id}`, 303)
  })
  app.post('/:owner/:repo/comments/:id/react', (c) => {
    const visit = c.get('visit')
    const { id, issue, reactions } = commentOf(c)
    const content = reactionOf(c.get('form'))
    const at = { repo: fullNameOf(issue.repo), id, as: loginOf(visit), content }
    if (hasReacted(reactions, { content, login: at.as })) visit.site.unreactToComment(at)
    else visit.site.reactToComment(at)
    return c.redirect(`${issueAddress(issue)}#issuecomment-${id}`, 303)
  })
  app.post('/:owner/:repo/comments/:id/delete', (c) => {
    const visit = c.get('visit')
    const { id, issue } = commentOf(c)
    visit.site.deleteComment({ repo: fullNameOf(issue.repo), id, as: loginOf(visit) })
    return c.redirect(issueAddress(issue), 303)
  })
}

type At = { readonly repo: string; readonly number: number; readonly as: string }

/** Does it as the visitor, and shows the issue again. */
export async function deed(
  c: Ask,
  act: (site: Site, at: At, form: FormData) => unknown,
): Promise<Response> {
  const visit = c.get('visit')
  const issue = issueOf(c)
  await act(visit.site, { ...atOf(issue), as: loginOf(visit) }, c.get('form'))
  return c.redirect(issueAddress(issue), 303)
}

/** A comment, and closing or reopening with it or without. */
function comment(site: Site, at: At, form: FormData): void {
  const body = textOf(form, 'body')
  const next = textOf(form, 'next')
  const silent = next !== 'nothing' && next !== ''
  if (body.trim() !== '' || !silent) site.comment({ ...at, body })
  const { pull } = site.issue(at)
  if (next === 'close' && pull !== null) site.closePull(at)
  else if (next === 'close') site.closeIssue(at)
  else if (next === 'drop') site.closeIssue({ ...at, reason: 'not_planned' })
  else if (next === 'reopen' && pull !== null) site.reopenPull(at)
  else if (next === 'reopen') site.reopen(at)
}

function editPage(c: Ask): Response | Promise<Response> {
  const visit = c.get('visit')
  const issue = issueOf(c)
  const address = issueAddress(issue)
  const { repo, title } = issue
  const content = html`<div class="heading"><h1>Edit #${issue.number}</h1></div>
    ${
      mayEdit(visit, issue)
        ? ''
        : html`<p class="notice">Only its author and those with write access may change it.</p>`
    }
    <form class="composer" method="post" action="${address}/edit">
      ${tokenField(visit)} ${wordFields({ title, body: issue.body ?? '' })}
      <p class="row end">
        <a class="button" href="${address}">Cancel</a><button class="primary">Save</button>
      </p>
    </form>`
  const frame = repositoryFrame(repo, issue.pull === null ? 'issues' : 'pulls')
  return c.html(layout(visit, { title: `Edit #${issue.number}`, frame, content }))
}

function commentPage(c: Ask): Response | Promise<Response> {
  const visit = c.get('visit')
  const { body, id, issue } = commentOf(c)
  const address = `${addressOf(issue.repo)}/comments/${id}/edit`
  const content = html`<div class="heading"><h1>Edit a comment on #${issue.number}</h1></div>
    <form class="composer" method="post" action="${address}">
      ${tokenField(visit)}
      <label for="body">Comment</label>
      <textarea id="body" name="body" rows="14" required>${body}</textarea>
      <p class="row end">
        <a class="button" href="${issueAddress(issue)}">Cancel</a
        ><button class="primary">Save</button>
      </p>
    </form>`
  const frame = repositoryFrame(issue.repo, issue.pull === null ? 'issues' : 'pulls')
  return c.html(layout(visit, { title: 'Edit a comment', frame, content }))
}

function commentOf(c: Ask): Comment {
  const found = repositoryOf(c).comments.get(Number(c.req.param('id')))
  if (found === undefined) throw notFound()
  return found
}
