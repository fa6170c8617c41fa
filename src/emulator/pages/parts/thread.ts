// A thread on lines of a pull request: the lines, what is said, and the ways to answer and to settle.
import { html } from 'hono/html'
import { hasRole, roleOf } from '../../auth/role.ts'
import { patchLines } from '../../git/diff-lines.ts'
import type { ReviewComment, ReviewThread } from '../../world/issue.ts'
import { renderMarkdown } from '../markdown/render-markdown.ts'
import { addressOf, issueAddress, tokenField, type Html, type Visit } from '../visit.ts'
import { moment } from './moment.ts'
import { author, avatar } from './person.ts'
import { reactionRow } from './reactions.ts'

/** So many lines above the one that is spoken of. */
const CONTEXT = 4

/** `alone` shows the lines too; `inside` stands under its line in the difference. */
export function threadBox(visit: Visit, thread: ReviewThread, where: 'alone' | 'inside'): Html {
  const { issue, path } = thread
  const settled = thread.resolvedBy !== null
  const files = `${issueAddress(issue)}/files`
  const body = html`${where === 'alone' ? lines(thread) : ''}
  ${thread.comments.map((comment) => commentOn(visit, comment))} ${answers(visit, thread)}`
  const place = html`<a class="path" href="${files}#thread-${thread.id}">${path}</a>
    <span class="quiet">${lineWords(thread)}</span>
    ${thread.outdated ? html`<span class="badge">outdated</span>` : ''}
    ${
      thread.comments[0]?.review.state === 'PENDING' ? html`<span class="badge">pending</span>` : ''
    }
    ${
      thread.resolvedBy === null
        ? ''
        : html`<span class="badge good">resolved by ${thread.resolvedBy.login}</span>`
    }`
  const id = where === 'inside' ? `thread-${thread.id}` : `discussion-${thread.id}`
  return html`<details class="thread" id="${id}" ${settled ? '' : 'open'}>
    <summary>${place}</summary>
    ${body}
  </details>`
}

function lines({ diffHunk }: ReviewThread): Html | string {
  if (diffHunk === '') return ''
  const shown = patchLines(diffHunk)
    .filter(({ kind }) => kind !== 'hunk' && kind !== 'note')
    .slice(-CONTEXT)
  // oxfmt-ignore
  return html`<div class="scroll"><table class="diff" aria-label="The lines"><tbody>${shown.map(
    ({ kind, left, right, text }) =>
      html`<tr class="${kind === 'context' ? '' : kind}"><td class="number">${left ?? ''}</td><td class="number">${right ?? ''}</td><td class="code"><span class="sign">${text.slice(0, 1)}</span>${text.slice(1)}</td></tr>`,
  )}</tbody></table></div>`
}

function commentOn(visit: Visit, comment: ReviewComment): Html {
  const { repo } = comment.thread.issue
  return html`<div class="remark" id="discussion_r${comment.id}">
    <p>
      ${avatar(comment.user)} ${author(comment.user, comment.app)}
      <a class="quiet" href="#discussion_r${comment.id}">${moment(comment.createdAt)}</a>
      ${
        comment.lastEditedAt === null
          ? ''
          : html`<span class="quiet">· edited ${moment(comment.lastEditedAt)}</span>`
      }
    </p>
    <div class="prose">
      ${renderMarkdown({ world: visit.site.world, repo, text: comment.body })}
    </div>
    ${reactionRow(visit, comment.reactions, `${addressOf(repo)}/review-comments/${comment.id}/react`)}
  </div>`
}

function answers(visit: Visit, thread: ReviewThread): Html | string {
  const [first] = thread.comments
  const { me } = visit
  if (me === null || first === undefined || first.review.state === 'PENDING') return ''
  const { issue } = thread
  const address = `${addressOf(issue.repo)}/review-comments/${first.id}`
  const may = me === issue.user || hasRole(roleOf(issue.repo, me), 'write')
  const settled = thread.resolvedBy !== null
  return html`<div class="row answers">
    <details class="grow">
      <summary>Reply</summary>
      <form class="composer" method="post" action="${address}/reply">
        ${tokenField(visit)}
        <label class="unseen" for="reply-${thread.id}">Reply in this thread</label>
        <textarea
          id="reply-${thread.id}"
          name="body"
          rows="3"
          required
          autocomplete="off"
        ></textarea>
        <p class="row end"><button class="primary small">Reply as ${me.login}</button></p>
      </form>
    </details>
    ${
      may
        ? html`<form method="post" action="${address}/${settled ? 'unresolve' : 'resolve'}">
            ${tokenField(visit)}
            <button class="small">${settled ? 'Unresolve' : 'Resolve conversation'}</button>
          </form>`
        : ''
    }
  </div>`
}

function lineWords({ line, originalLine, side, startLine }: ReviewThread): string {
  const number = line ?? originalLine
  if (number === null) return 'whole file'
  const old = side === 'LEFT' ? ', before the change' : ''
  return startLine === null ? `line ${number}${old}` : `lines ${startLine} to ${number}${old}`
}
