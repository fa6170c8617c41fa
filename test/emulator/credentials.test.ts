// App JWTs and installation tokens: what they open, how they narrow, when they end.
import { createSign } from 'node:crypto'
import { expect, test } from 'vitest'
import { client } from './support/client.ts'
import { fakeClock, HOUR, MINUTE } from './support/clock.ts'
import { REPO, scene } from './support/github.ts'
import { PRIVATE_KEY } from './support/key.ts'
import { status } from './support/status.ts'

function jwt(claims: Readonly<Record<string, unknown>>, key = PRIVATE_KEY): string {
  const encode = (value: unknown): string =>
    Buffer.from(JSON.stringify(value)).toString('base64url')
  const signed = `${encode({ alg: 'RS256', typ: 'JWT' })}.${encode(claims)}`
  return `${signed}.${createSign('RSA-SHA256').update(signed).sign(key, 'base64url')}`
}

test('the App sees itself and its installations by JWT', async () => {
  const { github, appOctokit, installation } = await scene()
  const { data: app } = await appOctokit.rest.apps.getAuthenticated()
  expect(app).toMatchObject({ id: github.app.id, slug: 'yardmaster', installations_count: 1 })
  const { data: list } = await appOctokit.rest.apps.listInstallations()
  expect(list.map(({ id }) => id)).toEqual([installation.id])
  const { data: one } = await appOctokit.rest.apps.getRepoInstallation(REPO)
  expect(one).toMatchObject({ id: installation.id, repository_selection: 'selected' })
  expect(github.violations).toEqual([])
})

test('a JWT must be signed by the App, in time, and live ten minutes at most', async () => {
  const { github } = await scene()
  const now = Math.floor(Date.now() / 1000)
  const iss = String(github.app.id)
  const ask = async (token: string): Promise<number> =>
    status(client(github.apiUrl, token).rest.apps.getAuthenticated())
  expect(await ask(jwt({ iss, iat: now - 30, exp: now + 570 }))).toBe(200)
  expect(await ask(jwt({ iss: github.app.clientId, iat: now - 30, exp: now + 570 }))).toBe(200)
  expect(await ask(jwt({ iss, iat: now, exp: now + 1200 }))).toBe(401)
  expect(await ask(jwt({ iss, iat: now - 600, exp: now - 1 }))).toBe(401)
  expect(await ask(jwt({ iss, iat: now + 600, exp: now + 700 }))).toBe(401)
  expect(await ask(`${jwt({ iss, iat: now, exp: now + 60 }).slice(0, -8)}AAAAAAAA`)).toBe(401)
  expect(await ask(jwt({ iss: '1', iat: now, exp: now + 60 }))).toBe(404)
})

test('a token is narrowed by repository and permission and cannot be widened', async () => {
  const { github, appOctokit, installation } = await scene()
  await github.createRepository({ owner: 'acme', name: 'tills', private: true })
  const tills = github.repository('acme/tills')
  github.install(github.app, ['acme/tills'])
  const mint = appOctokit.rest.apps.createInstallationAccessToken
  const { data } = await mint({
    installation_id: installation.id,
    repository_ids: [tills.id],
    permissions: { issues: 'read' },
  })
  expect(data.token).toMatch(/^ghs_\d+_[\w-]+\.[\w-]+\.[\w-]+$/)
  expect(data.token.length).toBeGreaterThan(450)
  expect(data.permissions).toEqual({ metadata: 'read', issues: 'read' })
  const narrow = client(github.apiUrl, data.token)
  expect(
    (await narrow.rest.apps.listReposAccessibleToInstallation()).data.repositories.map(
      (one) => one.name,
    ),
  ).toEqual(['tills'])
  expect(await status(narrow.rest.issues.listForRepo(REPO))).toBe(404)
  expect(await status(narrow.rest.issues.listForRepo({ owner: 'acme', repo: 'tills' }))).toBe(200)
  expect(github.violations).toEqual([])
  expect(
    await status(narrow.rest.issues.create({ owner: 'acme', repo: 'tills', title: 'a' })),
  ).toBe(403)
  expect(github.violations).toHaveLength(1)

  const over = { installation_id: installation.id, permissions: { workflows: 'write' } } as const
  expect(await status(mint(over))).toBe(422)
  expect(await status(mint({ installation_id: installation.id, repositories: ['nowhere'] }))).toBe(
    422,
  )
})

test('a token ends after an hour', async () => {
  const clock = fakeClock()
  const { github, appOctokit, installation } = await scene({ clock })
  const { data } = await appOctokit.rest.apps.createInstallationAccessToken({
    installation_id: installation.id,
  })
  const octokit = client(github.apiUrl, data.token)
  clock.advance(HOUR - MINUTE)
  expect(await status(octokit.rest.repos.get(REPO))).toBe(200)
  clock.advance(MINUTE)
  expect(await status(octokit.rest.repos.get(REPO))).toBe(401)
})

test('suspended, shrunk and uninstalled installations stop their tokens', async () => {
  const { github, appOctokit, installation } = await scene()
  const { data } = await appOctokit.rest.apps.createInstallationAccessToken({
    installation_id: installation.id,
  })
  const octokit = client(github.apiUrl, data.token)
  const account = { app: github.app, account: 'acme' }
  const list = async (): Promise<number> => status(octokit.rest.issues.listForRepo(REPO))
  expect(await list()).toBe(200)
  github.suspend(account)
  expect(await list()).toBe(403)
  const mint = appOctokit.rest.apps.createInstallationAccessToken({
    installation_id: installation.id,
  })
  expect(await status(mint)).toBe(403)
  github.unsuspend(account)
  expect(await list()).toBe(200)
  github.grant({ ...account, permissions: { metadata: 'read', contents: 'read' } })
  expect(await list()).toBe(403)
  github.grant({ ...account, permissions: github.app.permissions })
  github.removeFromInstallation({ app: github.app, repo: 'acme/shop', as: 'ana' })
  expect(await list()).toBe(404)
  expect(installation.repositories.size).toBe(0)
  github.uninstall(account)
  expect(await list()).toBe(401)
})

test('a client whose clock is an hour slow is told the time and corrects itself', async () => {
  const clock = fakeClock()
  const { appOctokit } = await scene({ clock })
  clock.advance(HOUR)
  expect((await appOctokit.rest.apps.getAuthenticated()).data?.slug).toBe('yardmaster')
})

test('an App cannot use its JWT where a token belongs', async () => {
  const { github, appOctokit, octokit } = await scene()
  const { token } = (await appOctokit.auth({ type: 'app' })) as { readonly token: string }
  expect(await status(client(github.apiUrl, token).rest.issues.listForRepo(REPO))).toBe(403)
  expect(github.violations).toMatchObject([{ kind: 'permission' }])
  await octokit.rest.apps.revokeInstallationAccessToken()
})
