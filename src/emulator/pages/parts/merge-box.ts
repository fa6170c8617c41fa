// Whether a pull request can be merged, and the button that does it.
import { html } from 'hono/html'
import { roleOf } from '../../auth/role.ts'
import { mayWrite } from '../../verbs/context.ts'
import type { CheckRun } from '../../world/check.ts'
import type { PullIssue } from '../../world/issue.ts'
import type { CommitStatus, StatusState } from '../../world/status.ts'
import type { PullStats } from '../../world/pull.ts'
import { addressOf, issueAddress, tokenField, type Html, type Visit } from '../visit.ts'
import { checkList, lookOf } from './checks.ts'
import { icon, type IconName } from './icons.ts'
import { moment } from './moment.ts'
import { personLink } from './person.ts'

export type Mergeable = {
  readonly issue: PullIssue
  readonly stats: PullStats
  readonly checks: readonly CheckRun[]
  readonly statuses: readonly CommitStatus[]
  /** What the base branch's rules have against it. */
  readonly why: string | null
}

export function mergeBox(visit: Visit, given: Mergeable): Html {
  const { issue } = given
  return html`<section class="merge-box" id="merge-box" aria-label="Checks and merging">
    ${
      given.checks.length === 0
        ? line('idle', 'open', 'No checks have run on the newest commit.')
        : html`<h2>${checksTitle(given.checks)}</h2>
            ${checkList(visit, given.checks)}`
    }
    ${given.statuses.map(statusLine)} ${reviewLine(issue)} ${outcome(visit, given)}
  </section>`
}

function checksTitle(checks: readonly CheckRun[]): string {
  const bad = checks.filter((run) => lookOf(run).tone === 'bad').length
  const waiting = checks.filter((run) => lookOf(run).tone === 'wait').length
  if (bad > 0) return bad === 1 ? '1 check failed' : `${bad} checks failed`
  if (waiting > 0) return 'Checks are under way'
  return checks.length === 1 ? 'The check has ended well' : 'All checks have ended well'
}

function reviewLine({ pull }: PullIssue): Html | string {
  // The newest verdict of each reviewer counts.
  const verdicts = new Map(
    pull.reviews
      .filter(({ state }) => state === 'APPROVED' || state === 'CHANGES_REQUESTED')
      .map((review) => [review.user, review]),
  )
  const against = [...verdicts.values()].filter((one) => one.state === 'CHANGES_REQUESTED')
  if (against.length > 0) {
    return line(
      'bad',
      'eye',
      `${against.map((one) => one.user.login).join(', ')} asked for changes.`,
    )
  }
  if (verdicts.size === 0) return ''
  const names = [...verdicts.keys()].map((user) => user.login)
  return line('good', 'eye', `Approved by ${names.join(', ')}.`)
}

const STATES: Readonly<Record<StatusState, readonly [string, IconName]>> = {
  success: ['good', 'closed'],
  failure: ['bad', 'dropped'],
  error: ['bad', 'dropped'],
  pending: ['wait', 'open'],
}

function statusLine({ context, description, state }: CommitStatus): Html {
  const [tone, shape] = STATES[state]
  return line(tone, shape, `${context}: ${description ?? state}`)
}

function outcome(visit: Visit, { issue, stats, why }: Mergeable): Html {
  const { pull, repo } = issue
  const may = visit.me !== null && mayWrite(repo, visit.me)
  if (pull.merged) {
    const sha = pull.mergeCommitSha ?? ''
    return html`<p class="verdict">
        <span class="tone done">${icon('merged')}</span>
        <span
          >${pull.mergedBy === null ? 'Merged' : html`${personLink(pull.mergedBy)} merged this`} as
          <a class="sha" href="${addressOf(repo)}/commit/${sha}">${sha.slice(0, 7)}</a>
          ${pull.mergedAt === null ? '' : moment(pull.mergedAt)}.</span
        >
      </p>
      ${may ? deleteBranch(visit, issue) : ''}`
  }
  if (issue.state === 'closed') {
    return html`${line('idle', 'pull', 'Closed without merging.')}${may ? deleteBranch(visit, issue) : ''}`
  }
  if (pull.draft) return line('idle', 'pull', 'This is a draft, and drafts cannot be merged.')
  if (!stats.mergeable) {
    return line(
      'bad',
      'dropped',
      `It conflicts with ${pull.base.ref}; the conflicts must be resolved first.`,
    )
  }
  const clean = line('good', 'closed', `No conflicts with ${pull.base.ref}.`)
  if (why !== null) return html`${clean}${line('bad', 'lock', `Merging is blocked. ${why}`)}`
  if (may) return html`${clean}${mergeForm(visit, issue)}`
  const role = visit.me === null ? 'nobody' : roleOf(repo, visit.me)
  return html`${clean}
    <p class="quiet">Merging needs write access; ${visit.me?.login ?? 'nobody'} has ${role}.</p>`
}

function mergeForm(visit: Visit, issue: PullIssue): Html {
  return html`<form class="row" method="post" action="${issueAddress(issue)}/merge">
    ${tokenField(visit)}<input type="hidden" name="sha" value="${issue.pull.head.sha}" />
    <button class="primary" id="merge">Merge pull request</button>
    <label for="merge-method" class="unseen">How to merge</label>
    <select id="merge-method" name="method" autocomplete="off">
      <option value="merge">with a merge commit</option>
      <option value="squash">squashed into one commit</option>
      <option value="rebase">rebased onto the base</option>
    </select>
  </form>`
}

function deleteBranch(visit: Visit, issue: PullIssue): Html | string {
  const { head } = issue.pull
  if (!issue.repo.refs.has(`refs/heads/${head.ref}`)) return ''
  if (head.ref === issue.repo.defaultBranch) return ''
  return html`<form class="row" method="post" action="${issueAddress(issue)}/delete-branch">
    ${tokenField(visit)}<button class="small">Delete branch ${head.ref}</button>
  </form>`
}

function line(tone: string, name: IconName, words: string): Html {
  return html`<p class="verdict">
    <span class="tone ${tone}">${icon(name)}</span> <span>${words}</span>
  </p>`
}
