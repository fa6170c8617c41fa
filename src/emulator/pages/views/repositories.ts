// The entrance: all repositories that one may see, and those of one owner.
import type { Hono } from 'hono'
import { html } from 'hono/html'
import { layout } from '../layout.ts'
import { icon } from '../parts/icons.ts'
import { moment } from '../parts/moment.ts'
import { avatar } from '../parts/person.ts'
import { addressOf, mayRead, type Ask, type Html, type PageEnv, type Visit } from '../visit.ts'
import type { Repository } from '../../world/issue.ts'

export function repositoriesRoutes(app: Hono<PageEnv>): void {
  app.get('/', (c) => {
    const visit = c.get('visit')
    const content = html`<div class="heading">
        <h1>Repositories</h1>
        <p><a class="button" href="/new">New</a></p>
      </div>
      <p class="lead">
        This is a small GitHub on your own machine: issues, pull requests, checks, webhooks and real
        git behind them. Choose in the header whom you act as. It lives in memory and is gone when
        its program ends.
      </p>
      <div id="repositories" data-live>${list(visit, visit.site.repositories())}</div>`
    return c.html(layout(visit, { title: 'Repositories', content }))
  })
  app.get('/:owner', (c) => owner(c))
}

function owner(c: Ask): Response | Promise<Response> {
  const visit = c.get('visit')
  const user = visit.site.user(c.req.param('owner') ?? '')
  const repos = visit.site.repositories().filter((repo) => repo.owner === user)
  const kind = user.type === 'Organization' ? 'Organisation' : 'Person'
  const content = html`<div class="heading">
      <h1>${avatar(user, 32)} ${user.login}</h1>
      <p class="under"><span class="badge">${kind}</span> ${user.name}</p>
    </div>
    <div id="repositories" data-live>${list(visit, repos)}</div>`
  return c.html(layout(visit, { title: user.login, content }))
}

function list(visit: Visit, repos: readonly Repository[]): Html {
  const seen = repos.filter((repo) => mayRead(visit, repo))
  if (seen.length === 0) {
    return html`<p class="empty" id="no-repositories">
      ${visit.me?.login ?? 'Nobody'} can see no repository here.
    </p>`
  }
  return html`<ul class="rows" id="rows">
    ${seen.map(row)}
  </ul>`
}

function row(repo: Repository): Html {
  const open = [...repo.issues.values()].filter((issue) => issue.state === 'open')
  const pulls = open.filter((issue) => issue.pull !== null).length
  const address = addressOf(repo)
  return html`<li id="repository-${repo.id}">
    <span class="tone">${icon(repo.private ? 'lock' : 'book')}</span>
    <div class="grow">
      <p class="row-title">
        <a href="${address}">${repo.owner.login}/${repo.name}</a>
        <span class="badge">${repo.private ? 'private' : 'public'}</span>
      </p>
      <p class="quiet">
        ${repo.description === null ? '' : html`${repo.description} · `}pushed
        ${moment(repo.pushedAt)}
      </p>
    </div>
    <a class="quiet tally" href="${address}/issues"
      >${icon('open')} ${open.length - pulls}<span class="unseen"> open issues</span></a
    >
    <a class="quiet tally" href="${address}/pulls"
      >${icon('pull')} ${pulls}<span class="unseen"> open pull requests</span></a
    >
  </li>`
}
