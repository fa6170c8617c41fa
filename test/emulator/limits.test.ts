// GitHub's rate limits, met by a client that does not pace itself.
import { expect, test } from 'vitest'
import { fakeClock, HOUR, MINUTE, SECOND } from './support/clock.ts'
import { REPO, scene, type Scene } from './support/github.ts'

type Reply = { readonly status: number; readonly headers: Headers; readonly text: string }

async function caller({
  github,
  octokit,
}: Scene): Promise<
  (method: string, path: string, body?: unknown, headers?: Record<string, string>) => Promise<Reply>
> {
  const { token } = (await octokit.auth({ type: 'installation' })) as { readonly token: string }
  return async (method, path, body, headers) => {
    const response = await fetch(`${github.apiUrl}${path}`, {
      method,
      headers: { authorization: `token ${token}`, ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    return { status: response.status, headers: response.headers, text: await response.text() }
  }
}

const COMMENTS = '/repos/acme/shop/issues/1/comments'

test('the 81st creation within a minute is refused until the minute is over', async () => {
  const clock = fakeClock()
  const stage = await scene({ clock })
  const call = await caller(stage)
  stage.github.openIssue({ repo: 'acme/shop', as: 'ria', title: 'a' })
  for (let count = 0; count < 80; count += 1) {
    expect((await call('POST', COMMENTS, { body: `${count}` })).status).toBe(201)
  }
  const refused = await call('POST', COMMENTS, { body: 'once more' })
  expect(refused.status).toBe(403)
  expect(refused.text).toContain('secondary rate limit')
  const wait = Number(refused.headers.get('retry-after'))
  expect(wait).toBeGreaterThan(50)
  clock.advance((wait + 1) * SECOND)
  expect((await call('POST', COMMENTS, { body: 'later' })).status).toBe(201)
  expect(stage.github.journal.counters.creations).toBe(81)
})

test('points run out within a minute and come back', async () => {
  const clock = fakeClock()
  const stage = await scene({ clock })
  const call = await caller(stage)
  stage.github.openIssue({ repo: 'acme/shop', as: 'ria', title: 'a' })
  for (let count = 0; count < 180; count += 1) {
    expect((await call('PATCH', '/repos/acme/shop/issues/1', { title: `${count}` })).status).toBe(
      200,
    )
  }
  expect((await call('GET', '/repos/acme/shop')).status).toBe(403)
  expect((await call('GET', '/rate_limit')).status).toBe(200)
  clock.advance(MINUTE)
  expect((await call('GET', '/repos/acme/shop')).status).toBe(200)
})

test('a conditional request that brings nothing new is free, for one token', async () => {
  const clock = fakeClock()
  const stage = await scene({ clock })
  const call = await caller(stage)
  const path = '/repos/acme/shop/issues?state=all&sort=updated'
  const first = await call('GET', path)
  const etag = { 'if-none-match': first.headers.get('etag') ?? '' }
  const remaining = first.headers.get('x-ratelimit-remaining')
  const second = await call('GET', path, undefined, etag)
  expect(second.status).toBe(304)
  expect(second.headers.get('x-ratelimit-remaining')).toBe(remaining)
  // GitHub's ETags are good for the token they were given to, and no other.
  const { data } = await stage.appOctokit.rest.apps.createInstallationAccessToken({
    installation_id: stage.installation.id,
  })
  const other = await call('GET', path, undefined, {
    ...etag,
    authorization: `token ${data.token}`,
  })
  expect(other.status).toBe(200)
  stage.github.openIssue({ repo: 'acme/shop', as: 'ria', title: 'a' })
  expect((await call('GET', path, undefined, etag)).status).toBe(200)
})

test('the hourly budget is told in headers and ends in a refusal', async () => {
  const clock = fakeClock()
  const stage = await scene({ clock })
  const call = await caller(stage)
  const { headers } = await call('GET', '/repos/acme/shop')
  expect(headers.get('x-ratelimit-limit')).toBe('5000')
  const key = `installation ID ${stage.installation.id}`
  stage.github.limits.charge({ key, resource: 'core', cost: 4_999, points: 0, creates: false })
  const refused = await call('GET', '/repos/acme/shop')
  expect(refused.status).toBe(403)
  expect(refused.headers.get('x-ratelimit-remaining')).toBe('0')
  expect(refused.headers.get('retry-after')).toBeNull()
  clock.advance(HOUR)
  expect(stage.github.limits.state(key, 'core')).toMatchObject({ remaining: 5_000, used: 0 })
})

test('with limits off nothing is refused, and all is still counted', async () => {
  const { github, octokit } = await scene({ limits: false })
  github.openIssue({ repo: 'acme/shop', as: 'ria', title: 'a' })
  await Promise.all(
    Array.from({ length: 90 }, async (_, n) =>
      octokit.rest.issues.createComment({ ...REPO, issue_number: 1, body: `${n}` }),
    ),
  )
  expect(github.journal.counters).toMatchObject({
    creations: 90,
    requests: 90,
    tokenMints: 1,
    points: 455,
  })
})
