// Pull requests over real branches: what GitHub refuses, how it merges, and what an App may do but
// Yardmaster never does.
import { expect, test } from 'vitest'
import { REPO, scene, type Scene } from './support/github.ts'
import { status } from './support/status.ts'

const BEN = { repo: 'acme/shop', as: 'ben' }

async function opened(stage: Scene, files: Readonly<Record<string, string>>): Promise<number> {
  await stage.github.pushFiles({ ...BEN, branch: 'fix', files, message: 'Fix it' })
  const pull = await stage.github.openPull({
    ...BEN,
    title: 'Fix it',
    head: 'fix',
    body: 'Closes #1',
  })
  return pull.number
}

test('a pull request needs a branch of its own, commits, and no twin', async () => {
  const { github, octokit } = await scene()
  const create = async (head: string, base = 'main'): Promise<number> =>
    status(octokit.rest.pulls.create({ ...REPO, title: 'a', head, base }))
  expect(await create('nowhere')).toBe(422)
  await octokit.rest.git.createRef({
    ...REPO,
    ref: 'refs/heads/same',
    sha: github.branches('acme/shop').get('main') ?? '',
  })
  expect(await create('same')).toBe(422)
  await github.pushFiles({ ...BEN, branch: 'fix', files: { a: 'a' }, message: 'a' })
  expect(await create('fix', 'nowhere')).toBe(422)
  expect(await create('ben:fix')).toBe(422)
  expect(await create('acme:fix')).toBe(201)
  await expect(
    octokit.rest.pulls.create({ ...REPO, title: 'a', head: 'fix', base: 'main' }),
  ).rejects.toThrow('A pull request already exists for acme:fix.')
  const { data: found } = await octokit.rest.pulls.list({ ...REPO, head: 'acme:fix', state: 'all' })
  expect(found.map(({ number }) => number)).toEqual([1])
  expect((await octokit.rest.pulls.list({ ...REPO, head: 'acme:same' })).data).toEqual([])
  expect(github.violations).toEqual([])
})

test.each(['merge', 'squash', 'rebase'] as const)(
  'a %s brings the change and closes the issue',
  async (method) => {
    const stage = await scene()
    const { github, octokit } = stage
    github.openIssue({ repo: 'acme/shop', as: 'ria', title: 'Broken' })
    const number = await opened(stage, { 'src/price.ts': 'export const price = 2\n' })
    await github.pushFiles({
      ...BEN,
      branch: 'fix',
      files: { 'src/tax.ts': 'export const tax = 3\n' },
      message: 'Add tax',
    })
    await github.pushFiles({
      ...BEN,
      branch: 'main',
      files: { 'other.txt': 'moved on\n' },
      message: 'Move on',
    })
    const sha = await github.merge({ ...BEN, number, method })
    expect(await github.fileAt('acme/shop', 'main', 'src/tax.ts')).toBe('export const tax = 3\n')
    expect(await github.fileAt('acme/shop', 'main', 'other.txt')).toBe('moved on\n')
    const { data: pull } = await octokit.rest.pulls.get({ ...REPO, pull_number: number })
    expect(pull).toMatchObject({
      merged: true,
      state: 'closed',
      merge_commit_sha: sha,
      merged_by: { login: 'ben' },
    })
    expect(github.issue({ repo: 'acme/shop', number: 1 })).toMatchObject({ state: 'closed' })
    const [tip, before] = await github.commits('acme/shop', 'main')
    const told = `${tip?.parents.length} ${tip?.message.split('\n')[0]}, after ${before?.message}`
    expect(told).toMatchSnapshot()
    expect(github.violations).toEqual([])
  },
)

test('a conflict is told and not merged', async () => {
  const stage = await scene()
  const { github, octokit } = stage
  const number = await opened(stage, { 'src/price.ts': 'export const price = 2\n' })
  await github.pushFiles({
    ...BEN,
    branch: 'main',
    files: { 'src/price.ts': 'export const price = 3\n' },
    message: 'c',
  })
  const { data: pull } = await octokit.rest.pulls.get({ ...REPO, pull_number: number })
  expect(pull).toMatchObject({ mergeable: false, mergeable_state: 'dirty' })
  for (const method of ['merge', 'squash', 'rebase'] as const) {
    await expect(github.merge({ ...BEN, number, method })).rejects.toThrow('not mergeable')
  }
  await expect(github.merge({ repo: 'acme/shop', number, as: 'ria' })).rejects.toThrow(
    'needs write',
  )
})

test('a branch merged by hand, and a keyword pushed to main, do what they do on GitHub', async () => {
  const stage = await scene()
  const { github } = stage
  github.openIssue({ repo: 'acme/shop', as: 'ria', title: 'Broken' })
  const number = await opened(stage, { a: 'a' })
  const tip = github.branches('acme/shop').get('fix') ?? ''
  await github.forceBranch({ ...BEN, branch: 'main', sha: tip })
  expect(github.pull({ repo: 'acme/shop', number })).toMatchObject({
    state: 'closed',
    pull: { merged: true },
  })
  expect(github.issue({ repo: 'acme/shop', number: 1 }).state).toBe('open')
  await github.pushFiles({
    ...BEN,
    branch: 'main',
    files: { b: 'b' },
    message: 'Add b\n\nfixes: #1',
  })
  expect(github.issue({ repo: 'acme/shop', number: 1 }).state).toBe('closed')
})

test('files, commits and comparison tell of the change', async () => {
  const stage = await scene()
  const { github, octokit } = stage
  const number = await opened(stage, {
    'src/price.ts': 'export const price = 2\n',
    'new file.txt': 'a\nb\n',
  })
  const { data: files } = await octokit.rest.pulls.listFiles({ ...REPO, pull_number: number })
  expect(
    files.map(({ filename, status: kind, additions, deletions }) => ({
      filename,
      kind,
      additions,
      deletions,
    })),
  ).toEqual([
    { filename: 'new file.txt', kind: 'added', additions: 2, deletions: 0 },
    { filename: 'src/price.ts', kind: 'modified', additions: 1, deletions: 1 },
  ])
  const { data: commits } = await octokit.rest.pulls.listCommits({ ...REPO, pull_number: number })
  expect(commits.map(({ commit, author }) => [commit.message, author?.login])).toEqual([
    ['Fix it', 'ben'],
  ])
  const { data: comparison } = await octokit.rest.repos.compareCommitsWithBasehead({
    ...REPO,
    basehead: 'main...fix',
  })
  expect(comparison).toMatchObject({ status: 'ahead', ahead_by: 1, behind_by: 0, total_commits: 1 })
  expect(await github.diff({ repo: 'acme/shop', number })).toContain('+export const price = 2')
  expect(github.violations).toEqual([])
})

test('people review; the author cannot approve', async () => {
  const stage = await scene()
  const { github, octokit } = stage
  const number = await opened(stage, { a: 'a' })
  const at = { ...REPO, pull_number: number }
  await octokit.rest.pulls.requestReviewers({ ...at, reviewers: ['ana'] })
  expect(
    (await octokit.rest.pulls.listRequestedReviewers(at)).data.users.map(({ login }) => login),
  ).toEqual(['ana'])
  await github.review({ repo: 'acme/shop', number, as: 'ana', event: 'APPROVE', body: 'Good' })
  await expect(github.review({ ...BEN, number, event: 'APPROVE' })).rejects.toThrow(
    'Can not approve your own',
  )
  const { data: reviews } = await octokit.rest.pulls.listReviews(at)
  expect(reviews.map(({ state, user }) => [state, user?.login])).toEqual([['APPROVED', 'ana']])
  expect((await octokit.rest.pulls.listRequestedReviewers(at)).data.users).toEqual([])
  expect(github.violations).toEqual([])
})

test('an App that merges or approves breaks a never, though GitHub lets it', async () => {
  const stage = await scene()
  const { github, octokit } = stage
  const number = await opened(stage, { a: 'a' })
  const at = { ...REPO, pull_number: number }
  await octokit.rest.pulls.createReview({ ...at, event: 'APPROVE' })
  await octokit.rest.pulls.merge(at)
  await octokit
    .graphql(
      'mutation { markPullRequestReadyForReview(input: {pullRequestId: "x"}) { clientMutationId } }',
    )
    .catch(() => {})
  const nevers = github.violations.filter(({ kind }) => kind === 'never')
  expect(nevers.map(({ what }) => what)).toEqual([
    'approve #1',
    'merge #1',
    'markPullRequestReadyForReview',
  ])
})

test('a pull request is edited, closed and reopened over the API', async () => {
  const stage = await scene()
  const { github, octokit } = stage
  const number = await opened(stage, { a: 'a' })
  const at = { ...REPO, pull_number: number }
  const { data } = await octokit.rest.pulls.update({ ...at, title: 'Better', state: 'closed' })
  expect(data).toMatchObject({ title: 'Better', state: 'closed', merged: false })
  expect(await status(octokit.rest.pulls.merge(at))).toBe(405)
  expect((await octokit.rest.pulls.update({ ...at, state: 'open' })).data.state).toBe('open')
  expect(await status(octokit.rest.pulls.get({ ...REPO, pull_number: 99 }))).toBe(404)
  github.closePull({ ...BEN, number })
  await github.deleteBranch({ ...BEN, branch: 'fix' })
  expect(await status(octokit.rest.pulls.update({ ...at, state: 'open' }))).toBe(422)
})
