// Nobody else's page may press our buttons, and nobody sees what their role hides.
import { request } from 'node:http'
import { expect, test } from 'vitest'
import { scene } from '../emulator/support/github.ts'
import { visitor } from './support/visitor.ts'

const ISSUE = '/acme/shop/issues/1'

test('a form without our token, of another site or of another host changes nothing', async () => {
  const { github } = await scene()
  github.openIssue({ repo: 'acme/shop', as: 'ria', title: 'Help' })
  const ana = visitor(github.url, 'ana')
  const { text } = await ana.open(ISSUE)
  const [, token = ''] = /name="token" value="([^"]+)"/.exec(text) ?? []
  expect(token).toHaveLength(32)
  const label = 'yardmaster'
  expect((await ana.post(`${ISSUE}/label`, { label })).status).toBe(403)
  const wrong = await ana.post(`${ISSUE}/label`, { label, token: 'x'.repeat(32) })
  expect(wrong.status).toBe(403)
  expect(wrong.text).toContain('Load its page again')
  const foreign = { origin: 'http://evil.test' }
  expect((await ana.post(`${ISSUE}/label`, { label, token }, foreign)).status).toBe(403)
  expect(await statusWithHost(`${github.url}${ISSUE}`, 'evil.test')).toBe(421)
  expect(github.labels({ repo: 'acme/shop', number: 1 })).toEqual([])
  expect((await ana.post(`${ISSUE}/label`, { label, token })).status).toBe(303)
})

test('a private repository is not there for who has no role in it', async () => {
  const { github } = await scene()
  github.createUser({ login: 'eve', name: 'Eve' })
  const eve = visitor(github.url, 'eve')
  for (const path of [
    '/acme/shop',
    '/acme/shop/issues',
    '/acme/shop/blob/main/README.md',
    '/acme/shop/raw/main/README.md',
  ]) {
    const page = await eve.open(path)
    expect(page.status).toBe(404)
    expect(page.text).toContain('There is nothing here')
  }
  expect((await eve.open('/')).text).toContain('eve can see no repository here.')
})

test('whom one acts as is remembered for this site only, and leads nowhere else', async () => {
  const { github } = await scene()
  const ana = visitor(github.url, 'ana')
  const { text } = await ana.open('/')
  const [, token = ''] = /name="token" value="([^"]+)"/.exec(text) ?? []
  const switched = await ana.post('/-/acting-as', { token, as: 'ria', back: '/acme/shop' })
  expect(switched.headers.get('location')).toBe('/acme/shop')
  expect(switched.headers.get('set-cookie')).toMatch(
    /^emulator_acting_as=ria; Path=\/; HttpOnly; SameSite=Strict$/,
  )
  for (const back of ['//evil.test', '/\\evil.test', 'https://evil.test']) {
    const answer = await ana.post('/-/acting-as', { token, as: 'ria', back })
    expect(answer.headers.get('location')).toBe('/')
  }
  expect((await ana.post('/-/acting-as', { token, as: 'nobody', back: '/' })).status).toBe(404)
})

test('a form acts as whom its page showed, even if another tab has switched since', async () => {
  const { github } = await scene()
  github.openIssue({ repo: 'acme/shop', as: 'ben', title: 'Help' })
  const page = await visitor(github.url, 'ana').open(ISSUE)
  const [, token = ''] = /name="token" value="([^"]+)"/.exec(page.text) ?? []
  expect(page.text).toContain('Add a comment as ana')
  const switched = visitor(github.url, 'ria')
  await switched.post(`${ISSUE}/comment`, { token, acting: 'ana', body: 'Mine', next: 'nothing' })
  const [comment] = github.comments({ repo: 'acme/shop', number: 1 })
  expect(comment?.user.login).toBe('ana')
})

test('pages allow no script but their own, and cost nothing while nothing changes', async () => {
  const { github } = await scene()
  github.openIssue({ repo: 'acme/shop', as: 'ria', title: 'Help' })
  const ana = visitor(github.url, 'ana')
  const page = await ana.open(ISSUE)
  expect(page.headers.get('content-security-policy')).toContain("script-src 'self'")
  expect(page.headers.get('content-security-policy')).toContain("default-src 'none'")
  const tag = page.headers.get('etag') ?? ''
  expect((await ana.open(ISSUE, { 'if-none-match': tag })).status).toBe(304)
  github.comment({ repo: 'acme/shop', number: 1, as: 'ben', body: 'Coming' })
  const changed = await ana.open(ISSUE, { 'if-none-match': tag })
  expect(changed.status).toBe(200)
  expect(changed.text).toContain('Coming')
  const [, style = ''] = /href="([^"]+pages\.css)"/.exec(page.text) ?? []
  expect((await ana.open(style)).headers.get('cache-control')).toContain('immutable')
})

async function statusWithHost(url: string, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const call = request(url, { headers: { host } }, (response) => {
      response.resume()
      resolve(response.statusCode ?? 0)
    })
    call.on('error', reject)
    call.end()
  })
}
