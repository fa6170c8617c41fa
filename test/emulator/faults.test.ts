// Planted faults: the answer is lost or wrong, and the write was done before, after, or never.
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { folder, git, gitFails, remote } from './support/git.ts'
import { REPO, scene } from './support/github.ts'
import { status } from './support/status.ts'

const AT = { repo: 'acme/shop', number: 1 }
const COMMENT = { ...REPO, issue_number: 1, body: 'hello' }

test('a planted answer comes in place of the real one, as often as asked', async () => {
  const { github, octokit } = await scene()
  github.openIssue({ repo: 'acme/shop', as: 'ria', title: 'a' })
  github.faults.add({
    match: { operation: 'issues/create-comment' },
    skip: 1,
    times: 2,
    answer: { status: 503, headers: { 'retry-after': '7' }, body: { message: 'Unicorn!' } },
  })
  const comment = async (): Promise<number> => status(octokit.rest.issues.createComment(COMMENT))
  expect([await comment(), await comment(), await comment(), await comment()]).toEqual([
    201, 503, 503, 201,
  ])
  expect(github.comments(AT)).toHaveLength(2)
  expect(github.faults.left).toBe(0)
})

test('a write can be done and its reply lost', async () => {
  const { github, octokit } = await scene()
  github.openIssue({ repo: 'acme/shop', as: 'ria', title: 'a' })
  github.faults.add({
    match: { method: 'POST', path: /\/comments$/ },
    answer: 'reset',
    applied: 'before',
  })
  await expect(octokit.rest.issues.createComment(COMMENT)).rejects.toThrow(
    /other side closed|reset|terminated/,
  )
  expect(github.comments(AT)).toHaveLength(1)
})

test('a write can be done after its refusal was told', async () => {
  const { github, octokit } = await scene()
  github.openIssue({ repo: 'acme/shop', as: 'ria', title: 'a' })
  github.faults.add({
    match: { path: /comments/ },
    answer: { status: 502 },
    applied: 'after',
    lateMs: 20,
  })
  expect(await status(octokit.rest.issues.createComment(COMMENT))).toBe(502)
  expect(github.comments(AT)).toHaveLength(0)
  await vi.waitFor(() => expect(github.comments(AT)).toHaveLength(1))
})

test('a request can be left without an answer', async () => {
  const { github, octokit } = await scene()
  github.faults.add({ match: { operation: 'repos/get' }, answer: 'timeout' })
  const request = { signal: AbortSignal.timeout(100) }
  await expect(octokit.rest.repos.get({ ...REPO, request })).rejects.toThrow(/abort/i)
})

test('a push can be refused, or accepted with its reply lost', async () => {
  const { github } = await scene()
  const dir = await folder()
  await git(dir, 'clone', '--quiet', remote(github.url, 'acme/shop', 'ben:ben'), 'shop')
  const shop = join(dir, 'shop')
  await writeFile(join(shop, 'a'), 'a')
  await git(shop, 'add', '.')
  await git(shop, 'commit', '--quiet', '-m', 'Add a')
  github.faults.add({ match: { operation: 'git-receive-pack' }, answer: { status: 500 } })
  expect(await gitFails(shop, 'push', 'origin', 'HEAD:one')).toContain('500')
  expect(github.branches('acme/shop').has('one')).toBe(false)
  github.faults.add({
    match: { operation: 'git-receive-pack' },
    answer: 'reset',
    applied: 'before',
  })
  await gitFails(shop, 'push', 'origin', 'HEAD:two')
  expect(github.branches('acme/shop').get('two')).toBe(await git(shop, 'rev-parse', 'HEAD'))
})
