// Sub-issues and dependencies: one graph, told from both ends.
import { expect, test } from 'vitest'
import { REPO, scene, type Scene } from './support/github.ts'
import { status } from './support/status.ts'

const EVENTS = ['sub_issues', 'issue_dependencies']
const MANIFEST = {
  name: 'Planner',
  url: 'http://a.test',
  default_permissions: { issues: 'write' },
  default_events: EVENTS,
}

function open({ github }: Scene, count: number): readonly number[] {
  const titles = Array.from({ length: count }, (_, index) => `issue ${index + 1}`)
  return titles.map((title) => github.openIssue({ repo: 'acme/shop', as: 'ben', title }).id)
}

test('a parent has sub-issues in an order of its own', async () => {
  const stage = await scene({ manifest: MANIFEST })
  const { github, octokit, hooks } = stage
  const [, first = 0, second = 0] = open(stage, 3)
  const at = { ...REPO, issue_number: 1 }
  const { issues } = octokit.rest
  await issues.addSubIssue({ ...at, sub_issue_id: first })
  await issues.addSubIssue({ ...at, sub_issue_id: second })
  await issues.reprioritizeSubIssue({ ...at, sub_issue_id: second, before_id: first })
  expect((await issues.listSubIssues(at)).data.map(({ number }) => number)).toEqual([3, 2])
  expect((await issues.getParent({ ...REPO, issue_number: 2 })).data.number).toBe(1)
  github.closeIssue({ repo: 'acme/shop', number: 3, as: 'ben' })
  expect((await issues.get(at)).data.sub_issues_summary).toEqual({
    total: 2,
    completed: 1,
    percent_completed: 50,
  })
  expect(await status(issues.addSubIssue({ ...REPO, issue_number: 2, sub_issue_id: first }))).toBe(
    422,
  )
  expect(await status(issues.addSubIssue({ ...REPO, issue_number: 3, sub_issue_id: first }))).toBe(
    422,
  )
  await issues.removeSubIssue({ ...at, sub_issue_id: first })
  await github.whenIdle()
  expect(hooks.map(({ payload }) => payload['action'])).toEqual([
    'parent_issue_added',
    'sub_issue_added',
    'parent_issue_added',
    'sub_issue_added',
    'parent_issue_removed',
    'sub_issue_removed',
  ])
  expect(github.violations).toEqual([])
})

test('an issue is blocked by others until they are closed', async () => {
  const stage = await scene({ manifest: MANIFEST })
  const { github, octokit, hooks } = stage
  const [, blocker = 0] = open(stage, 2)
  const at = { ...REPO, issue_number: 1 }
  const { issues } = octokit.rest
  await issues.addBlockedByDependency({ ...at, issue_id: blocker })
  expect(await status(issues.addBlockedByDependency({ ...at, issue_id: blocker }))).toBe(422)
  expect(await status(issues.addBlockedByDependency({ ...at, issue_id: 1 }))).toBe(404)
  const { data } = await issues.get(at)
  expect(data.issue_dependencies_summary).toMatchObject({ blocked_by: 1, total_blocked_by: 1 })
  expect(
    (await issues.listDependenciesBlocking({ ...REPO, issue_number: 2 })).data.map(
      ({ number }) => number,
    ),
  ).toEqual([1])
  github.closeIssue({ repo: 'acme/shop', number: 2, as: 'ben' })
  const { data: later } = await issues.get(at)
  expect(later.issue_dependencies_summary).toMatchObject({ blocked_by: 0, total_blocked_by: 1 })
  github.removeBlockedBy({
    repo: 'acme/shop',
    number: 1,
    as: 'ben',
    blocker: { repo: 'acme/shop', number: 2 },
  })
  expect((await issues.listDependenciesBlockedBy(at)).data).toEqual([])
  await github.whenIdle()
  expect(hooks.map(({ payload }) => payload['action'])).toEqual([
    'blocked_by_added',
    'blocking_added',
    'blocked_by_removed',
    'blocking_removed',
  ])
  expect(github.violations).toEqual([])
})
