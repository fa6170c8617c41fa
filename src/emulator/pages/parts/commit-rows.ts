// Commits, one to a line.
import { html } from 'hono/html'
import type { Commit } from '../../git/commits.ts'
import type { Repository } from '../../world/issue.ts'
import { addressOf, type Html } from '../visit.ts'
import { icon } from './icons.ts'
import { moment } from './moment.ts'

/** In the order given. */
export function commitRows(repo: Repository, commits: readonly Commit[]): Html {
  return html`<ul class="commits">
    ${commits.map(
      (commit) =>
        html`<li id="commit-${commit.sha}">
          ${icon('commit')}
          <a class="grow" href="${addressOf(repo)}/commit/${commit.sha}">${titleOf(commit)}</a>
          <span class="quiet">${commit.author.name} ${moment(isoOf(commit.committer.date))}</span>
          <code class="sha">${commit.sha.slice(0, 7)}</code>
        </li>`,
    )}
  </ul>`
}

export function titleOf({ message }: Commit): string {
  const [title = ''] = message.split('\n')
  return title === '' ? '(no message)' : title
}

/** git tells the time with the author's own zone. */
export function isoOf(date: string): string {
  const at = Date.parse(date)
  return Number.isNaN(at) ? date : `${new Date(at).toISOString().slice(0, 19)}Z`
}
