// Whose projects an App reaches, what a person's own classic token opens, and pinned issues.
import { expect, test } from 'vitest'
import { client } from './support/client.ts'
import { REPO, scene } from './support/github.ts'
import { status } from './support/status.ts'
import { TALKER } from './support/talker.ts'

const CARD = { repo: 'acme/shop', number: 1 }
const ANA = { owner: 'acme', project: 1, as: 'ana', card: CARD }

test('without the permission nothing of a board is told or given', async () => {
  const { organization_projects: _, ...fewer } = TALKER.default_permissions
  const { github, hooks, octokit } = await scene({ manifest: TALKER })
  github.grant({ app: github.app, account: 'acme', permissions: fewer })
  github.openIssue({ repo: 'acme/shop', as: 'ria', title: 'Broken' })
  github.createProject({ owner: 'acme', title: 'Yard' })
  github.addCard(ANA)
  await github.whenIdle()
  expect(hooks.filter(({ event }) => event.startsWith('projects'))).toEqual([])
  const query = '{ organization(login: "acme") { projectV2(number: 1) { id } } }'
  await expect(octokit.graphql(query)).rejects.toThrow('Resource not accessible by integration')
  const rest = octokit.request('GET /orgs/{org}/projectsV2', { org: 'acme' })
  expect(await status(rest)).toBe(403)
  expect(github.violations.map(({ kind }) => kind)).toEqual(['permission', 'permission'])
})

test('the board of a person is out of every App’s reach, and in that of their own token', async () => {
  const { github, hooks, octokit } = await scene({ manifest: TALKER })
  github.openIssue({ repo: 'acme/shop', as: 'ria', title: 'Broken' })
  const own = { owner: 'ben', project: 1, as: 'ben', card: CARD }
  github.createProject({ owner: 'ben', title: 'Mine' })
  github.addCard(own)
  github.moveCard({ ...own, to: 'Todo' })
  await github.whenIdle()
  expect(hooks.filter(({ event }) => event.startsWith('projects'))).toEqual([])
  const QUERY = `{
    user(login: "ben") {
      projectsV2(first: 5) {
        nodes { id number items(first: 10) { nodes { id content { ... on Issue { number } } } } }
      }
    }
  }`
  expect(await octokit.graphql(QUERY)).toEqual({ user: { projectsV2: { nodes: [] } } })
  await expect(
    octokit.graphql('{ user(login: "ben") { projectV2(number: 1) { id } } }'),
  ).rejects.toThrow('Could not resolve to a ProjectV2')
  expect(github.violations).toEqual([])
  const token = github.createPersonToken('ben', ['project', 'repo'])
  const person = client(github.apiUrl, token)
  const seen = await person.graphql<{
    user: { projectsV2: { nodes: { id: string; items: { nodes: { id: string }[] } }[] } }
  }>(QUERY)
  const [mine] = seen.user.projectsV2.nodes
  expect(mine).toMatchObject({ number: 1, items: { nodes: [{ content: { number: 1 } }] } })
  await person.graphql(
    `mutation ($project: ID!, $item: ID!) {
      archiveProjectV2Item(input: { projectId: $project, itemId: $item }) { item { isArchived } }
    }`,
    { project: mine?.id, item: mine?.items.nodes[0]?.id },
  )
  expect(github.project(own).items[0]?.archivedAt).not.toBeNull()
  const { data } = await person.request('GET /users/{username}/projectsV2', { username: 'ben' })
  expect(data).toMatchObject([{ title: 'Mine', owner: { login: 'ben' } }])
  const reader = client(github.apiUrl, github.createPersonToken('ben', ['read:org']))
  await expect(reader.graphql(QUERY)).rejects.toThrow('required scopes')
  expect(github.violations).toEqual([])
  const app = octokit.request('GET /users/{username}/projectsV2', { username: 'ben' })
  expect(await status(app)).toBe(403)
  expect(await status(person.rest.issues.listForRepo(REPO))).toBe(501)
  github.revokePersonToken(token)
  await expect(person.graphql(QUERY)).rejects.toThrow('Bad credentials')
})

test('an App may hear only of what it may read', async () => {
  const { github } = await scene()
  const app = async (events: readonly string[]): Promise<unknown> =>
    github.createApp({
      manifest: {
        name: 'Deaf',
        url: 'http://a.test',
        default_permissions: { issues: 'read' },
        default_events: events,
      },
      webhookUrl: null,
      webhookSecret: 's',
    })
  await expect(app(['issues', 'projects_v2_item'])).rejects.toThrow(
    'Default events are not supported by permissions: projects_v2_item',
  )
  await expect(app(['issue_coments'])).rejects.toThrow('Default events unsupported: issue_coments')
  await app(['issues', 'issue_comment'])
})

test('an issue is pinned over GraphQL, at most three a repository', async () => {
  const { github, hooks, octokit } = await scene({ manifest: TALKER })
  const ids = ['a', 'b', 'c', 'd'].map(
    (title) => github.openIssue({ repo: 'acme/shop', as: 'ria', title }).nodeId,
  )
  const pin = async (id: string | undefined): Promise<unknown> =>
    octokit.graphql(
      'mutation ($id: ID!) { pinIssue(input: { issueId: $id }) { issue { number isPinned } } }',
      { id },
    )
  expect(await pin(ids[0])).toEqual({ pinIssue: { issue: { number: 1, isPinned: true } } })
  await pin(ids[0])
  await pin(ids[1])
  await pin(ids[2])
  await expect(pin(ids[3])).rejects.toThrow('Maximum 3 pinned issues')
  github.unpinIssue({ ...CARD, as: 'ben' })
  await pin(ids[3])
  const query = `query ($owner: String!, $repo: String!) {
    repository(owner: $owner, name: $repo) {
      pinnedIssues(first: 3) { nodes { issue { number title } } }
    }
  }`
  expect(await octokit.graphql(query, REPO)).toMatchObject({
    repository: { pinnedIssues: { nodes: [2, 3, 4].map((number) => ({ issue: { number } })) } },
  })
  await github.whenIdle()
  const told = hooks.map(({ payload }) => String(payload['action']))
  expect(told.filter((action) => action.includes('pinned'))).toEqual([
    'pinned',
    'pinned',
    'pinned',
    'unpinned',
    'pinned',
  ])
  expect(github.violations).toEqual([])
})
