// The way from no App to an installed one, as Probot's set-up page walks it, and the seam for pages.
import { createPrivateKey } from 'node:crypto'
import { createAppAuth } from '@octokit/auth-app'
import { Octokit } from '@octokit/rest'
import { Hono } from 'hono'
import { expect, test } from 'vitest'
import { client, QUIET } from './support/client.ts'
import { scene } from './support/github.ts'
import { status } from './support/status.ts'

const MANIFEST = {
  name: 'My Yardmaster',
  url: 'http://example.test',
  public: true,
  redirect_url: 'http://127.0.0.1:3000/probot/setup',
  hook_attributes: { url: 'http://127.0.0.1:3000/api/github/webhooks' },
  default_events: ['issues'],
  default_permissions: { issues: 'write' },
  version: 'v1',
}

async function post(url: string, fields: Readonly<Record<string, string>>): Promise<Response> {
  return fetch(url, { method: 'POST', redirect: 'manual', body: new URLSearchParams(fields) })
}

test('an App is registered from a manifest, converted once, and installed by a form', async () => {
  const { github } = await scene()
  const page = `${github.url}/settings/apps/new?state=s1`
  const shown = await post(page, { manifest: JSON.stringify(MANIFEST) })
  expect(await shown.text()).toContain('Create GitHub App')
  const made = await post(page, { manifest: JSON.stringify(MANIFEST), confirm: 'yes' })
  const back = new URL(made.headers.get('location') ?? '')
  expect(back.origin + back.pathname).toBe('http://127.0.0.1:3000/probot/setup')
  expect(back.searchParams.get('state')).toBe('s1')
  const code = back.searchParams.get('code') ?? ''

  const anonymous = client(github.apiUrl)
  const { data: app } = await anonymous.rest.apps.createFromManifest({ code })
  expect(app).toMatchObject({
    slug: 'my-yardmaster',
    permissions: { issues: 'write', metadata: 'read' },
  })
  expect(app.webhook_secret).toMatch(/^[0-9a-f]{40}$/)
  expect(createPrivateKey(app.pem).asymmetricKeyType).toBe('rsa')
  expect(await status(anonymous.rest.apps.createFromManifest({ code }))).toBe(404)

  const install = `${app.html_url}/installations/new`
  expect(await (await fetch(install)).text()).toContain('acme/shop')
  expect((await post(install, { repo: 'acme/shop', as: 'ben' })).status).toBe(403)
  expect(await (await post(install, { repo: 'acme/shop', as: 'ana' })).text()).toContain(
    'is installed',
  )
  const octokit = new Octokit({
    baseUrl: github.apiUrl,
    authStrategy: createAppAuth,
    auth: { appId: app.id, privateKey: app.pem },
    log: QUIET,
  })
  const { data: installations } = await octokit.rest.apps.listInstallations()
  expect(
    installations.map(({ account }) => account !== null && 'login' in account && account.login),
  ).toEqual(['acme'])
  expect(github.violations).toEqual([])
})

test('a broken manifest is refused with the field that is wrong', async () => {
  const { github } = await scene()
  const ask = async (manifest: string): Promise<string> =>
    (await post(`${github.url}/settings/apps/new`, { manifest, confirm: 'yes' })).text()
  expect(await ask('{')).toContain('not JSON')
  expect(await ask('{"url":"http://a.test"}')).toContain('name is missing')
  const odd = { ...MANIFEST, default_permissions: { issues: 'all' } }
  expect(await ask(JSON.stringify(odd))).toContain('default_permissions.issues')
})

test('other pages can be mounted beside the API, even when it has been used', async () => {
  const { github } = await scene()
  expect(await (await fetch(`${github.url}/acme/shop`)).text()).toContain('Emulator')
  const pages = new Hono().get('/:owner/:repo', (c) => c.text(`${c.req.param('owner')}'s page`))
  github.mountPages(pages)
  expect(await (await fetch(`${github.url}/acme/shop`)).text()).toBe("acme's page")
  expect((await fetch(`${github.apiUrl}/zen`, { headers: { 'user-agent': 'x' } })).status).toBe(200)
})
