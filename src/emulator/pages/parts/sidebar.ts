// Beside a conversation: labels and the way to change them, people, and what the issue is tied to.
import { html } from 'hono/html'
import { hasRole, roleOf } from '../../auth/role.ts'
import { isPull } from '../../change/follow-branches.ts'
import type { Issue, Label } from '../../world/issue.ts'
import { issueAddress, tokenField, type Html, type Visit } from '../visit.ts'
import { addressOf } from '../visit.ts'
import { labelChip, labelLink } from './label.ts'
import { assignees, pinForm, reviewers } from './people-forms.ts'
import { stateIcon } from './state.ts'

export function sidebar(visit: Visit, issue: Issue): Html {
  return html`<aside class="side" aria-label="About">
    <section>
      <h2>Labels</h2>
      <div id="labels" data-live>${labels(visit, issue)}</div>
    </section>
    <div id="ties" data-live>
      ${isPull(issue) ? reviewers(visit, issue) : ''} ${assignees(visit, issue)}
      ${group('Parent', issue.parent === null ? [] : [tie(issue.parent)])}
      ${group('Sub-issues', issue.subIssues.map(tie))}
      ${group('Blocked by', issue.blockedBy.map(tie))} ${group('Blocks', issue.blocking.map(tie))}
      ${group(issue.pull === null ? 'Pull requests' : 'Closes', related(issue).map(tie))}
      ${pinForm(visit, issue)}
    </div>
  </aside>`
}

function labels(visit: Visit, issue: Issue): Html {
  const { me } = visit
  const may = me !== null && hasRole(roleOf(issue.repo, me), 'triage')
  const list = `${addressOf(issue.repo)}/${issue.pull === null ? 'issues' : 'pulls'}`
  return html`<ul class="labels" id="labels-set">
      ${issue.labels.length === 0 ? html`<li class="quiet">None yet</li>` : ''}
      ${issue.labels.map(
        (label) =>
          html`<li>${labelLink(label, list)}${may ? removal(visit, issue, label) : ''}</li>`,
      )}
    </ul>
    ${
      may
        ? picker(visit, issue)
        : html`<p class="quiet" id="labels-who">
            Labels need the role triage; ${me?.login ?? 'nobody'} has
            ${me === null ? 'none' : roleOf(issue.repo, me)}.
          </p>`
    }`
}

function removal(visit: Visit, issue: Issue, { name }: Label): Html {
  return html`<form method="post" action="${issueAddress(issue)}/unlabel">
    ${tokenField(visit)}
    <button class="cross" name="label" value="${name}" aria-label="Remove label ${name}">×</button>
  </form>`
}

/** Open by itself where the first label is still to come, for that is what starts everything. */
function picker(visit: Visit, issue: Issue): Html {
  const others = [...issue.repo.labels.values()].filter((label) => !issue.labels.includes(label))
  const open = issue.labels.length === 0 && issue.state === 'open' && issue.pull === null
  return html`<details class="picker" id="labels-add" ${open ? 'open' : ''}>
    <summary>Add a label</summary>
    <form method="post" action="${issueAddress(issue)}/label">
      ${tokenField(visit)}
      <p class="choices">
        ${others
          .toSorted((a, b) => Number(a.isDefault) - Number(b.isDefault))
          .map(
            (label) =>
              html`<button
                class="plain"
                name="label"
                value="${label.name}"
                aria-label="Add label ${label.name}"
              >
                ${labelChip(label)}
              </button>`,
          )}
      </p>
    </form>
    <form class="row" method="post" action="${issueAddress(issue)}/label">
      ${tokenField(visit)}
      <label for="new-label" class="unseen">Name of another label</label>
      <input id="new-label" name="label" placeholder="another, by name" required maxlength="50" />
      <button class="small">Add</button>
    </form>
  </details>`
}

/** Pull requests whose text names the issue, or the issues that a pull request's text closes. */
function related(issue: Issue): readonly Issue[] {
  const all = [...issue.repo.issues.values()]
  if (issue.pull === null) {
    return all.filter((one) => one.pull !== null && numbersIn(one.body).has(issue.number))
  }
  const named = numbersIn(issue.body)
  return all.filter((one) => one.pull === null && named.has(one.number))
}

function numbersIn(body: string | null): ReadonlySet<number> {
  const closing = /\b(?:close[sd]?|fix(?:e[sd])?|resolve[sd]?):?\s+#(\d+)\b/gi
  return new Set([...(body ?? '').matchAll(closing)].map((match) => Number(match[1])))
}

function tie(issue: Issue): Html {
  return html`<p>
    ${stateIcon(issue)} <a href="${issueAddress(issue)}">${issue.title}</a>
    <span class="quiet">#${issue.number}</span>
  </p>`
}

function group(title: string, lines: readonly Html[]): Html | string {
  const id = `tie-${title.toLowerCase().replaceAll(' ', '-')}`
  return lines.length === 0
    ? ''
    : html`<section id="${id}">
        <h2>${title}</h2>
        ${lines}
      </section>`
}
