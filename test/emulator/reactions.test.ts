// Reactions as an App uses them to answer, comments as people write them, and the role that GitHub
// names for a person.
import { expect, test } from 'vitest'
import { fakeClock, MINUTE } from './support/clock.ts'
import { REPO, scene } from './support/github.ts'
import { status } from './support/status.ts'
import { TALKER } from './support/talker.ts'

const AT = { repo: 'acme/shop', number: 1 }

test('a reaction is made once, told from a second one, listed and taken back by who made it', async () => {
  const { github, octokit } = await scene()
  github.openIssue({ repo: 'acme/shop', as: 'ria', title: 'a' })
  const { id } = github.comment({ ...AT, as: 'ben', body: '/run' })
  const on = { ...REPO, comment_id: id }
  const first = await octokit.rest.reactions.createForIssueComment({ ...on, content: 'eyes' })
  const again = await octokit.rest.reactions.createForIssueComment({ ...on, content: 'eyes' })
  expect([first.status, again.status, again.data.id]).toEqual([201, 200, first.data.id])
  github.reactToComment({ repo: 'acme/shop', id, as: 'ria', content: 'eyes' })
  github.reactToComment({ repo: 'acme/shop', id, as: 'ria', content: 'rocket' })
  const eyes = await octokit.rest.reactions.listForIssueComment({ ...on, content: 'eyes' })
  expect(eyes.data.map(({ user }) => user?.login)).toEqual([github.app.bot.login, 'ria'])
  const { data: comment } = await octokit.rest.issues.getComment(on)
  expect(comment.reactions).toMatchObject({ eyes: 2, rocket: 1, total_count: 3 })

  const [, others] = eyes.data
  const remove = async (reaction: number): Promise<number> =>
    status(octokit.rest.reactions.deleteForIssueComment({ ...on, reaction_id: reaction }))
  expect(await remove(others?.id ?? 0)).toBe(403)
  expect(await remove(first.data.id)).toBe(204)
  expect(await remove(first.data.id)).toBe(404)

  const onIssue = { ...REPO, issue_number: 1 }
  const made = await octokit.rest.reactions.createForIssue({ ...onIssue, content: '+1' })
  expect((await octokit.rest.reactions.listForIssue(onIssue)).data).toHaveLength(1)
  await octokit.rest.reactions.deleteForIssue({ ...onIssue, reaction_id: made.data.id })
  github.react({ ...AT, as: 'ria', content: 'heart' })
  github.unreact({ ...AT, as: 'ria', content: 'heart' })
  expect(github.issue(AT).reactions).toEqual([])
  expect(github.violations).toEqual([])
})

test('comments of people are told as they are written, changed and taken away, on issues and pull requests', async () => {
  const clock = fakeClock()
  const { github, hooks, octokit } = await scene({ manifest: TALKER, clock })
  github.openIssue({ repo: 'acme/shop', as: 'ria', title: 'a' })
  const push = { repo: 'acme/shop', as: 'ben', branch: 'fix', files: { a: 'a' }, message: 'a' }
  await github.pushFiles(push)
  const pull = await github.openPull({ repo: 'acme/shop', as: 'ben', title: 'b', head: 'fix' })
  await github.whenIdle()
  hooks.length = 0
  const before = github.issue(AT).updatedAt
  clock.advance(MINUTE)
  const { id } = github.comment({ ...AT, as: 'ria', body: '/run' })
  expect(github.issue(AT).updatedAt > before).toBe(true)
  github.editComment({ repo: 'acme/shop', id, as: 'ben', body: '/hold' })
  github.deleteComment({ repo: 'acme/shop', id, as: 'ria' })
  github.comment({ repo: 'acme/shop', number: pull.number, as: 'ana', body: '/revise' })
  await octokit.rest.issues.createComment({ ...REPO, issue_number: 1, body: 'On it.' })
  await github.whenIdle()
  const told = hooks.filter(({ event }) => event === 'issue_comment')
  expect(told.map(({ payload }) => payload)).toMatchObject([
    {
      action: 'created',
      comment: { body: '/run', user: { login: 'ria' }, performed_via_github_app: null },
      issue: { number: 1, comments: 1 },
      sender: { login: 'ria' },
    },
    {
      action: 'edited',
      changes: { body: { from: '/run' } },
      comment: { body: '/hold', user: { login: 'ria' } },
      sender: { login: 'ben' },
    },
    { action: 'deleted', comment: { id }, sender: { login: 'ria' } },
    {
      action: 'created',
      issue: { number: pull.number, pull_request: { merged_at: null } },
      sender: { login: 'ana' },
    },
    {
      action: 'created',
      comment: { performed_via_github_app: { slug: 'talker' } },
      sender: { type: 'Bot' },
    },
  ])
  expect(github.violations).toEqual([])
})

test('the role of a person is told as GitHub names it, and changes at once', async () => {
  const { github, octokit } = await scene()
  const ask = async (username: string): Promise<readonly unknown[]> => {
    const { data } = await octokit.rest.repos.getCollaboratorPermissionLevel({ ...REPO, username })
    return [data.role_name, data.permission]
  }
  expect(await ask('ana')).toEqual(['admin', 'admin'])
  for (const [role, older] of [
    ['read', 'read'],
    ['triage', 'read'],
    ['write', 'write'],
    ['maintain', 'write'],
    ['admin', 'admin'],
    ['none', 'none'],
  ] as const) {
    github.setRole('acme/shop', 'ben', role)
    expect(await ask('ben')).toEqual([role, older])
  }
  github.createUser({ login: 'eve' })
  expect(await ask('eve')).toEqual(['none', 'none'])
  github.makePublic({ repo: 'acme/shop', as: 'ana' })
  expect(await ask('eve')).toEqual(['read', 'read'])
  const nobody = octokit.rest.repos.getCollaboratorPermissionLevel({ ...REPO, username: 'nobody' })
  expect(await status(nobody)).toBe(404)
  expect(github.violations).toEqual([])
})
