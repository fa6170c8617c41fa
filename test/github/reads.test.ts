/** Reads on the wire: what exactly is asked, and what is made of each kind of answer. */
import nock from 'nock'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Actor } from '../../src/domain/actor.ts'
import { instant } from '../../src/domain/ids.ts'
import {
  ANA,
  API,
  REPO,
  START,
  createTestGitHub,
  endWire,
  faultOf,
  minting,
  startWire,
} from './support.ts'

beforeEach(() => {
  startWire()
  minting()
})
afterEach(endWire)

const api = () => nock(API)
const issue = (number: number, more: object = {}) => ({
  id: 5_000 + number,
  number,
  title: `Issue ${number}`,
  body: 'Please.',
  state: 'open',
  labels: [{ name: 'yardmaster' }],
  updated_at: '2026-03-01T11:00:00Z',
  ...more,
})

describe('permission', () => {
  const ask = (login = 'ana') =>
    api().get(`/repos/octo/yard/collaborators/${encodeURIComponent(login)}/permission`)
  const user = { id: ANA.id, login: 'ana' }

  test.each([
    ['admin', 'admin', 'admin'],
    ['write', 'maintain', 'maintain'],
    ['write', 'write', 'write'],
    ['read', 'triage', 'triage'],
    ['read', 'read', 'read'],
    ['none', 'none', 'none'],
    // Custom roles carry the base role that they build on.
    ['write', 'release-captain', 'write'],
    ['read', 'ADMIN', 'read'],
    ['strange', 'stranger', 'none'],
  ])('permission %s with role %s is %s', async (permission, role_name, expected) => {
    ask().reply(200, { permission, role_name, user })
    expect(await createTestGitHub().tracker.permission(REPO, ANA)).toBe(expected)
  })

  test('somebody who took over the login holds nothing', async () => {
    ask().reply(200, { permission: 'admin', role_name: 'admin', user: { id: 666, login: 'ana' } })
    expect(await createTestGitHub().tracker.permission(REPO, ANA)).toBe('none')
    ask().reply(200, { permission: 'admin', role_name: 'admin', user: null })
    expect(await createTestGitHub().tracker.permission(REPO, ANA)).toBe('none')
  })

  test('unknown people hold nothing', async () => {
    ask().reply(404, { message: 'ana is not a user' })
    expect(await createTestGitHub().tracker.permission(REPO, ANA)).toBe('none')
  })

  test.each([403, 500])('%i is an error, never an answer', async (status) => {
    ask().reply(status, { message: 'no' })
    const fault = await faultOf(createTestGitHub().tracker.permission(REPO, ANA))
    expect(fault.status).toBe(status)
  })

  test('is asked again after a minute, and at once after an error', async () => {
    const { tracker, clock } = createTestGitHub()
    ask().reply(500, {})
    await faultOf(tracker.permission(REPO, ANA))
    ask().reply(200, { permission: 'write', role_name: 'write', user })
    expect(await tracker.permission(REPO, ANA)).toBe('write')
    clock.elapsed += 59_999
    expect(await tracker.permission(REPO, ANA)).toBe('write')
    clock.elapsed += 1
    ask().reply(200, { permission: 'read', role_name: 'read', user })
    expect(await tracker.permission(REPO, ANA)).toBe('read')
  })

  test('one answer serves all who ask at that moment', async () => {
    ask().once().reply(200, { permission: 'write', role_name: 'write', user })
    const { tracker, counters } = createTestGitHub()
    await Promise.all(Array.from({ length: 10 }, () => tracker.permission(REPO, ANA)))
    expect(counters.requests).toBe(1)
  })

  test('an App is asked for by its whole name', async () => {
    const evil: Actor = { id: 8, login: 'evil[bot]', kind: 'bot' }
    ask('evil[bot]').reply(404, {})
    expect(await createTestGitHub().tracker.permission(REPO, evil)).toBe('none')
  })
})

describe('one issue', () => {
  const ask = () => api().get('/repos/octo/yard/issues/7')
  const read = () => createTestGitHub().tracker.issue(REPO, 7)

  test('is narrowed to what the product looks at', async () => {
    ask().reply(200, issue(7, { body: null, labels: ['plain', { name: 'bug' }, {}] }))
    expect(await read()).toMatchObject({
      issue: {
        id: 5_007,
        number: 7,
        title: 'Issue 7',
        body: '',
        open: true,
        labels: ['plain', 'bug'],
      },
    })
  })

  test.each([
    [404, 'not there, perhaps not yet', null],
    [410, 'deleted', 'gone'],
  ])('%i means that it is %s', async (status, _, answer) => {
    ask().reply(status, { message: 'Not Found' })
    expect(await read()).toBe(answer)
  })

  test('a pull request is no issue', async () => {
    ask().reply(200, issue(7, { pull_request: {} }))
    expect(await read()).toBeNull()
  })

  test('one that was transferred away is gone: its redirect is not followed', async () => {
    ask().reply(301, {}, { location: `${API}/repositories/901/issues/3` })
    expect(await read()).toBe('gone')
  })

  test('the redirect of a renamed repository is followed', async () => {
    ask().reply(301, {}, { location: `${API}/repositories/900/issues/7` })
    api().get('/repositories/900/issues/7').reply(200, issue(7))
    expect(await read()).toMatchObject({ issue: { number: 7 } })
  })
})

describe('changed issues', () => {
  const since = instant(START)
  const query = {
    state: 'all',
    sort: 'updated',
    direction: 'asc',
    per_page: '100',
    since: '2026-03-01T12:00:00.000Z',
  }
  const page = (n: number) =>
    api()
      .get('/repos/octo/yard/issues')
      .query({ ...query, page: String(n) })

  test('come from all pages, without pull requests', async () => {
    page(1).reply(200, [issue(1), issue(2, { pull_request: {} })], {
      link: `<${API}/nowhere?page=2>; rel="next", <${API}/nowhere?page=2>; rel="last"`,
    })
    page(2).reply(200, [issue(3, { state: 'closed' })])
    const found = await createTestGitHub().tracker.changedIssues(REPO, since)
    expect(found?.map(({ issue: { number, open } }) => [number, open])).toEqual([
      [1, true],
      [3, false],
    ])
    expect(found?.[0]?.updatedAt).toBe(Date.parse('2026-03-01T11:00:00Z'))
  })

  test('cost nothing when nothing changed', async () => {
    const { tracker, counters } = createTestGitHub()
    page(1).reply(200, [issue(1)], { etag: '"one"' })
    expect(await tracker.changedIssues(REPO, since)).toHaveLength(1)
    for (let n = 0; n < 2; n += 1) {
      page(1).matchHeader('if-none-match', '"one"').reply(304)
      expect(await tracker.changedIssues(REPO, since)).toBeNull()
    }
    page(1)
      .matchHeader('if-none-match', '"one"')
      .reply(200, [issue(2)], { etag: '"two"' })
    expect(await tracker.changedIssues(REPO, since)).toHaveLength(1)
    page(1).matchHeader('if-none-match', '"two"').reply(304)
    expect(await tracker.changedIssues(REPO, since)).toBeNull()
    expect(counters.notModified).toBe(3)
  })

  test('an answer that nobody worked through is given again, whole', async () => {
    const { tracker } = createTestGitHub()
    page(1).reply(200, [issue(1)], { etag: '"one"' })
    await tracker.changedIssues(REPO, since)
    page(1).reply(304)
    expect(await tracker.changedIssues(REPO, since, 'unread')).toHaveLength(1)
  })

  test('another question is not answered with "nothing changed"', async () => {
    const { tracker } = createTestGitHub()
    page(1).reply(200, [], { etag: '"one"' })
    await tracker.changedIssues(REPO, since)
    const unconditional = (value: unknown) => value === undefined
    nock(API, { badheaders: ['if-none-match'] })
      .get('/repos/octo/yard/issues')
      .query((asked) => unconditional(asked['since']))
      .reply(200, [issue(1)])
    expect(await tracker.changedIssues(REPO, null)).toHaveLength(1)
  })

  test('behind a first page that did not change the second is read all the same: changes come last', async () => {
    const { tracker } = createTestGitHub()
    const link = `<${API}/nowhere>; rel="next"`
    page(1).reply(200, [issue(1)], { etag: '"one"', link })
    page(2).reply(200, [issue(2)])
    expect(await tracker.changedIssues(REPO, since)).toHaveLength(2)
    page(1).matchHeader('if-none-match', '"one"').reply(304)
    page(2).reply(200, [issue(2), issue(3)])
    expect(await tracker.changedIssues(REPO, since)).toHaveLength(3)
  })

  test('a full page is asked for whole: the next change begins a page of its own', async () => {
    const { tracker } = createTestGitHub()
    const full = Array.from({ length: 100 }, (_, n) => issue(n + 1))
    page(1).reply(200, full, { etag: '"one"' })
    expect(await tracker.changedIssues(REPO, since)).toHaveLength(100)
    const link = `<${API}/nowhere>; rel="next"`
    nock(API, { badheaders: ['if-none-match'] })
      .get('/repos/octo/yard/issues')
      .query({ ...query, page: '1' })
      .reply(200, full, { etag: '"one"', link })
    page(2).reply(200, [issue(101)])
    expect(await tracker.changedIssues(REPO, since)).toHaveLength(101)
  })

  test('a failing second page fails the whole: half a list is none', async () => {
    page(1).reply(200, [issue(1)], { link: `<${API}/x>; rel="next"` })
    page(2).reply(409, { message: 'Git Repository is empty.' })
    const fault = await faultOf(createTestGitHub().tracker.changedIssues(REPO, since))
    expect(fault.kind).toBe('conflict')
  })
})

test('labelled issues are the open ones with that label, from all pages', async () => {
  const page = (n: number) =>
    api()
      .get('/repos/octo/yard/issues')
      .query({
        labels: 'yardmaster:claude',
        state: 'open',
        sort: 'created',
        direction: 'asc',
        per_page: '100',
        page: String(n),
      })
  page(1).reply(200, [issue(1), issue(2, { pull_request: {} })], { link: '<x>; rel="next"' })
  page(2).reply(200, [issue(3)])
  const found = await createTestGitHub().tracker.labelledIssues(REPO, 'yardmaster:claude')
  expect(found.map(({ number }) => number)).toEqual([1, 3])
})

test('label events tell who set which label and when', async () => {
  const page = (n: number) =>
    api()
      .get('/repos/octo/yard/issues/7/events')
      .query({ per_page: '100', page: String(n) })
  const at = '2026-03-01T11:00:00Z'
  page(1).reply(
    200,
    [
      {
        event: 'labeled',
        actor: { id: 5, login: 'ana', type: 'User' },
        label: { name: 'yardmaster' },
        created_at: at,
      },
      { event: 'closed', actor: null, created_at: at },
    ],
    { link: '<x>; rel="next"' },
  )
  page(2).reply(200, [
    { event: 'unlabeled', actor: null, label: { name: 'yardmaster' }, created_at: at },
    {
      event: 'labeled',
      actor: { id: 6, login: 'x[bot]', type: 'Bot' },
      label: { name: null },
      created_at: at,
    },
  ])
  const events = await createTestGitHub().tracker.labelEvents(REPO, 7)
  expect(events).toEqual([
    { kind: 'labeled', label: 'yardmaster', actor: ANA, at: Date.parse(at) },
    { kind: 'unlabeled', label: 'yardmaster', actor: null, at: Date.parse(at) },
  ])
})

describe('installations', () => {
  test('are listed to the last page, with who is suspended', async () => {
    const page = (n: number) =>
      api()
        .get('/app/installations')
        .query({ per_page: '100', page: String(n) })
    page(1).reply(200, [{ id: 77, suspended_at: null }], { link: '<x>; rel="next"' })
    page(2).reply(200, [{ id: 78, suspended_at: '2026-03-01T11:00:00Z' }])
    expect(await createTestGitHub().installations.list()).toEqual([
      { id: 77, suspended: false },
      { id: 78, suspended: true },
    ])
  })

  test('their repositories are those in which something can be written', async () => {
    const repository = (id: number, more: object = {}) => ({
      id,
      name: `r${id}`,
      owner: { login: 'octo' },
      default_branch: 'trunk',
      archived: false,
      disabled: false,
      ...more,
    })
    const page = (n: number) =>
      api()
        .get('/installation/repositories')
        .query({ per_page: '100', page: String(n) })
    const total_count = 4
    page(1).reply(
      200,
      { total_count, repositories: [repository(1), repository(2, { archived: true })] },
      { link: '<x>; rel="next"' },
    )
    page(2).reply(200, {
      total_count,
      repositories: [repository(3, { disabled: true }), repository(4)],
    })
    const found = await createTestGitHub().installations.repositories(REPO.installation)
    expect(found).toEqual(
      [1, 4].map((id) => ({
        id,
        owner: 'octo',
        name: `r${id}`,
        installation: 77,
        defaultBranch: 'trunk',
      })),
    )
  })

  test('the allow-list decides which repositories are served', () => {
    const served = (allowed: readonly number[] | null) =>
      createTestGitHub({ allowed }).installations.serves(REPO.id)
    expect([served(null), served([900]), served([901]), served([])]).toEqual([
      true,
      true,
      false,
      false,
    ])
  })
})
