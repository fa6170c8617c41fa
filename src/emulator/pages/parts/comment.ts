// One thing that somebody said: an issue's own text, a comment or a review.
import { html } from 'hono/html'
import { mayWrite } from '../../verbs/context.ts'
import type { App } from '../../world/app.ts'
import type { Comment, Issue, Reaction } from '../../world/issue.ts'
import type { User } from '../../world/people.ts'
import { renderMarkdown } from '../markdown/render-markdown.ts'
import { addressOf, tokenField, type Html, type Visit } from '../visit.ts'
import { moment } from './moment.ts'
import { reactionRow } from './reactions.ts'
import { author, avatar } from './person.ts'

export type Said = {
  /** The anchor, by which the page also knows that it is the same thing after a change. */
  readonly id: string
  readonly issue: Issue
  readonly user: User
  readonly app: App | null
  readonly at: string
  readonly edited: string | null
  readonly verb: string | Html
  readonly body: string
  readonly reactions: readonly Reaction[]
  /** Where a reaction is sent; `null` where nobody reacts. */
  readonly reactAt: string | null
  readonly actions?: Html | string
}

export function saidBox(visit: Visit, said: Said): Html {
  const { issue, user } = said
  return html`<article class="said ${user.type === 'Bot' ? 'by-bot' : ''}" id="${said.id}">
    <header>
      ${avatar(user)}
      <span>
        ${author(user, said.app)} ${said.verb}
        <a class="quiet" href="#${said.id}">${moment(said.at)}</a>
        ${said.edited === null ? '' : html`<span class="quiet">· edited ${moment(said.edited)}</span>`}
      </span>
      <span class="actions">${said.actions ?? ''}</span>
    </header>
    <div class="prose">
      ${
        said.body.trim() === ''
          ? html`<p class="quiet">No description provided.</p>`
          : renderMarkdown({ world: visit.site.world, repo: issue.repo, text: said.body })
      }
    </div>
    ${reactionRow(visit, said.reactions, said.reactAt)}
  </article>`
}

export function commentBox(visit: Visit, comment: Comment): Html {
  const { issue, user } = comment
  const { me } = visit
  const mine = me !== null && (user === me || mayWrite(issue.repo, me))
  const address = `${addressOf(issue.repo)}/comments/${comment.id}`
  const actions = html`<a class="small button" href="${address}/edit">Edit</a>
    <form method="post" action="${address}/delete">
      ${tokenField(visit)}<button class="small" aria-label="Delete the comment by ${user.login}">
        Delete
      </button>
    </form>`
  return saidBox(visit, {
    id: `issuecomment-${comment.id}`,
    issue,
    user,
    app: comment.app,
    at: comment.createdAt,
    edited: comment.lastEditedAt,
    verb: 'commented',
    body: comment.body,
    reactions: comment.reactions,
    reactAt: `${address}/react`,
    actions: mine ? actions : '',
  })
}
