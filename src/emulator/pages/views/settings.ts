// What an administrator decides about a repository: who may do what, and which branches are protected.
import type { Hono } from 'hono'
import { html } from 'hono/html'
import { requireRole, roleOf } from '../../auth/role.ts'
import { covers } from '../../auth/permission.ts'
import type { Repository } from '../../world/issue.ts'
import type { Role, User } from '../../world/people.ts'
import { notFound } from '../../world/refusal.ts'
import { fullNameOf } from '../../world/world.ts'
import { people } from '../acting-as.ts'
import { layout } from '../layout.ts'
import { avatar, personLink } from '../parts/person.ts'
import { repositoryFrame } from '../repository-frame.ts'
import {
  addressOf,
  loginOf,
  repositoryOf,
  textOf,
  tokenField,
  type Ask,
  type Html,
  type PageEnv,
  type Visit,
} from '../visit.ts'
import { branchesOf } from './at-ref.ts'

const ROLES: readonly Role[] = ['read', 'triage', 'write', 'maintain', 'admin']

export function settingsRoutes(app: Hono<PageEnv>): void {
  app.get('/:owner/:repo/settings', (c) => {
    const visit = c.get('visit')
    const repo = repositoryOf(c)
    const mine = visit.me === null ? 'none' : roleOf(repo, visit.me)
    const content = html`<div class="heading"><h1>Settings</h1></div>
      ${
        mine === 'admin'
          ? ''
          : html`<p class="notice">
              Only administrators change these; ${visit.me?.login ?? 'nobody'} has the role ${mine}.
            </p>`
      }
      ${collaborators(visit, repo)} ${branches(visit, repo)} ${apps(visit, repo)}`
    const title = `Settings · ${fullNameOf(repo)}`
    return c.html(layout(visit, { title, frame: repositoryFrame(repo, 'settings'), content }))
  })
  app.post('/:owner/:repo/settings/role', (c) =>
    setting(c, (visit, repo, form) => {
      // The verb acts as the owner, so it is for us to ask.
      if (visit.me === null) throw notFound()
      requireRole(repo, visit.me, 'admin')
      const role = [...ROLES, 'none' as const].find((one) => one === textOf(form, 'role'))
      if (role === undefined) throw notFound()
      visit.site.setRole(fullNameOf(repo), textOf(form, 'login').trim(), role)
    }),
  )
  app.post('/:owner/:repo/settings/protection', (c) =>
    setting(c, (visit, repo, form) => {
      const given = { repo: fullNameOf(repo), as: loginOf(visit), branch: textOf(form, 'branch') }
      if (textOf(form, 'protect') === 'yes') visit.site.protectBranch(given)
      else visit.site.unprotectBranch(given)
    }),
  )
  app.post('/:owner/:repo/settings/install', (c) =>
    setting(c, (visit, repo, form) => {
      const all = [...visit.site.world.apps.values()]
      const wanted = all.find((one) => one.slug === textOf(form, 'app'))
      if (wanted === undefined) throw notFound()
      visit.site.install(wanted, [fullNameOf(repo)], loginOf(visit))
    }),
  )
}

function setting(c: Ask, act: (visit: Visit, repo: Repository, form: FormData) => void): Response {
  const repo = repositoryOf(c)
  act(c.get('visit'), repo, c.get('form'))
  return c.redirect(`${addressOf(repo)}/settings`, 303)
}

function collaborators(visit: Visit, repo: Repository): Html {
  const address = `${addressOf(repo)}/settings/role`
  const row = (user: User): Html => {
    const role = roleOf(repo, user)
    const given = repo.collaborators.has(user.id)
    return html`<li>
      ${avatar(user)} <span class="grow">${personLink(user)}</span>
      ${
        user === repo.owner
          ? html`<span class="quiet">owner</span>`
          : html`<form class="row" method="post" action="${address}">
              ${tokenField(visit)}<input type="hidden" name="login" value="${user.login}" />
              <label class="unseen" for="role-${user.id}">Role of ${user.login}</label>
              <select id="role-${user.id}" name="role" autocomplete="off">
                ${given ? '' : html`<option value="none" selected>${role} (not a collaborator)</option>`}
                ${ROLES.map(
                  (one) =>
                    html`<option value="${one}" ${given && one === role ? 'selected' : ''}>
                      ${one}
                    </option>`,
                )}
                ${given ? html`<option value="none">remove</option>` : ''}
              </select>
              <button class="small">Set</button>
            </form>`
      }
    </li>`
  }
  return html`<section class="setting">
    <h2>People and roles</h2>
    <p class="quiet">
      Labels need triage, merging and committing need write. A <a href="/new">new person</a> can be
      made at any time.
    </p>
    <ul class="files">
      ${people(visit.site.world).map(row)}
    </ul>
  </section>`
}

function branches(visit: Visit, repo: Repository): Html {
  return html`<section class="setting">
    <h2>Branches</h2>
    <p class="quiet">A protected branch changes through pull requests only.</p>
    <ul class="files">
      ${branchesOf(repo).map((branch) => {
        const isProtected = repo.protectedBranches.has(branch)
        return html`<li>
          <span class="grow"
            >${branch} ${isProtected ? html`<span class="badge">protected</span>` : ''}</span
          >
          <form method="post" action="${addressOf(repo)}/settings/protection">
            ${tokenField(visit)}<input type="hidden" name="branch" value="${branch}" />
            <button class="small" name="protect" value="${isProtected ? 'no' : 'yes'}">
              ${isProtected ? 'Unprotect' : 'Protect'}<span class="unseen"> ${branch}</span>
            </button>
          </form>
        </li>`
      })}
    </ul>
  </section>`
}

function apps(visit: Visit, repo: Repository): Html {
  const { apps: all, installations } = visit.site.world
  const installed = new Set(
    [...installations.values()].filter((one) => covers(one, repo)).map((one) => one.app),
  )
  return html`<section class="setting">
    <h2>GitHub Apps</h2>
    <ul class="files">
      ${[...all.values()].map(
        (app) =>
          html`<li>
            <span class="grow">${app.name}</span>
            ${
              installed.has(app)
                ? html`<span class="tone good">installed</span>`
                : html`<form method="post" action="${addressOf(repo)}/settings/install">
                    ${tokenField(visit)}
                    <button class="small" name="app" value="${app.slug}">Install here</button>
                  </form>`
            }
          </li>`,
      )}
    </ul>
    ${
      all.size === 0
        ? html`<p class="empty">
            No App is registered. <a href="/settings/apps/new">Register one</a> from its manifest.
          </p>`
        : ''
    }
  </section>`
}
