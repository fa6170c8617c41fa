// Lists of issues and pull requests, newest first, with what one wants to see before opening one.
import { html } from 'hono/html'
import type { Issue } from '../../world/issue.ts'
import { addressOf, issueAddress, type Html } from '../visit.ts'
import { icon } from './icons.ts'
import { labelLink } from './label.ts'
import { moment } from './moment.ts'
import { personLink } from './person.ts'
import { stateIcon } from './state.ts'

export type Filter = {
  readonly state: 'open' | 'closed' | 'all'
  readonly label: string | null
}

export function filtered(issues: readonly Issue[], filter: Filter): readonly Issue[] {
  const wanted = filter.label?.toLowerCase() ?? null
  return issues
    .filter((issue) => filter.state === 'all' || issue.state === filter.state)
    .filter(
      ({ labels }) =>
        wanted === null || labels.some((label) => label.name.toLowerCase() === wanted),
    )
    .toSorted((a, b) => b.number - a.number)
}

export function issueRows(issues: readonly Issue[], empty: Html | string): Html {
  if (issues.length === 0) return html`<p class="empty" id="no-rows">${empty}</p>`
  return html`<ul class="rows" id="rows">
    ${issues.map(row)}
  </ul>`
}

function row(issue: Issue): Html {
  const list = `${addressOf(issue.repo)}/${issue.pull === null ? 'issues' : 'pulls'}`
  return html`<li id="row-${issue.number}">
    ${stateIcon(issue)}
    <div class="grow">
      <p class="row-title">
        <a href="${issueAddress(issue)}">${issue.title}</a>
        ${issue.labels.map((label) => html`${labelLink(label, list)} `)}
      </p>
      <p class="quiet">
        #${issue.number} opened ${moment(issue.createdAt)} by ${personLink(issue.user)}
      </p>
    </div>
    ${
      issue.comments.length === 0
        ? ''
        : html`<a
            class="quiet tally"
            href="${issueAddress(issue)}"
            aria-label="${issue.comments.length} comments"
            >${icon('comment')} ${issue.comments.length}</a
          >`
    }
  </li>`
}
