// What the page of changes adds to a difference: threads under their lines, a number to click on for
// a comment, and the form for it.
import { html } from 'hono/html'
import type { PullIssue, ReviewThread } from '../../world/issue.ts'
import type { Side } from '../../world/pull.ts'
import { issueAddress, tokenField, type Html, type Visit } from '../visit.ts'
import type { LineExtras } from './diff.ts'
import { threadBox } from './thread.ts'

/** Where the visitor wants to comment, from the query of the page. */
export type Wanted = { readonly path: string; readonly side: Side; readonly line: number } | null

export function wantedOf(query: Readonly<Record<string, string>>): Wanted {
  const line = Number(query['line'])
  const { path } = query
  if (path === undefined || !Number.isSafeInteger(line) || line < 1) return null
  return { path, side: query['side'] === 'LEFT' ? 'LEFT' : 'RIGHT', line }
}

export function lineExtras(visit: Visit, issue: PullIssue, wanted: Wanted): LineExtras {
  const { me } = visit
  const seen = issue.pull.threads.filter(
    ({ comments }) => comments[0]?.review.state !== 'PENDING' || comments[0].user === me,
  )
  return {
    link: (path, side, line) => {
      if (me === null || issue.state === 'closed') return null
      const query = new URLSearchParams({ path, side, line: String(line) })
      return `${issueAddress(issue)}/files?${query.toString()}#line-comment`
    },
    under: (path, side, line) => {
      const here = (one: ReviewThread): boolean =>
        one.path === path && one.side === side && one.line === line
      const asked = wanted?.path === path && wanted.side === side && wanted.line === line
      return [
        ...seen.filter(here).map((thread) => threadBox(visit, thread, 'inside')),
        ...(asked ? [form(visit, issue, wanted)] : []),
      ]
    },
    above: (path) =>
      seen
        .filter((one) => one.path === path && one.line === null && !one.outdated)
        .map((thread) => threadBox(visit, thread, 'inside')),
  }
}

function form(visit: Visit, issue: PullIssue, at: NonNullable<Wanted>): Html {
  const begun = issue.pull.reviews.some(
    ({ state, user }) => state === 'PENDING' && user === visit.me,
  )
  return html`<form
    class="composer line-comment"
    id="line-comment"
    method="post"
    action="${issueAddress(issue)}/line"
  >
    ${tokenField(visit)}
    <input type="hidden" name="path" value="${at.path}" />
    <input type="hidden" name="side" value="${at.side}" />
    <input type="hidden" name="line" value="${at.line}" />
    <label for="line-body">Comment on line ${at.line} as ${visit.me?.login ?? 'nobody'}</label>
    <textarea id="line-body" name="body" rows="4" required autofocus autocomplete="off"></textarea>
    <p class="row end">
      <a class="button" href="${issueAddress(issue)}/files">Cancel</a>
      <button name="how" value="single">Comment now</button>
      <button class="primary" name="how" value="review">
        ${begun ? 'Add to your review' : 'Start a review'}
      </button>
    </p>
  </form>`
}
