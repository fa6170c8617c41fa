// A submitted review in the conversation, with the threads that it began.
import { html } from 'hono/html'
import { mayWrite } from '../../verbs/context.ts'
import type { Review } from '../../world/issue.ts'
import type { ReviewState } from '../../world/pull.ts'
import type { Html, Visit } from '../visit.ts'
import { saidBox } from './comment.ts'
import { icon } from './icons.ts'
import { moment } from './moment.ts'
import { author, avatar } from './person.ts'
import { threadBox } from './thread.ts'

const VERDICT: Readonly<Record<ReviewState, string>> = {
  PENDING: 'began a review',
  APPROVED: 'approved these changes',
  CHANGES_REQUESTED: 'requested changes',
  COMMENTED: 'reviewed',
  DISMISSED: 'reviewed (dismissed)',
}

/** A reply is a review of its own, which only its thread shows. */
export function isReplyOnly(review: Review): boolean {
  if (review.body.trim() !== '' || review.state !== 'COMMENTED') return false
  const all = review.issue.pull.threads.flatMap(({ comments }) => comments)
  const own = all.filter((comment) => comment.review === review)
  return own.length > 0 && own.every(({ replyTo }) => replyTo !== null)
}

export function reviewBox(visit: Visit, review: Review): Html {
  const { issue, state, user } = review
  const tone = state === 'APPROVED' ? 'good' : state === 'CHANGES_REQUESTED' ? 'bad' : ''
  const verdict = html`<strong class="tone ${tone}">${VERDICT[state]}</strong>
    ${mayWrite(issue.repo, user) ? '' : html`<span class="quiet">(without write access)</span>`}`
  const id = `pullrequestreview-${review.id}`
  const at = review.submittedAt ?? ''
  const begun = issue.pull.threads.filter(({ comments }) => comments[0]?.review === review)
  const threads = begun.map((thread) => threadBox(visit, thread, 'alone'))
  if (review.body.trim() === '') {
    return html`<div id="${id}">
      <div class="event">
        <span class="event-icon ${tone}">${icon('eye')}</span>
        ${avatar(user)}
        <span>${author(user, review.app)} ${verdict} ${moment(at)}</span>
      </div>
      ${threads}
    </div>`
  }
  const { app, body, reactions } = review
  const box = saidBox(visit, {
    id,
    issue,
    user,
    app,
    at,
    edited: review.editedAt,
    verb: verdict,
    body,
    reactions,
    reactAt: null,
  })
  return html`<div id="review-${review.id}">${box} ${threads}</div>`
}
