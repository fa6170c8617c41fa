// A review: a word on the changes, and a verdict.
import { html } from 'hono/html'
import type { PullIssue } from '../../world/issue.ts'
import { issueAddress, tokenField, type Html, type Visit } from '../visit.ts'

export function reviewForm(visit: Visit, issue: PullIssue): Html | string {
  const { me } = visit
  if (me === null || issue.state === 'closed') return ''
  const own = me === issue.user
  const pending = issue.pull.reviews.find((one) => one.state === 'PENDING' && one.user === me)
  const count =
    pending === undefined
      ? 0
      : issue.pull.threads.filter(({ comments }) => comments[0]?.review === pending).length
  return html`<details class="review" ${pending === undefined ? '' : 'open'}>
    <summary>
      ${
        pending === undefined
          ? `Review the changes as ${me.login}`
          : `Finish your review as ${me.login} (${count} pending)`
      }
    </summary>
    <form class="composer" method="post" action="${issueAddress(issue)}/review">
      ${tokenField(visit)}
      <label for="review-body">What you have to say</label>
      <textarea id="review-body" name="body" rows="4" autocomplete="off"></textarea>
      <fieldset>
        <legend>Verdict</legend>
        <label class="choice"
          ><input type="radio" name="event" value="COMMENT" checked /> Comment</label
        >
        <label class="choice"
          ><input type="radio" name="event" value="APPROVE" ${own ? 'disabled' : ''} />
          Approve</label
        >
        <label class="choice"
          ><input type="radio" name="event" value="REQUEST_CHANGES" ${own ? 'disabled' : ''} />
          Request changes</label
        >
      </fieldset>
      ${own ? html`<p class="quiet">Nobody approves their own pull request.</p>` : ''}
      <p class="row end"><button class="primary">Submit review</button></p>
    </form>
    ${
      pending === undefined
        ? ''
        : html`<form class="row end" method="post" action="${issueAddress(issue)}/discard-review">
            ${tokenField(visit)}<button class="small">Discard it</button>
          </form>`
    }
  </details>`
}
