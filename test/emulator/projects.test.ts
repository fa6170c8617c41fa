// A board of an organisation, as an App makes and reads it over GraphQL and REST, as people move its
// cards, and as it goes wrong: renamed columns, archived cards.
import { expect, test } from 'vitest'
import { fakeClock, MINUTE } from './support/clock.ts'
import { REPO, scene, type Scene } from './support/github.ts'
import { status } from './support/status.ts'
import { TALKER } from './support/talker.ts'

const CARD = { repo: 'acme/shop', number: 1 }
const BOARD = { owner: 'acme', project: 1 }
const ANA = { ...BOARD, as: 'ana', card: CARD }

const MAKE = `mutation ($owner: ID!) {
  createProjectV2(input: { ownerId: $owner, title: "Yard" }) {
    projectV2 {
      id number title url
      field(name: "Status") { ... on ProjectV2SingleSelectField { id options { id name } } }
    }
  }
}`

const ITEMS = `query ($org: String!, $filter: String) {
  organization(login: $org) {
    projectV2(number: 1) {
      id closed
      fields(first: 50) {
        nodes {
          __typename
          ... on ProjectV2FieldCommon { id name dataType }
          ... on ProjectV2SingleSelectField { options { id name color } }
        }
      }
      items(first: 100, query: $filter) {
        totalCount
        nodes {
          id updatedAt isArchived type
          content { ... on Issue { number repository { nameWithOwner } } }
          fieldValues(first: 20) {
            nodes {
              ... on ProjectV2ItemFieldSingleSelectValue { name optionId field { ... on ProjectV2FieldCommon { name } } }
              ... on ProjectV2ItemFieldTextValue { text }
              ... on ProjectV2ItemFieldNumberValue { number }
            }
          }
        }
      }
    }
  }
}`

type Field = {
  readonly __typename: string
  readonly id: string
  readonly name: string
  readonly options?: readonly { readonly id: string; readonly name: string }[]
}
type Item = { readonly id: string; readonly updatedAt: string; readonly [name: string]: unknown }
type Read = {
  readonly organization: {
    readonly projectV2: {
      readonly id: string
      readonly fields: { readonly nodes: readonly Field[] }
      readonly items: { readonly totalCount: number; readonly nodes: readonly Item[] }
    }
  }
}

async function read({ octokit }: Scene, filter = ''): Promise<Read['organization']['projectV2']> {
  const answer = await octokit.graphql<Read>(ITEMS, { org: 'acme', filter })
  return answer.organization.projectV2
}

/** A board with a card in Todo, and every webhook until then forgotten. */
async function board(): Promise<Scene> {
  const stage = await scene({ manifest: TALKER })
  const { github, hooks } = stage
  github.openIssue({ repo: 'acme/shop', as: 'ria', title: 'Broken' })
  github.createProject({ owner: 'acme', title: 'Yard' })
  github.addCard(ANA)
  github.moveCard({ ...ANA, to: 'Todo' })
  await github.whenIdle()
  hooks.length = 0
  return stage
}

test('an App makes a board with fields of its own, adds an issue and sets all values at once', async () => {
  const stage = await scene({ manifest: TALKER })
  const { github, hooks, octokit } = stage
  const issue = github.openIssue({ repo: 'acme/shop', as: 'ria', title: 'Broken' })
  type Made = { createProjectV2: { projectV2: { id: string; field: { id: string } } } }
  const owner = github.user('acme').nodeId
  const { createProjectV2: made } = await octokit.graphql<Made>(MAKE, { owner })
  const project = made.projectV2.id
  await octokit.graphql(
    `mutation ($project: ID!, $status: ID!) {
      wave: createProjectV2Field(input: { projectId: $project, name: "Wave", dataType: NUMBER }) {
        projectV2Field { ... on ProjectV2Field { id dataType } }
      }
      agent: createProjectV2Field(input: { projectId: $project, name: "Agent", dataType: TEXT }) {
        projectV2Field { ... on ProjectV2FieldCommon { id } }
      }
      status: updateProjectV2Field(
        input: {
          fieldId: $status
          singleSelectOptions: [
            { name: "Ready", color: GREEN, description: "" }
            { name: "Working", color: YELLOW, description: "" }
          ]
        }
      ) { projectV2Field { ... on ProjectV2SingleSelectField { options { name } } } }
    }`,
    { project, status: made.projectV2.field.id },
  )
  const add = `mutation ($project: ID!, $content: ID!) {
    addProjectV2ItemById(input: { projectId: $project, contentId: $content }) { item { id } }
  }`
  type Added = { addProjectV2ItemById: { item: { id: string } } }
  const values = { project, content: issue.nodeId }
  const item = (await octokit.graphql<Added>(add, values)).addProjectV2ItemById.item.id
  const again = await octokit.graphql<Added>(add, values)
  expect(again.addProjectV2ItemById.item.id).toBe(item)
  const { fields } = await read(stage)
  const named = (name: string): Field | undefined => fields.nodes.find((one) => one.name === name)
  const set = `updateProjectV2ItemFieldValue(input: { projectId: $project, itemId: $item, fieldId:`
  await octokit.graphql(
    `mutation ($project: ID!, $item: ID!, $status: ID!, $option: String!, $wave: ID!, $agent: ID!) {
      a: ${set} $status, value: { singleSelectOptionId: $option } }) { projectV2Item { id } }
      b: ${set} $wave, value: { number: 2 } }) { projectV2Item { id } }
      c: ${set} $agent, value: { text: "patch" } }) { projectV2Item { id } }
    }`,
    {
      project,
      item,
      status: named('Status')?.id,
      option: named('Status')?.options?.[1]?.id,
      wave: named('Wave')?.id,
      agent: named('Agent')?.id,
    },
  )
  expect((await read(stage)).items.nodes).toMatchObject([
    {
      type: 'ISSUE',
      content: { number: 1, repository: { nameWithOwner: 'acme/shop' } },
      fieldValues: {
        nodes: [{ text: 'Broken' }, { name: 'Working' }, {}, { number: 2 }, { text: 'patch' }],
      },
    },
  ])
  expect(github.cardValue({ ...BOARD, card: CARD }, 'Status')).toBe('Working')
  await github.whenIdle()
  const told = hooks.filter(({ event }) => event === 'projects_v2_item')
  expect(told.map(({ payload }) => payload['action'])).toEqual([
    'created',
    'edited',
    'edited',
    'edited',
  ])
  expect(github.violations).toEqual([])
})

test('a moved card is told with where from and where to, by whom, and without a repository', async () => {
  const stage = await board()
  const { github, hooks } = stage
  github.moveCard({ ...ANA, to: 'In Progress' })
  github.moveCard({ ...ANA, to: 'In Progress' })
  await github.whenIdle()
  expect(hooks).toHaveLength(1)
  const [{ payload } = { payload: {} }] = hooks
  expect(payload).toMatchObject({
    action: 'edited',
    changes: {
      field_value: {
        field_type: 'single_select',
        field_name: 'Status',
        project_number: 1,
        from: { name: 'Todo' },
        to: { name: 'In Progress' },
      },
    },
    projects_v2_item: { content_type: 'Issue', content_node_id: github.issue(CARD).nodeId },
    organization: { login: 'acme' },
    sender: { login: 'ana' },
  })
  expect(payload).not.toHaveProperty('repository')
  expect(() => github.moveCard({ ...ANA, as: 'ria', to: 'Done' })).toThrow('404')
  github.inviteToProject({ ...ANA, user: 'ria' })
  github.moveCard({ ...ANA, as: 'ria', to: null })
  github.archiveCard(ANA)
  expect(() => github.moveCard({ ...ANA, to: 'Done' })).toThrow('archived')
  github.restoreCard(ANA)
  github.closeIssue({ ...CARD, as: 'ben' })
  github.removeCard(ANA)
  await github.whenIdle()
  expect(
    hooks
      .slice(1)
      .filter(({ event }) => event === 'projects_v2_item')
      .map((hook) => [hook.payload['action'], hook.payload['sender']]),
  ).toMatchObject([
    ['edited', { login: 'ria' }],
    ['archived', { login: 'ana' }],
    ['restored', { login: 'ana' }],
    ['edited', { login: 'github-project-automation[bot]' }],
    ['deleted', { login: 'ana' }],
  ])
  expect(github.violations).toEqual([])
})

test('items are filtered on the server: what a filter does not know finds nothing', async () => {
  const clock = fakeClock()
  const stage = await scene({ manifest: TALKER, clock })
  const { github } = stage
  github.createProject({ owner: 'acme', title: 'Yard' })
  for (const [number, to] of [
    [1, 'Todo'],
    [2, 'In Progress'],
    [3, 'Done'],
    [4, null],
  ] as const) {
    github.openIssue({ repo: 'acme/shop', as: 'ria', title: `Issue ${number}` })
    github.addCard({ ...ANA, card: { repo: 'acme/shop', number } })
    github.moveCard({ ...ANA, card: { repo: 'acme/shop', number }, to })
  }
  const count = async (query: string): Promise<number> =>
    (await read(stage, query)).items.totalCount
  expect(await count('')).toBe(4)
  expect(await count('-status:Done')).toBe(3)
  expect(await count('status:Todo,"In Progress"')).toBe(2)
  expect(await count('no:status')).toBe(1)
  expect(await count('status:Renamed')).toBe(0)
  expect(await count('is:open "issue 2"')).toBe(1)
  const [first] = (await read(stage)).items.nodes
  clock.advance(MINUTE)
  github.archiveCard(ANA)
  expect(await count('')).toBe(3)
  const [archived] = (await read(stage, 'is:archived')).items.nodes
  expect(archived).toMatchObject({ id: first?.id, isArchived: true })
  expect((archived?.updatedAt ?? '') > (first?.updatedAt ?? '')).toBe(true)
  expect(github.violations).toEqual([])
  await expect(count('milestone:x')).rejects.toThrow('does not filter by milestone')
  expect(github.violations).toHaveLength(1)
})

test('options keep their ids when sent with them, and cards lose those that went', async () => {
  const stage = await board()
  const { github, octokit } = stage
  const field = (await read(stage)).fields.nodes.find(({ name }) => name === 'Status')
  const todo = field?.options?.[0]
  const change = async (options: readonly object[]): Promise<unknown> =>
    octokit.graphql(
      `mutation ($field: ID!, $options: [ProjectV2SingleSelectFieldOptionInput!]) {
        updateProjectV2Field(input: { fieldId: $field, singleSelectOptions: $options }) {
          projectV2Field { ... on ProjectV2SingleSelectField { options { id name } } }
        }
      }`,
      { field: field?.id, options },
    )
  const ready = { name: 'Ready', color: 'GREEN', description: '' }
  expect(await change([{ ...ready, id: todo?.id }])).toMatchObject({
    updateProjectV2Field: { projectV2Field: { options: [{ id: todo?.id, name: 'Ready' }] } },
  })
  expect(github.cardValue({ ...BOARD, card: CARD }, 'Status')).toBe('Ready')
  await change([ready])
  expect(github.cardValue({ ...BOARD, card: CARD }, 'Status')).toBeNull()
  github.moveCard({ ...ANA, to: 'Ready' })
  github.editField({ ...ANA, name: 'Status', options: { Ready: 'Go' } })
  expect(github.cardValue({ ...BOARD, card: CARD }, 'Status')).toBe('Go')
  const stale = octokit.graphql(
    `mutation ($project: ID!, $item: ID!, $field: ID!, $option: String!) {
      updateProjectV2ItemFieldValue(
        input: { projectId: $project, itemId: $item, fieldId: $field, value: { singleSelectOptionId: $option } }
      ) { clientMutationId }
    }`,
    {
      project: github.project(BOARD).nodeId,
      item: github.project(BOARD).items[0]?.nodeId,
      field: field?.id,
      option: todo?.id,
    },
  )
  await expect(stale).rejects.toThrow('single select option Id does not belong to the field')
  expect(github.violations).toEqual([])
})

test('the same board over REST: fields, items with values, several set in one call', async () => {
  const { github, octokit } = await board()
  const at = { org: 'acme', project_number: 1 }
  const { data: project } = await octokit.request('GET /orgs/{org}/projectsV2/{project_number}', at)
  expect(project).toMatchObject({ number: 1, title: 'Yard', state: 'open' })
  const made = await octokit.request('POST /orgs/{org}/projectsV2/{project_number}/fields', {
    ...at,
    name: 'Wave',
    data_type: 'number',
  })
  const wave = made.data.id
  const fields = await octokit.request('GET /orgs/{org}/projectsV2/{project_number}/fields', {
    ...at,
    per_page: 4,
  })
  expect(fields.headers.link).toContain('rel="next"')
  const state = fields.data.find(({ name }) => name === 'Status')
  const done = state?.options?.find(({ name }) => name.raw === 'Done')
  const items = await octokit.request('GET /orgs/{org}/projectsV2/{project_number}/items', {
    ...at,
    fields: `${state?.id},${wave}`,
  })
  const item = items.data[0]?.id ?? 0
  expect(items.data[0]?.fields).toMatchObject([
    { name: 'Status', value: { name: { raw: 'Todo' } } },
    { name: 'Wave', value: null },
  ])
  const address = 'PATCH /orgs/{org}/projectsV2/{project_number}/items/{item_id}'
  await octokit.request(address, {
    ...at,
    item_id: item,
    fields: [
      { id: state?.id ?? 0, value: done?.id ?? '' },
      { id: wave, value: 3 },
    ],
  })
  expect(github.cardValue({ ...BOARD, card: CARD }, 'Status')).toBe('Done')
  expect(github.cardValue({ ...BOARD, card: CARD }, 'Wave')).toBe('3')
  const wrong = { ...at, item_id: item, fields: [{ id: wave, value: 'three' }] }
  expect(await status(octokit.request(address, wrong))).toBe(422)
  github.openIssue({ repo: 'acme/shop', as: 'ria', title: 'Next' })
  await octokit.request('POST /orgs/{org}/projectsV2/{project_number}/items', {
    ...at,
    type: 'Issue',
    ...REPO,
    number: 2,
  })
  await octokit.request('DELETE /orgs/{org}/projectsV2/{project_number}/items/{item_id}', {
    ...at,
    item_id: item,
  })
  expect(github.project(BOARD).items.map(({ content }) => content.number)).toEqual([2])
  expect(github.violations).toEqual([])
})
