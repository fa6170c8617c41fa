// What issue and pull request pages share: heading, conversation, and the forms at its end.
import { html } from 'hono/html'
import { hasRole, roleOf } from '../../auth/role.ts'
import { mayWrite } from '../../verbs/context.ts'
import type { Issue } from '../../world/issue.ts'
import { issueAddress, tokenField, type Html, type Visit } from '../visit.ts'
import { saidBox } from './comment.ts'
import { moment } from './moment.ts'
import { avatar, personLink } from './person.ts'
import { stateBadge } from './state.ts'

export function heading(visit: Visit, issue: Issue, more: Html | string = ''): Html {
  const count = issue.comments.length
  return html`<div class="heading" id="heading" data-live>
    <h1>${issue.title} <span class="quiet">#${issue.number}</span></h1>
    <p class="under">
      ${stateBadge(issue)}
      <span
        >${personLink(issue.user)} opened this ${moment(issue.createdAt)} ·
        ${count === 1 ? '1 comment' : `${count} comments`}${more}</span
      >
      ${
        mayEdit(visit, issue)
          ? html`<a class="small button" href="${issueAddress(issue)}/edit">Edit</a>`
          : ''
      }
    </p>
  </div>`
}

export function ownText(visit: Visit, issue: Issue): Html {
  return saidBox(visit, {
    id: `issue-${issue.id}`,
    issue,
    user: issue.user,
    app: issue.app,
    at: issue.createdAt,
    edited: issue.lastEditedAt,
    verb: issue.pull === null ? 'opened this issue' : 'wants to merge this',
    body: issue.body ?? '',
    reactions: issue.reactions,
    reactAt: `${issueAddress(issue)}/react`,
  })
}

/** Outside of what changes by itself, so that nothing typed is ever lost. */
export function commentForm(visit: Visit, issue: Issue): Html {
  const { me } = visit
  if (me === null) return html`<p class="empty">There is nobody who could comment.</p>`
  if (issue.locked && !mayWrite(issue.repo, me)) {
    return html`<p class="empty">The conversation is locked to those with write access.</p>`
  }
  return html`<form class="composer" method="post" action="${issueAddress(issue)}/comment">
    ${tokenField(visit)}
    <h2>${avatar(me)} <label for="comment-body">Add a comment as ${me.login}</label></h2>
    <textarea
      id="comment-body"
      name="body"
      rows="5"
      placeholder="Markdown works here"
      autocomplete="off"
    ></textarea>
    <p class="row end">
      <span id="closing" data-live>${closing(visit, issue)}</span>
      <button class="primary" name="next" value="nothing">Comment</button>
    </p>
  </form>`
}

function closing(visit: Visit, issue: Issue): Html | string {
  if (!mayClose(visit, issue) || issue.pull?.merged === true) return ''
  const what = issue.pull === null ? 'issue' : 'pull request'
  if (issue.state === 'closed') {
    return html`<button id="reopen" name="next" value="reopen">Reopen ${what}</button>`
  }
  const dropped =
    issue.pull === null
      ? html`<button id="drop" name="next" value="drop">Close as not planned</button>`
      : ''
  return html`<button id="close" name="next" value="close">Close ${what}</button> ${dropped}`
}

export function mayEdit({ me }: Visit, issue: Issue): boolean {
  return me !== null && (me === issue.user || mayWrite(issue.repo, me))
}

function mayClose({ me }: Visit, issue: Issue): boolean {
  return me !== null && (me === issue.user || hasRole(roleOf(issue.repo, me), 'triage'))
}
