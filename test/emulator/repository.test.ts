// What a repository tells: files, permission, branches, labels, lists with lag and pages.
import { expect, test } from 'vitest'
import { fakeClock, SECOND } from './support/clock.ts'
import { folder } from './support/git.ts'
import { REPO, scene } from './support/github.ts'
import { status } from './support/status.ts'

test('a file is read as JSON, raw, at a ref, or not at all', async () => {
  const { github, octokit } = await scene()
  const path = '.github/yardmaster.yml'
  expect(await status(octokit.rest.repos.getContent({ ...REPO, path }))).toBe(404)
  await github.pushFiles({
    repo: 'acme/shop',
    as: 'ben',
    branch: 'main',
    files: { [path]: 'verify: [npm test]\n' },
    message: 'Configure',
  })
  await github.pushFiles({
    repo: 'acme/shop',
    as: 'ben',
    branch: 'other',
    files: { [path]: 'trigger: bot\n' },
    message: 'Change',
  })
  const { data } = await octokit.rest.repos.getContent({ ...REPO, path })
  if (Array.isArray(data) || data.type !== 'file') throw new Error('not a file')
  expect(Buffer.from(data.content, 'base64').toString()).toBe('verify: [npm test]\n')
  const raw = await octokit.rest.repos.getContent({
    ...REPO,
    path,
    ref: 'other',
    mediaType: { format: 'raw' },
  })
  expect(raw.data).toBe('trigger: bot\n')
  const { data: folderOf } = await octokit.rest.repos.getContent({ ...REPO, path: '' })
  expect(Array.isArray(folderOf) && folderOf.map(({ name, type }) => `${type} ${name}`)).toEqual([
    'dir .github',
    'file README.md',
    'dir src',
  ])
  expect(await status(octokit.rest.repos.getContent({ ...REPO, path, ref: 'nowhere' }))).toBe(404)
  expect(github.violations).toEqual([])
})

test('the permission of everybody is told in both scales', async () => {
  const { github, octokit } = await scene()
  for (const login of ['mia', 'tom', 'eve']) github.createUser({ login })
  github.setRole('acme/shop', 'mia', 'maintain')
  github.setRole('acme/shop', 'tom', 'triage')
  const ask = async (username: string): Promise<string> => {
    const { data } = await octokit.rest.repos.getCollaboratorPermissionLevel({ ...REPO, username })
    return `${data.user?.login}: ${data.permission}, ${data.role_name}`
  }
  expect(await Promise.all(['ana', 'mia', 'ben', 'tom', 'ria', 'eve'].map(ask))).toEqual([
    'ana: admin, admin',
    'mia: write, maintain',
    'ben: write, write',
    'tom: read, triage',
    'ria: read, read',
    'eve: none, none',
  ])
  expect(
    await status(
      octokit.rest.repos.getCollaboratorPermissionLevel({ ...REPO, username: 'nobody' }),
    ),
  ).toBe(404)
  github.makePublic({ repo: 'acme/shop', as: 'ana' })
  expect(await ask('eve')).toBe('eve: read, read')
  expect(github.violations).toEqual([])
})

test('branches and refs are told and moved, unless they are protected', async () => {
  const { github, octokit } = await scene()
  const sha = github.branches('acme/shop').get('main') ?? ''
  await octokit.rest.git.createRef({ ...REPO, ref: 'refs/heads/yardmaster/1', sha })
  expect(
    await status(octokit.rest.git.createRef({ ...REPO, ref: 'refs/heads/yardmaster/1', sha })),
  ).toBe(422)
  const next = await github.pushFiles({
    repo: 'acme/shop',
    as: 'ben',
    branch: 'main',
    files: { a: 'a' },
    message: 'a',
  })
  await octokit.rest.git.updateRef({ ...REPO, ref: 'heads/yardmaster/1', sha: next })
  expect(
    await status(octokit.rest.git.updateRef({ ...REPO, ref: 'heads/yardmaster/1', sha })),
  ).toBe(422)
  expect(
    (await octokit.rest.git.getRef({ ...REPO, ref: 'heads/yardmaster/1' })).data.object.sha,
  ).toBe(next)
  expect((await octokit.rest.git.getCommit({ ...REPO, commit_sha: next })).data.message).toBe('a')
  github.protectBranch({ repo: 'acme/shop', as: 'ana', branch: 'main' })
  expect((await octokit.rest.repos.getBranch({ ...REPO, branch: 'main' })).data.protected).toBe(
    true,
  )
  expect(
    (await octokit.rest.repos.getBranch({ ...REPO, branch: 'yardmaster/1' })).data,
  ).toMatchObject({ protected: false, commit: { sha: next } })
  expect(
    await status(octokit.rest.git.updateRef({ ...REPO, ref: 'heads/main', sha, force: true })),
  ).toBe(422)
  await octokit.rest.git.deleteRef({ ...REPO, ref: 'heads/yardmaster/1' })
  expect(await status(octokit.rest.git.getRef({ ...REPO, ref: 'heads/yardmaster/1' }))).toBe(404)
  expect(github.violations).toEqual([])
})

test('labels are made, renamed and deleted, on the repository and its issues', async () => {
  const { github, octokit } = await scene()
  github.openIssue({ repo: 'acme/shop', as: 'ben', title: 'a' })
  await octokit.rest.issues.createLabel({
    ...REPO,
    name: 'yard:queued',
    color: 'CCCCCC',
    description: 'Waits',
  })
  await octokit.rest.issues.setLabels({ ...REPO, issue_number: 1, labels: ['yard:queued', 'bug'] })
  await octokit.rest.issues.updateLabel({
    ...REPO,
    name: 'yard:queued',
    new_name: 'yard:working',
    color: '00ff00',
  })
  expect(github.labels({ repo: 'acme/shop', number: 1 })).toEqual(['yard:working', 'bug'])
  expect(
    (await octokit.rest.issues.getLabel({ ...REPO, name: 'yard:working' })).data,
  ).toMatchObject({ color: '00ff00', description: 'Waits' })
  await octokit.rest.issues.deleteLabel({ ...REPO, name: 'yard:working' })
  expect(github.labels({ repo: 'acme/shop', number: 1 })).toEqual(['bug'])
  expect(
    await status(
      octokit.rest.issues.removeLabel({ ...REPO, issue_number: 1, name: 'yard:working' }),
    ),
  ).toBe(404)
  const all = await octokit.paginate(octokit.rest.issues.listLabelsForRepo, {
    ...REPO,
    per_page: 4,
  })
  expect(all).toHaveLength(9)
  expect(github.violations).toEqual([])
})

test('an issue moves up by every change, and lists follow since, sort and pages', async () => {
  const clock = fakeClock()
  const { github, octokit } = await scene({ clock })
  for (const title of ['a', 'b', 'c']) {
    github.openIssue({ repo: 'acme/shop', as: 'ben', title })
    clock.advance(10 * SECOND)
  }
  const since = new Date(clock.now()).toISOString()
  clock.advance(2 * SECOND)
  github.label({ repo: 'acme/shop', number: 1, as: 'ben', label: 'bug' })
  const { data: changed } = await octokit.rest.issues.listForRepo({
    ...REPO,
    state: 'all',
    sort: 'updated',
    since,
  })
  expect(changed.map(({ title }) => title)).toEqual(['a'])
  const sorted = await octokit.paginate(octokit.rest.issues.listForRepo, {
    ...REPO,
    sort: 'updated',
    per_page: 1,
  })
  expect(sorted.map(({ title }) => title)).toEqual(['a', 'c', 'b'])
})

test('with lag a new comment is there and not yet listed', async () => {
  const clock = fakeClock()
  const { github, octokit } = await scene({ clock })
  github.openIssue({ repo: 'acme/shop', as: 'ben', title: 'a' })
  clock.advance(60 * SECOND)
  github.world.lag = 30 * SECOND
  const at = { ...REPO, issue_number: 1 }
  const { data: made } = await octokit.rest.issues.createComment({ ...at, body: 'hello' })
  expect((await octokit.rest.issues.listComments(at)).data).toEqual([])
  expect((await octokit.rest.issues.getComment({ ...REPO, comment_id: made.id })).data.body).toBe(
    'hello',
  )
  clock.advance(30 * SECOND)
  expect((await octokit.rest.issues.listComments(at)).data).toHaveLength(1)
})

test('deleted issues are gone, transferred ones have moved', async () => {
  const { github, octokit } = await scene()
  await github.createRepository({ owner: 'acme', name: 'tills' })
  github.install(github.app, ['acme/tills'])
  const [one, two] = ['one', 'two'].map((title) =>
    github.openIssue({ repo: 'acme/shop', as: 'ben', title }),
  )
  github.comment({ repo: 'acme/shop', number: 2, as: 'ria', body: 'me too' })
  github.deleteIssue({ repo: 'acme/shop', number: one?.number ?? 0, as: 'ana' })
  const moved = github.transferIssue({
    repo: 'acme/shop',
    number: two?.number ?? 0,
    as: 'ana',
    to: 'acme/tills',
  })
  expect(await status(octokit.rest.issues.get({ ...REPO, issue_number: 1 }))).toBe(410)
  const { data } = await octokit.rest.issues.get({ ...REPO, issue_number: 2 })
  expect(data).toMatchObject({
    id: moved.id,
    number: 1,
    comments: 1,
    repository_url: `${github.apiUrl}/repos/acme/tills`,
  })
  expect(github.violations).toEqual([])
})

test('a repository is found by id, starts from a folder or a clone, and can be archived', async () => {
  const { github, octokit } = await scene()
  const { id, gitDir } = github.repository('acme/shop')
  const { data } = await octokit.request('GET /repositories/{repository_id}', { repository_id: id })
  expect(data).toMatchObject({ full_name: 'acme/shop', default_branch: 'main' })
  await github.createRepository({ owner: 'ben', name: 'copy', fromGit: gitDir })
  expect(await github.fileAt('ben/copy', 'main', 'README.md')).toBe('# Shop\n')
  const dir = await folder()
  const { writeFile, mkdir, chmod } = await import('node:fs/promises')
  await mkdir(`${dir}/bin`)
  await writeFile(`${dir}/bin/run`, '#!/bin/sh\n')
  await chmod(`${dir}/bin/run`, 0o755)
  await writeFile(`${dir}/.gitignore`, 'secret\n')
  await writeFile(`${dir}/secret`, 'no')
  await github.createRepository({ owner: 'ben', name: 'mine', fromFolder: dir })
  expect((await github.filesAt('ben/mine', 'main')).map(({ path }) => path)).toEqual([
    '.gitignore',
    'bin',
  ])
  expect((await github.filesAt('ben/mine', 'main', 'bin')).map(({ mode }) => mode)).toEqual([
    '100755',
  ])
  github.openIssue({ repo: 'acme/shop', as: 'ben', title: 'a' })
  github.archive({ repo: 'acme/shop', as: 'ana' })
  expect(await status(octokit.rest.issues.get({ ...REPO, issue_number: 1 }))).toBe(200)
  expect(
    await status(octokit.rest.issues.createComment({ ...REPO, issue_number: 1, body: 'b' })),
  ).toBe(403)
  expect(github.violations).toEqual([])
})
