// Above every page of a repository: its name and the ways to its parts.
import { html } from 'hono/html'
import type { Repository } from '../world/issue.ts'
import { icon } from './parts/icons.ts'
import { addressOf, projectsAddress, type Html } from './visit.ts'

export type Tab = 'code' | 'issues' | 'pulls' | 'settings'

export function repositoryFrame(repo: Repository, tab: Tab): Html {
  const address = addressOf(repo)
  const open = [...repo.issues.values()].filter((issue) => issue.state === 'open')
  const issues = open.filter((issue) => issue.pull === null).length
  const current = (name: Tab): Html | string => (name === tab ? html`aria-current="page"` : '')
  return html`<div class="frame">
    <div class="bar">
      <p class="where">
        <a href="/${encodeURIComponent(repo.owner.login)}">${repo.owner.login}</a>
        <span aria-hidden="true">/</span>
        <a class="strong" href="${address}">${repo.name}</a>
        <span class="badge">${repo.private ? 'private' : 'public'}</span>
        ${repo.archived ? html`<span class="badge">archived</span>` : ''}
      </p>
      <nav class="tabs" aria-label="Repository" id="repository-nav" data-live>
        <a href="${address}" ${current('code')}>${icon('file')} Code</a>
        <a href="${address}/issues" ${current('issues')}
          >${icon('open')} Issues <span class="count">${issues}</span></a
        >
        <a href="${address}/pulls" ${current('pulls')}
          >${icon('pull')} Pull requests <span class="count">${open.length - issues}</span></a
        >
        <a href="${projectsAddress(repo.owner)}">${icon('board')} Projects</a>
        <a href="${address}/settings" ${current('settings')}>${icon('gear')} Settings</a>
      </nav>
    </div>
  </div>`
}
