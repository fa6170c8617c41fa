// The lists of issues and of pull requests, by state and label.
import type { Hono } from 'hono'
import { html } from 'hono/html'
import type { Issue, Repository } from '../../world/issue.ts'
import { fullNameOf } from '../../world/world.ts'
import { layout } from '../layout.ts'
import { icon } from '../parts/icons.ts'
import { filtered, issueRows, type Filter } from '../parts/issue-rows.ts'
import { labelChip } from '../parts/label.ts'
import { stateIcon } from '../parts/state.ts'
import { repositoryFrame } from '../repository-frame.ts'
import {
  addressOf,
  issueAddress,
  repositoryOf,
  type Ask,
  type Html,
  type PageEnv,
} from '../visit.ts'

export function issueListRoutes(app: Hono<PageEnv>): void {
  app.get('/:owner/:repo/issues', (c) => show(c, 'issues'))
  app.get('/:owner/:repo/pulls', (c) => show(c, 'pulls'))
}

function show(c: Ask, kind: 'issues' | 'pulls'): Response | Promise<Response> {
  const visit = c.get('visit')
  const repo = repositoryOf(c)
  const filter = filterOf(c)
  const address = `${addressOf(repo)}/${kind}`
  const all = [...repo.issues.values()].filter(
    (issue) => (issue.pull === null) === (kind === 'issues'),
  )
  const title = kind === 'issues' ? 'Issues' : 'Pull requests'
  const label = filter.label === null ? undefined : repo.labels.get(filter.label.toLowerCase())
  const content = html`<div class="heading">
      <h1>${title}</h1>
      ${
        kind === 'issues'
          ? html`<p><a class="primary button" href="${address}/new">New issue</a></p>`
          : ''
      }
    </div>
    ${
      label === undefined
        ? ''
        : html`<p class="filter">
            With ${labelChip(label)} <a href="${address}?state=${filter.state}">show all</a>
          </p>`
    }
    ${kind === 'issues' ? pinned(repo) : ''}
    <nav class="states" aria-label="State" id="states" data-live>
      ${states(all, filter, address)}
    </nav>
    <div id="list" data-live>${issueRows(filtered(all, filter), nothing(kind, filter))}</div>`
  const frame = repositoryFrame(repo, kind)
  return c.html(layout(visit, { title: `${title} · ${fullNameOf(repo)}`, frame, content }))
}

function pinned({ pinned: issues }: Repository): Html {
  return html`<div id="pinned" data-live>
    ${
      issues.length === 0
        ? ''
        : html`<ul class="pinned" id="pinned-issues" aria-label="Pinned">
            ${issues.map(
              (issue) =>
                html`<li>
                  <p class="row-title">
                    ${icon('pin')} <a href="${issueAddress(issue)}">${issue.title}</a>
                  </p>
                  <p class="quiet">${stateIcon(issue)} #${issue.number}</p>
                </li>`,
            )}
          </ul>`
    }
  </div>`
}

function filterOf(c: Ask): Filter {
  const state = c.req.query('state')
  return {
    state: state === 'closed' || state === 'all' ? state : 'open',
    label: c.req.query('label') ?? null,
  }
}

function states(all: readonly Issue[], filter: Filter, address: string): readonly Html[] {
  const label = filter.label === null ? '' : `&label=${encodeURIComponent(filter.label)}`
  return (['open', 'closed', 'all'] as const).map((state) => {
    const count = filtered(all, { ...filter, state }).length
    const current = state === filter.state ? html`aria-current="true"` : ''
    const word = state === 'all' ? 'All' : state === 'open' ? 'Open' : 'Closed'
    return html`<a href="${address}?state=${state}${label}" ${current}
      >${word} <span class="count">${count}</span></a
    >`
  })
}

function nothing(kind: 'issues' | 'pulls', { label, state }: Filter): string {
  const what = kind === 'issues' ? 'issue' : 'pull request'
  const which = state === 'all' ? '' : `${state} `
  return `There is no ${which}${what}${label === null ? '' : ` labelled ${label}`}.`
}
