// The two pages of GitHub's settings that Probot's manifest set-up sends people to: register an App
// from a manifest, and install it. Plain forms; there is no log-in, the person is named in the form.
import { Hono } from 'hono'
import { html } from 'hono/html'
import { install, installationOf } from '../change/apps.ts'
import { registerFromManifest } from '../change/manifest-flow.ts'
import { roleOf } from '../auth/role.ts'
import type { Permissions } from '../world/app.ts'
import { forbidden, notFound, Refusal } from '../world/refusal.ts'
import type { Repository } from '../world/issue.ts'
import type { User } from '../world/people.ts'
import { fullNameOf, type World } from '../world/world.ts'

type Html = ReturnType<typeof html>

export function setupPages(world: World): Hono {
  const app = new Hono()
  app.onError((error, c) => {
    if (!(error instanceof Refusal)) throw error
    return c.html(page('Refused', html`<p>${error.message}</p>`), statusOf(error))
  })
  for (const path of ['/settings/apps/new', '/organizations/:org/settings/apps/new']) {
    app.get(path, (c) => c.html(registerPage(c.req.query('state') ?? '', '')))
    app.post(path, async (c) => {
      const form = await c.req.formData()
      const manifest = field(form, 'manifest')
      const state = c.req.query('state') ?? null
      // Probot's page posts the manifest straight here: shown for confirmation, as GitHub does.
      if (form.get('confirm') === null) return c.html(registerPage(state ?? '', manifest))
      const org = c.req.param('org')
      const owner = org === undefined ? firstPerson(world) : world.user(org)
      const made = await registerFromManifest(world, {
        manifest: parseManifest(manifest),
        owner,
        state,
      })
      return c.redirect(made.redirect ?? `/apps/${made.app.slug}/installations/new`)
    })
  }
  app.get('/apps/:slug/installations/new', (c) => c.html(installPage(world, c.req.param('slug'))))
  app.post('/apps/:slug/installations/new', async (c) => {
    const form = await c.req.formData()
    const installed = installFromForm(world, c.req.param('slug'), form)
    return c.html(page('Installed', html`<p>${installed} is installed.</p>`))
  })
  app.get('/apps/:slug', (c) => c.redirect(`/apps/${c.req.param('slug')}/installations/new`))
  return app
}

function installFromForm(world: World, slug: string, form: FormData): string {
  const app = appBySlug(world, slug)
  const names = form.getAll('repo').map(String)
  const repos = names.map((name) => world.repository(name))
  const by = world.user(field(form, 'as') || firstPerson(world).login)
  const accounts = Map.groupBy(repos, (repo) => repo.owner)
  if (accounts.size === 0) throw forbidden('choose at least one repository')
  for (const [account, chosen] of accounts) {
    for (const repo of chosen) {
      if (roleOf(repo, by) !== 'admin')
        throw forbidden(`${by.login} does not administer ${fullNameOf(repo)}`)
    }
    if (installationOf(world, app, account) !== undefined)
      throw forbidden(`${app.name} is installed already`)
    install(world, app, { account, repos: chosen, by })
  }
  return app.name
}

function registerPage(state: string, manifest: string): Html {
  return page(
    'Register a GitHub App',
    html`<form method="post" action="?state=${encodeURIComponent(state)}">
      <p>The App of this manifest will be created.</p>
      <textarea name="manifest" rows="20" cols="100">${manifest}</textarea>
      <p><button name="confirm" value="yes">Create GitHub App</button></p>
    </form>`,
  )
}

function installPage(world: World, slug: string): Html {
  const app = appBySlug(world, slug)
  const owners = new Set([...world.repositories.values()].map((repo) => repo.owner))
  const people = [...world.users.values()]
    .filter((user) => user.type === 'User')
    // Whoever owns something most likely wants to install there.
    .toSorted((a, b) => Number(owners.has(b)) - Number(owners.has(a)))
  const option = (user: User): Html => html`<option>${user.login}</option>`
  const box = (repo: Repository): Html =>
    html`<li>
      <label
        ><input type="checkbox" name="repo" value="${fullNameOf(repo)}" />
        ${fullNameOf(repo)}</label
      >
    </li>`
  return page(
    `Install ${app.name}`,
    html`<form method="post">
      <p>It will be allowed: ${permissionWords(app.permissions)}.</p>
      <ul>
        ${[...world.repositories.values()].map(box)}
      </ul>
      <p>
        as
        <select name="as">
          ${people.map(option)}
        </select>
        <button>Install</button>
      </p>
    </form>`,
  )
}

function permissionWords(permissions: Permissions): string {
  const words = Object.entries(permissions).map(
    ([name, level]) => `${name.replaceAll('_', ' ')} (${level})`,
  )
  return words.join(', ')
}

function page(title: string, content: Html): Html {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title}</title>
        <link rel="icon" href="data:," />
        <link rel="stylesheet" href="/-/pages.css" />
      </head>
      <body>
        <main>
          <h1>${title}</h1>
          ${content}
        </main>
      </body>
    </html>`
}

function appBySlug(world: World, slug: string): ReturnType<World['apps']['get']> & object {
  const app = [...world.apps.values()].find((one) => one.slug === slug)
  if (app === undefined) throw notFound()
  return app
}

function firstPerson(world: World): User {
  const person = [...world.users.values()].find((user) => user.type === 'User')
  if (person === undefined) throw forbidden('there is nobody yet who could own it')
  return person
}

function field(form: FormData, name: string): string {
  const value = form.get(name)
  return typeof value === 'string' ? value : ''
}

function parseManifest(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new Refusal(422, { message: 'the manifest is not JSON' })
  }
}

function statusOf({ status }: Refusal): 403 | 404 | 422 {
  return status === 403 || status === 404 ? status : 422
}
