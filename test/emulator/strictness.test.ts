// Wrong uses of GitHub's API are answered loudly and recorded, so that a test of the product which
// makes one cannot pass.
import { expect, test } from 'vitest'
import { client } from './support/client.ts'
import { REPO, scene } from './support/github.ts'
import { status } from './support/status.ts'

test('a route that GitHub does not have is recorded', async () => {
  const { github, octokit } = await scene()
  expect(await status(octokit.request('GET /repos/acme/shop/isues'))).toBe(404)
  expect(await status(octokit.request('DELETE /repos/acme/shop/issues/1'))).toBe(404)
  expect(github.violations.map(({ kind, what }) => ({ kind, what }))).toEqual([
    { kind: 'unknown-route', what: 'GET /repos/acme/shop/isues' },
    { kind: 'unknown-route', what: 'DELETE /repos/acme/shop/issues/1' },
  ])
})

test('a route that GitHub has and the emulator lacks is not answered with nothing', async () => {
  const { github, octokit } = await scene()
  expect(await status(octokit.rest.pulls.updateBranch({ ...REPO, pull_number: 1 }))).toBe(501)
  expect(github.violations.map(({ kind }) => kind)).toEqual(['unimplemented'])
})

test('what stands at one place of two paths goes by the name that each of them gives it', async () => {
  const { github, octokit } = await scene()
  expect(await status(octokit.request('GET /users/acme'))).toBe(200)
  expect(github.violations).toEqual([])
})

type Mistake = {
  readonly what: string
  readonly ask: string
  readonly body?: unknown
  readonly named: string
}

const MISTAKES: readonly Mistake[] = [
  {
    what: 'an unknown field',
    ask: 'POST /issues',
    body: { title: 'a', lables: ['b'] },
    named: 'lables',
  },
  {
    what: 'a field of the wrong type',
    ask: 'POST /issues',
    body: { title: 'a', labels: 'b' },
    named: '/labels',
  },
  { what: 'a missing body', ask: 'POST /issues/1/comments', named: 'body is missing' },
  { what: 'an unknown state', ask: 'GET /issues?state=opened', named: 'state' },
  { what: 'an unknown query parameter', ask: 'GET /issues?label=yardmaster', named: 'label' },
  { what: 'a number that is none', ask: 'GET /issues/one', named: 'issue_number' },
  { what: 'more than a hundred a page', ask: 'GET /issues?per_page=200', named: 'per_page' },
  {
    what: 'an unknown reaction',
    ask: 'POST /issues/1/reactions',
    body: { content: 'tada' },
    named: 'content',
  },
]

test.each(MISTAKES)('$what is refused and recorded', async ({ ask, body, named }) => {
  const [method = '', path = ''] = ask.split(' ')
  const { github, octokit } = await scene()
  github.openIssue({ repo: 'acme/shop', as: 'ria', title: 'a' })
  const { token } = (await octokit.auth({ type: 'installation' })) as { readonly token: string }
  const response = await fetch(`${github.apiUrl}/repos/acme/shop${path}`, {
    method,
    headers: { authorization: `token ${token}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  expect(response.status).toBe(422)
  expect(await response.text()).toContain(named)
  expect(github.violations).toMatchObject([{ kind: 'request' }])
})

test('what the App has no permission for is refused and recorded', async () => {
  const { github, octokit } = await scene({
    manifest: { name: 'Small', url: 'http://a.test', default_permissions: { issues: 'read' } },
  })
  github.openIssue({ repo: 'acme/shop', as: 'ria', title: 'a' })
  expect((await octokit.rest.issues.get({ ...REPO, issue_number: 1 })).data.title).toBe('a')
  const comment = octokit.rest.issues.createComment({ ...REPO, issue_number: 1, body: 'b' })
  expect(await status(comment)).toBe(403)
  expect(await status(octokit.rest.pulls.list(REPO))).toBe(403)
  expect(await status(octokit.rest.repos.getContent({ ...REPO, path: 'README.md' }))).toBe(403)
  expect(github.violations.map(({ kind, detail }) => `${kind}: ${detail}`)).toEqual([
    'permission: needs issues:write or pull_requests:write',
    'permission: needs pull_requests:read',
    'permission: needs contents:read',
  ])
})

test('a foreign private repository is not there; a public one may be read, not written', async () => {
  const { github, octokit } = await scene()
  await github.createRepository({ owner: 'ben', name: 'diary', private: true })
  await github.createRepository({ owner: 'ben', name: 'blog' })
  github.openIssue({ repo: 'ben/blog', as: 'ben', title: 'a' })
  const diary = { owner: 'ben', repo: 'diary' }
  const blog = { owner: 'ben', repo: 'blog' }
  expect(await status(octokit.rest.repos.get(diary))).toBe(404)
  expect(await status(octokit.rest.issues.listForRepo(diary))).toBe(404)
  expect(await status(octokit.rest.repos.get({ owner: 'no', repo: 'where' }))).toBe(404)
  expect(github.violations).toEqual([])
  expect(await status(octokit.rest.issues.get({ ...blog, issue_number: 1 }))).toBe(200)
  expect(
    await status(octokit.rest.issues.addLabels({ ...blog, issue_number: 1, labels: ['a'] })),
  ).toBe(403)
  expect(github.violations.map(({ detail }) => detail)).toEqual([
    'the token does not reach the repository',
  ])
})

test('rules that the schemas do not know hold as well', async () => {
  const { github, octokit } = await scene()
  github.openIssue({ repo: 'acme/shop', as: 'ria', title: 'a' })
  const at = { ...REPO, issue_number: 1 }
  const { issues } = octokit.rest
  expect(await status(issues.createLabel({ ...REPO, name: 'a', color: '#ff0000' }))).toBe(422)
  expect(await status(issues.createLabel({ ...REPO, name: 'a', color: 'red' }))).toBe(422)
  expect(await status(issues.createLabel({ ...REPO, name: 'x'.repeat(51), color: 'ff0000' }))).toBe(
    422,
  )
  expect(await status(issues.createLabel({ ...REPO, name: 'bug', color: 'ff0000' }))).toBe(422)
  expect(await status(issues.createComment({ ...at, body: 'x'.repeat(65_537) }))).toBe(422)
  expect(await status(issues.createComment({ ...at, body: 'x'.repeat(65_536) }))).toBe(201)
  expect(await status(issues.createComment({ ...at, body: ' ' }))).toBe(422)
  github.lock({ repo: 'acme/shop', number: 1, as: 'ben' })
  expect(await status(issues.createComment({ ...at, body: 'b' }))).toBe(403)
  expect(github.violations).toEqual([])
})

test('requests without a name, a credential or JSON are refused', async () => {
  const { github } = await scene()
  const anonymous = client(github.apiUrl)
  expect(await status(anonymous.rest.issues.listForRepo(REPO))).toBe(401)
  expect(await status(anonymous.rest.apps.getAuthenticated())).toBe(401)
  const wrong = client(github.apiUrl, 'ghs_wrong')
  expect(await status(wrong.rest.issues.listForRepo(REPO))).toBe(401)
})

test('a field that GitHub knows and the emulator would ignore is told', async () => {
  const { github, octokit } = await scene()
  github.openIssue({ repo: 'acme/shop', as: 'ria', title: 'a' })
  const call = octokit.rest.issues.update({ ...REPO, issue_number: 1, milestone: 1 })
  expect(await status(call)).toBe(501)
  expect(github.violations).toMatchObject([
    { kind: 'unimplemented', detail: 'the emulator would ignore milestone' },
  ])
})
