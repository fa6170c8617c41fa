// A real git clones, pushes and is refused, as against github.com.
import { randomBytes } from 'node:crypto'
import { writeFile, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { folder, git, gitFails, gitReads, remote } from './support/git.ts'
import { REPO, scene } from './support/github.ts'

async function token(octokit: Awaited<ReturnType<typeof scene>>['octokit']): Promise<string> {
  const auth = (await octokit.auth({ type: 'installation' })) as { readonly token: string }
  return `x-access-token:${auth.token}`
}

test('the App clones, pushes a branch and opens a pull request that a person merges', async () => {
  const { github, octokit, hooks } = await scene()
  github.openIssue({ repo: 'acme/shop', as: 'ana', title: 'Price is wrong' })
  const dir = await folder()
  const url = remote(github.url, 'acme/shop', await token(octokit))
  await git(dir, 'clone', '--quiet', url, 'shop')
  const shop = join(dir, 'shop')
  await git(shop, 'checkout', '--quiet', '-b', 'yardmaster/1')
  await writeFile(join(shop, 'src/price.ts'), 'export const price = 2\n')
  await git(shop, 'commit', '--quiet', '-am', 'Correct the price')
  await git(shop, 'push', '--quiet', 'origin', 'yardmaster/1')
  const sha = await git(shop, 'rev-parse', 'HEAD')

  const { data: none } = await octokit.rest.pulls.list({ ...REPO, head: 'acme:yardmaster/1' })
  expect(none).toEqual([])
  const { data: pull } = await octokit.rest.pulls.create({
    ...REPO,
    title: 'Correct the price',
    body: 'Closes #1',
    head: 'yardmaster/1',
    base: 'main',
  })
  expect(pull).toMatchObject({ number: 2, changed_files: 1, head: { sha, ref: 'yardmaster/1' } })
  const { data: check } = await octokit.rest.checks.create({
    ...REPO,
    name: 'yardmaster',
    head_sha: sha,
    external_id: 'task-1',
    status: 'completed',
    conclusion: 'success',
    output: { title: 'Passed', summary: '`npm test` passed' },
  })
  expect(check.pull_requests.map(({ number }) => number)).toEqual([2])
  const { data: runs } = await octokit.rest.checks.listForRef({
    ...REPO,
    ref: sha,
    check_name: 'yardmaster',
  })
  expect(runs.check_runs.map((run) => run.external_id)).toEqual(['task-1'])
  expect((await octokit.rest.pulls.get({ ...REPO, pull_number: 2 })).data.mergeable).toBe(true)
  const { data: files } = await octokit.rest.pulls.listFiles({ ...REPO, pull_number: 2 })
  expect(files[0]?.patch).toContain('+export const price = 2')

  await github.merge({ repo: 'acme/shop', number: 2, as: 'ben' })
  await github.whenIdle()
  expect(github.issue({ repo: 'acme/shop', number: 1 }).state).toBe('closed')
  expect(await github.fileAt('acme/shop', 'main', 'src/price.ts')).toBe('export const price = 2\n')
  const told = hooks.map(({ event, payload }) => `${event}.${String(payload['action'] ?? '')}`)
  expect(told).toEqual([
    'issues.opened',
    'push.',
    'pull_request.opened',
    'check_suite.completed',
    'pull_request.closed',
    'push.',
    'issues.closed',
  ])
  expect(github.violations).toEqual([])
})

test('a push moves the pull request, and a deleted branch closes it', async () => {
  const { github, octokit, hooks } = await scene()
  await github.pushFiles({
    repo: 'acme/shop',
    as: 'ben',
    branch: 'fix',
    files: { 'a.txt': 'a\n' },
    message: 'Add a',
  })
  await github.openPull({ repo: 'acme/shop', as: 'ben', title: 'Add a', head: 'fix' })
  const dir = await folder()
  await git(
    dir,
    'clone',
    '--quiet',
    '--depth=1',
    '--branch=fix',
    remote(github.url, 'acme/shop', 'ben:ben'),
    'shop',
  )
  const shop = join(dir, 'shop')
  await writeFile(join(shop, 'b.txt'), 'b\n')
  await git(shop, 'add', '.')
  await git(shop, 'commit', '--quiet', '-m', 'Add b')
  hooks.length = 0
  await git(shop, 'push', '--quiet', 'origin', 'fix')
  await git(shop, 'push', '--quiet', 'origin', ':fix')
  await github.whenIdle()
  expect(hooks.map(({ event, payload }) => `${event} ${String(payload['action'] ?? '')}`)).toEqual([
    'push ',
    'pull_request synchronize',
    'push ',
    'pull_request closed',
  ])
  const { data: pull } = await octokit.rest.pulls.get({ ...REPO, pull_number: 1 })
  expect(pull).toMatchObject({ state: 'closed', merged: false, commits: 2 })
  expect(github.violations).toEqual([])
})

test('pushes are refused in the words of GitHub', async () => {
  const { github, octokit } = await scene()
  github.protectBranch({ repo: 'acme/shop', as: 'ana', branch: 'main' })
  const dir = await folder()
  await git(dir, 'clone', '--quiet', remote(github.url, 'acme/shop', await token(octokit)), 'shop')
  const shop = join(dir, 'shop')
  await mkdir(join(shop, '.github/workflows'), { recursive: true })
  await writeFile(join(shop, '.github/workflows/ci.yml'), 'on: push\n')
  await git(shop, 'add', '.')
  await git(shop, 'commit', '--quiet', '-m', 'Add a workflow')
  const protectedBranch = await gitFails(shop, 'push', 'origin', 'main')
  expect(protectedBranch).toContain(
    'remote: error: GH006: Protected branch update failed for refs/heads/main.',
  )
  expect(protectedBranch).toContain(
    '! [remote rejected] main -> main (protected branch hook declined)',
  )
  const workflow = await gitFails(shop, 'push', 'origin', 'main:refs/heads/ci')
  expect(workflow).toContain(
    '(refusing to allow a GitHub App to create or update workflow `.github/workflows/ci.yml` without `workflows` permission)',
  )
  expect([...github.branches('acme/shop').keys()]).toEqual(['main'])
})

test('a foreign private repository is not there, and a wrong password is refused', async () => {
  const { github, octokit } = await scene()
  await github.createRepository({ owner: 'ana', name: 'secret', private: true, files: { a: 'a' } })
  await github.createRepository({ owner: 'ana', name: 'open', files: { a: 'a' } })
  const dir = await folder()
  const app = await token(octokit)
  expect(await gitFails(dir, 'clone', remote(github.url, 'ana/secret', app))).toContain('not found')
  expect(await gitFails(dir, 'clone', remote(github.url, 'ana/secret'))).toContain(
    'could not read Username',
  )
  expect(await gitFails(dir, 'clone', remote(github.url, 'acme/shop', 'ben:wrong'))).toContain(
    'Authentication failed',
  )
  await git(dir, 'clone', '--quiet', remote(github.url, 'ana/open'))
  await git(dir, 'clone', '--quiet', remote(github.url, 'acme/shop', 'ria:ria'))
  await writeFile(join(dir, 'shop', 'a'), 'a')
  await git(join(dir, 'shop'), 'add', '.')
  await git(join(dir, 'shop'), 'commit', '--quiet', '-m', 'Add a')
  expect(await gitFails(join(dir, 'shop'), 'push', 'origin', 'main')).toContain('denied to ria')
})

test('large pushes come in chunks and long negotiations zipped, and both work', async () => {
  const { github } = await scene()
  const url = remote(github.url, 'acme/shop', 'ben:ben')
  const dir = await folder()
  await git(dir, 'clone', '--quiet', url, 'shop')
  const shop = join(dir, 'shop')
  await writeFile(join(shop, 'large.bin'), randomBytes(2 * 1024 * 1024))
  await git(shop, 'add', '.')
  await git(shop, 'commit', '--quiet', '-m', 'Add a large file')
  // Over http.postBuffer, 1 MiB, git sends without a length.
  await git(shop, 'push', '--quiet', 'origin', 'main')
  // Sixty commits that only the client has, newer than all it shares: it names them in rounds, and
  // zips what is over 1,024 bytes.
  const commits = Array.from(
    { length: 60 },
    (_, n) =>
      `commit refs/heads/b${n}\ncommitter Ben <b@b.test> ${2_000_000_000 + n} +0000\ndata 1\nm\nfrom refs/heads/main^0\n`,
  )
  await gitReads(shop, commits.join('\n'), 'fast-import', '--quiet')
  for (const version of ['0', '2']) {
    const files = { version }
    await github.pushFiles({
      repo: 'acme/shop',
      as: 'ben',
      branch: 'main',
      files,
      message: version,
    })
    await git(shop, '-c', `protocol.version=${version}`, 'fetch', '--quiet')
    const tip = await git(shop, 'rev-parse', 'origin/main')
    expect(tip).toBe(github.branches('acme/shop').get('main'))
  }
  await git(dir, 'clone', '--quiet', '--filter=blob:none', '--no-checkout', url, 'partial')
  expect(github.violations).toEqual([])
})
