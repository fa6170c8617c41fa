// GraphQL against GitHub's published schema: what is answered is right, and what is not is loud.
import { expect, test } from 'vitest'
import { scene } from './support/github.ts'

const NODES = `query ($ids: [ID!]!) {
  nodes(ids: $ids) {
    __typename
    ... on Issue {
      id databaseId number title body state stateReason updatedAt lastEditedAt
      labels(first: 20) { totalCount nodes { name } pageInfo { hasNextPage endCursor } }
      repository { nameWithOwner databaseId isPrivate }
    }
    ... on PullRequest { number pullState: state merged isDraft headRefOid headRefName author { login __typename } }
  }
  rateLimit { cost remaining limit resetAt used }
  viewer { login }
}`

type Answer = {
  readonly nodes: readonly (Record<string, unknown> | null)[]
  readonly [key: string]: unknown
}

test('a hundred tasks are read in one query, issues and pull requests alike', async () => {
  const { github, octokit } = await scene()
  const issue = github.openIssue({
    repo: 'acme/shop',
    as: 'ben',
    title: 'Broken',
    labels: ['bug', 'yard:queued'],
  })
  github.editIssue({ repo: 'acme/shop', number: 1, as: 'ben', body: 'It is.' })
  const sha = await github.pushFiles({
    repo: 'acme/shop',
    as: 'ben',
    branch: 'fix',
    files: { a: 'a' },
    message: 'a',
  })
  const pull = await github.openPull({ repo: 'acme/shop', as: 'ben', title: 'Fix', head: 'fix' })
  const answer = await octokit.graphql<Answer>(NODES, { ids: [issue.nodeId, pull.nodeId] })
  expect(answer.nodes[0]).toMatchObject({
    __typename: 'Issue',
    number: 1,
    body: 'It is.',
    state: 'OPEN',
    stateReason: null,
    lastEditedAt: issue.updatedAt,
    labels: {
      totalCount: 2,
      nodes: [{ name: 'bug' }, { name: 'yard:queued' }],
      pageInfo: { hasNextPage: false },
    },
    repository: { nameWithOwner: 'acme/shop', isPrivate: true },
  })
  expect(answer.nodes[1]).toEqual({
    __typename: 'PullRequest',
    number: 2,
    pullState: 'OPEN',
    merged: false,
    isDraft: false,
    headRefOid: sha,
    headRefName: 'fix',
    author: { login: 'ben', __typename: 'User' },
  })
  expect(answer['viewer']).toEqual({ login: 'yardmaster[bot]' })
  expect(answer['rateLimit']).toMatchObject({ cost: 1, limit: 5_000, used: 1 })
  expect(github.violations).toEqual([])
})

test('what is gone or foreign is null with an error, and the rest is still told', async () => {
  const { github, octokit } = await scene()
  const issue = github.openIssue({ repo: 'acme/shop', as: 'ben', title: 'a' })
  const gone = github.openIssue({ repo: 'acme/shop', as: 'ben', title: 'b' })
  github.deleteIssue({ repo: 'acme/shop', number: 2, as: 'ana' })
  await github.createRepository({ owner: 'ben', name: 'diary', private: true })
  const foreign = github.openIssue({ repo: 'ben/diary', as: 'ben', title: 'c' })
  const call = octokit.graphql<Answer>(NODES, { ids: [gone.nodeId, issue.nodeId, foreign.nodeId] })
  const error: unknown = await call.catch((thrown: unknown) => thrown)
  if (!isFailed(error)) throw new Error('the query succeeded')
  const { data, errors } = error
  expect(data.nodes.map((node) => node?.['number'] ?? null)).toEqual([null, 1, null])
  expect(errors.map(({ type }) => type)).toEqual(['NOT_FOUND', 'NOT_FOUND'])
  expect(github.violations).toEqual([])
})

test.each([
  ['a field that GitHub does not have', '{ viewer { logon } }', 'Cannot query field "logon"'],
  [
    'a connection without first',
    '{ repository(owner: "acme", name: "shop") { issues { totalCount } } }',
    'first',
  ],
  [
    'a page of more than a hundred',
    '{ repository(owner: "acme", name: "shop") { issues(first: 101) { totalCount } } }',
    '100',
  ],
  ['a field the emulator lacks', '{ viewer { bio } }', 'does not implement User.bio'],
  ['text that is no query', '{ viewer ', 'Syntax Error'],
])('%s is an error and recorded', async (_what, query, message) => {
  const { github, octokit } = await scene()
  await expect(octokit.graphql(query)).rejects.toThrow(message)
  expect(github.violations).toMatchObject([{ kind: 'graphql' }])
})

test('pages follow cursors', async () => {
  const { github, octokit } = await scene()
  for (const title of ['a', 'b', 'c']) github.openIssue({ repo: 'acme/shop', as: 'ben', title })
  const query = `query ($after: String) { repository(owner: "acme", name: "shop") {
    issues(first: 2, after: $after) { nodes { title } pageInfo { hasNextPage endCursor } } } }`
  type Page = {
    repository: {
      issues: { nodes: { title: string }[]; pageInfo: { hasNextPage: boolean; endCursor: string } }
    }
  }
  const { repository: first } = await octokit.graphql<Page>(query)
  expect(first.issues.nodes.map(({ title }) => title)).toEqual(['a', 'b'])
  const { repository: second } = await octokit.graphql<Page>(query, {
    after: first.issues.pageInfo.endCursor,
  })
  expect(second.issues).toMatchObject({ nodes: [{ title: 'c' }], pageInfo: { hasNextPage: false } })
})

test('a spent budget is told among the errors', async () => {
  const { github, octokit, installation } = await scene()
  const key = `installation ID ${installation.id}`
  github.limits.charge({ key, resource: 'graphql', cost: 5_000, points: 0, creates: false })
  await expect(octokit.graphql('{ viewer { login } }')).rejects.toMatchObject({
    errors: [{ type: 'RATE_LIMITED' }],
    headers: { 'x-ratelimit-remaining': '0' },
  })
})

test('permissions hold in GraphQL too', async () => {
  const { github, octokit } = await scene({
    manifest: { name: 'Small', url: 'http://a.test', default_permissions: { contents: 'read' } },
  })
  github.openIssue({ repo: 'acme/shop', as: 'ben', title: 'a' })
  const query = '{ repository(owner: "acme", name: "shop") { issue(number: 1) { title } } }'
  await expect(octokit.graphql(query)).rejects.toThrow('Resource not accessible by integration')
  expect(github.violations).toMatchObject([{ kind: 'permission' }])
})

type Failed = { readonly data: Answer; readonly errors: readonly { readonly type: string }[] }

function isFailed(value: unknown): value is Failed {
  return typeof value === 'object' && value !== null && 'errors' in value && 'data' in value
}

test('an argument that would be ignored is refused, in reads and lists alike', async () => {
  const { github, octokit } = await scene()
  github.openIssue({ repo: 'acme/shop', as: 'ben', title: 'a', labels: ['bug'] })
  github.openIssue({ repo: 'acme/shop', as: 'ben', title: 'b' })
  github.closeIssue({ repo: 'acme/shop', number: 2, as: 'ben' })
  const ask = async (args: string): Promise<unknown> =>
    octokit.graphql(
      `{ repository(owner: "acme", name: "shop") { issues(first: 5, ${args}) { nodes { number } } } }`,
    )
  const found = (...numbers: readonly number[]): unknown => ({
    repository: { issues: { nodes: numbers.map((number) => ({ number })) } },
  })
  expect(await ask('states: [CLOSED]')).toEqual(found(2))
  expect(await ask('labels: ["bug"]')).toEqual(found(1))
  expect(github.violations).toEqual([])
  const ordered = ask('orderBy: { field: CREATED_AT, direction: DESC }')
  await expect(ordered).rejects.toThrow('The emulator would ignore orderBy of Repository.issues')
  expect(github.violations).toHaveLength(1)
})
