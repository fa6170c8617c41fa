// Beside a conversation: who works on it, who is asked to look, and the ways to change that.
import { html } from 'hono/html'
import { hasRole, roleOf } from '../../auth/role.ts'
import type { Issue, PullIssue } from '../../world/issue.ts'
import type { User } from '../../world/people.ts'
import type { ReviewState } from '../../world/pull.ts'
import { issueAddress, tokenField, type Html, type Visit } from '../visit.ts'
import { icon } from './icons.ts'
import { avatar, personLink } from './person.ts'

export function assignees(visit: Visit, issue: Issue): Html {
  const may = mayTriage(visit, issue)
  const others = involved(visit, issue).filter((user) => !issue.assignees.includes(user))
  return html`<section id="assignees">
    <h2>Assignees</h2>
    ${issue.assignees.length === 0 ? html`<p class="quiet">Nobody</p>` : ''}
    ${issue.assignees.map(
      (user) =>
        html`<div class="row person-row">
          ${avatar(user)} ${personLink(user)}
          ${may ? cross(visit, `${issueAddress(issue)}/unassign`, { user, word: 'Unassign' }) : ''}
        </div>`,
    )}
    ${may ? chooser(visit, `${issueAddress(issue)}/assign`, { users: others, word: 'Assign' }) : ''}
  </section>`
}

const LOOKS: Readonly<Record<ReviewState, readonly [string, string] | null>> = {
  APPROVED: ['good', 'approved'],
  CHANGES_REQUESTED: ['bad', 'wants changes'],
  COMMENTED: ['idle', 'commented'],
  DISMISSED: null,
  PENDING: null,
}

export function reviewers(visit: Visit, issue: PullIssue): Html {
  const { pull } = issue
  const may = mayTriage(visit, issue)
  const asked = pull.requestedReviewers
  const said = new Map(pull.reviews.map((review) => [review.user, review]))
  const looked = [...said.values()].filter(
    ({ state, user }) => LOOKS[state] !== null && user !== issue.user && !asked.includes(user),
  )
  const others = involved(visit, issue).filter(
    (user) => user !== issue.user && !asked.includes(user),
  )
  return html`<section id="reviewers">
    <h2>Reviewers</h2>
    ${asked.length + looked.length === 0 ? html`<p class="quiet">Nobody is asked</p>` : ''}
    ${asked.map(
      (user) =>
        html`<div class="row person-row">
          ${avatar(user)} ${personLink(user)} <span class="tone wait">is asked</span>
          ${
            may
              ? cross(visit, `${issueAddress(issue)}/cancel-review`, { user, word: 'Stop asking' })
              : ''
          }
        </div>`,
    )}
    ${looked.map(({ state, user }) => {
      const [tone, word] = LOOKS[state] ?? ['', '']
      return html`<div class="row person-row">
        ${avatar(user)} ${personLink(user)}
        <span class="tone ${tone}">${icon('eye')} ${word}</span>
      </div>`
    })}
    ${
      may
        ? chooser(visit, `${issueAddress(issue)}/request-review`, { users: others, word: 'Ask' })
        : ''
    }
  </section>`
}

export function pinForm(visit: Visit, issue: Issue): Html | string {
  const { me } = visit
  if (issue.pull !== null || me === null || !hasRole(roleOf(issue.repo, me), 'write')) return ''
  const pinned = issue.repo.pinned.includes(issue)
  return html`<form
    id="pin"
    method="post"
    action="${issueAddress(issue)}/${pinned ? 'unpin' : 'pin'}"
  >
    ${tokenField(visit)}<button class="small">${pinned ? 'Unpin issue' : 'Pin issue'}</button>
  </form>`
}

function cross(
  visit: Visit,
  address: string,
  given: { readonly user: User; readonly word: string },
): Html {
  const { login } = given.user
  return html`<form method="post" action="${address}">
    ${tokenField(visit)}
    <button class="cross" name="login" value="${login}" aria-label="${given.word} ${login}">
      ×
    </button>
  </form>`
}

function chooser(
  visit: Visit,
  address: string,
  given: { readonly users: readonly User[]; readonly word: string },
): Html | string {
  const { users, word } = given
  if (users.length === 0) return ''
  const id = `${word.toLowerCase()}-login`
  return html`<form class="row" method="post" action="${address}">
    ${tokenField(visit)}
    <label class="unseen" for="${id}">${word} whom</label>
    <select id="${id}" name="login" autocomplete="off">
      ${users.map((user) => html`<option>${user.login}</option>`)}
    </select>
    <button class="small">${word}</button>
  </form>`
}

function involved(visit: Visit, { repo }: Issue): readonly User[] {
  return [...visit.site.world.users.values()].filter(
    (user) =>
      user.type === 'User' &&
      (repo.owner === user || repo.owner.members.has(user.id) || repo.collaborators.has(user.id)),
  )
}

function mayTriage({ me }: Visit, issue: Issue): boolean {
  return me !== null && hasRole(roleOf(issue.repo, me), 'triage')
}
