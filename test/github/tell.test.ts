/** What is told on the issue, on the wire: each body exactly, and each written at most once visibly. */
import { EVER } from '../support/ever.ts'
import { LONG_AGO, later, steady } from '../../src/domain/ids.ts'
import nock from 'nock'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { deriveMarkerKey, makeMarker } from '../../src/github/marker.ts'
import {
  API,
  APP_ID,
  PRIVATE_KEY,
  REPO,
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
const marker = (operation: string, issue = 7) =>
  makeMarker(deriveMarkerKey(PRIVATE_KEY), { repo: REPO.id, issue }, operation)

describe('comments', () => {
  const ours = { id: APP_ID }
  const comment = (id: number, body: string, app: object | null = ours) => ({
    id,
    body,
    user: { id: 9, login: 'yardmaster[bot]', type: 'Bot' },
    created_at: '2026-03-01T11:00:00Z',
    updated_at: '2026-03-01T11:00:00Z',
    performed_via_github_app: app,
  })
  const list = (page = 1) =>
    api()
      .get('/repos/octo/yard/issues/7/comments')
      .query({ per_page: '100', page: String(page) })
  const create = (body: string) => api().post('/repos/octo/yard/issues/7/comments', { body })
  const wanted = (tried: boolean) =>
    ({
      body: 'Queued.',
      marker: 'status',
      formerTry: tried ? LONG_AGO : null,
      notAfter: EVER,
      lane: 'projection',
    }) as const

  test('are created with a hidden marker', async () => {
    create(`Queued.\n\n${marker('status')}`).reply(201, { id: 31 })
    const { tracker, counters } = createTestGitHub()
    expect(await tracker.createComment(REPO, 7, wanted(false))).toBe(31)
    expect(counters).toMatchObject({ requests: 1, creations: 1, points: 5 })
  })

  test('are found instead, on whatever page, when an earlier try may have been applied', async () => {
    list(1).reply(200, [comment(1, 'hello')], { link: '<x>; rel="next"' })
    list(2).reply(200, [comment(31, `Queued.\n\n${marker('status')}`)])
    expect(await createTestGitHub().tracker.createComment(REPO, 7, wanted(true))).toBe(31)
  })

  test.each([
    ['written by somebody else', comment(31, marker('status'), null)],
    ['written by another App', comment(31, marker('status'), { id: 1 })],
    ['of another issue', comment(31, marker('status', 8))],
    ['of another operation', comment(31, marker('question'))],
    ['with a made-up code', comment(31, marker('status').replace(/[0-9a-f]{64}/, '0'.repeat(64)))],
  ])('a marker %s is not believed', async (_, found) => {
    list().reply(200, [found])
    create(`Queued.\n\n${marker('status')}`).reply(201, { id: 32 })
    expect(await createTestGitHub().tracker.createComment(REPO, 7, wanted(true))).toBe(32)
  })

  test('of two, the older stays and the other says so', async () => {
    const queued = `Queued.\n\n${marker('status')}`
    list().reply(200, [comment(33, queued), comment(31, queued)])
    const superseded = (body: { body: string }) => /superseded/i.test(body.body)
    api().patch('/repos/octo/yard/issues/comments/33', superseded).reply(200, { id: 33 })
    expect(await createTestGitHub().tracker.createComment(REPO, 7, wanted(true))).toBe(31)
  })

  test('that say something older are brought up to date when they are found', async () => {
    list().reply(200, [comment(31, `Older.\n\n${marker('status')}`)])
    const now = { body: `Queued.\n\n${marker('status')}` }
    api().patch('/repos/octo/yard/issues/comments/31', now).reply(200, { id: 31 })
    expect(await createTestGitHub().tracker.createComment(REPO, 7, wanted(true))).toBe(31)
  })

  test('are not made again while GitHub may still show what a try that died came to', async () => {
    list().reply(200, [])
    const { tracker, clock } = createTestGitHub()
    const died = steady(clock.monotonic() - 20_000)
    const again = tracker.createComment(REPO, 7, {
      ...wanted(false),
      formerTry: died,
      notAfter: EVER,
    })
    const retryAt = later(clock.now(), 40_000)
    await expect(again).rejects.toMatchObject({ applied: 'no', retryAt })
  })

  test.each([
    ['put right by a day', 24 * 3_600_000],
    ['set back by a day', -24 * 3_600_000],
  ])('nor sooner or later because the clock is %s meanwhile', async (_, jump) => {
    const { tracker, clock } = createTestGitHub()
    const died = steady(clock.monotonic() - 20_000)
    const right = clock.now
    list().reply(200, () => {
      clock.now = () => later(right(), jump)
      return []
    })
    const again = tracker.createComment(REPO, 7, { ...wanted(false), formerTry: died })
    const retryAt = later(right(), jump + 40_000)
    await expect(again).rejects.toMatchObject({ applied: 'no', retryAt })
  })

  test('do not go out once another process may have taken them over', async () => {
    const { tracker, clock } = createTestGitHub()
    const slept = { wall: later(clock.now(), -1), monotonic: Infinity }
    const late = tracker.createComment(REPO, 7, { ...wanted(false), notAfter: slept })
    await expect(late).rejects.toMatchObject({ kind: 'transient', applied: 'no' })
    const stood = { wall: later(clock.now(), 1_000), monotonic: clock.monotonic() - 1 }
    const stopped = tracker.createComment(REPO, 7, { ...wanted(false), notAfter: stood })
    await expect(stopped).rejects.toMatchObject({ kind: 'transient', applied: 'no' })
  })

  test('keep their marker when they are edited', async () => {
    const { tracker } = createTestGitHub()
    create(`Queued.\n\n${marker('status')}`).reply(201, { id: 31 })
    await tracker.createComment(REPO, 7, wanted(false))
    const edited = { body: `Working.\n\n${marker('status')}` }
    api().patch('/repos/octo/yard/issues/comments/31', edited).reply(200, { id: 31 })
    expect(
      await tracker.updateComment(REPO, 12, { id: 31, body: 'Working.', notAfter: EVER }),
    ).toBe(true)
  })

  test('keep it across a restart too, for one read', async () => {
    const { tracker, counters } = createTestGitHub()
    const path = '/repos/octo/yard/issues/comments/31'
    api()
      .get(path)
      .reply(200, comment(31, `Queued.\n\n${marker('status')}`))
    for (const body of ['Working.', 'Done.']) {
      api()
        .patch(path, { body: `${body}\n\n${marker('status')}` })
        .reply(200, { id: 31 })
      expect(await tracker.updateComment(REPO, 12, { id: 31, body, notAfter: EVER })).toBe(true)
    }
    expect(counters).toMatchObject({ reads: 1, edits: 2 })
  })

  test('that are gone are told, not thrown', async () => {
    const path = '/repos/octo/yard/issues/comments/31'
    api().get(path).reply(404, { message: 'Not Found' })
    expect(
      await createTestGitHub().tracker.updateComment(REPO, 12, {
        id: 31,
        body: 'x',
        notAfter: EVER,
      }),
    ).toBe(false)
    api().get(path).reply(200, comment(31, ''))
    api().patch(path, { body: 'x' }).reply(404, { message: 'Not Found' })
    expect(
      await createTestGitHub().tracker.updateComment(REPO, 12, {
        id: 31,
        body: 'x',
        notAfter: EVER,
      }),
    ).toBe(false)
  })

  test('of people are read with their authors', async () => {
    const ghost = { ...comment(2, 'boo', null), user: null }
    const ana = { ...comment(1, 'hi', null), user: { id: 5, login: 'ana', type: 'User' } }
    list().reply(200, [ana, ghost, { ...comment(3, 'us'), body: undefined }])
    const found = await createTestGitHub().tracker.comments(REPO, 7)
    expect(found.map(({ author, body, ours: mine }) => [author?.kind ?? null, body, mine])).toEqual(
      [
        ['person', 'hi', false],
        [null, 'boo', false],
        ['bot', '', true],
      ],
    )
  })
})

describe('the label of a family', () => {
  const look = (name: string) => ({ name, color: 'abcdef', description: `It is ${name}.` })
  const set = (wanted: string | null, current: string | null | undefined) => ({
    notAfter: EVER,
    prefix: 'yard:',
    wanted: wanted === null ? null : look(wanted),
    current,
  })
  const names = (...all: string[]) =>
    api()
      .get('/repos/octo/yard/labels')
      .query({ per_page: '100', page: '1' })
      .reply(
        200,
        all.map((name) => ({ name })),
      )
  const remove = (name: string) =>
    api().delete(`/repos/octo/yard/issues/7/labels/${encodeURIComponent(name)}`)
  const add = (name: string) => api().post('/repos/octo/yard/issues/7/labels', { labels: [name] })

  test('is changed with two requests', async () => {
    names('yard:queued', 'yard:working')
    remove('yard:queued').reply(200, [])
    add('yard:working').reply(200, [])
    const { tracker, counters } = createTestGitHub()
    await tracker.setFamilyLabel(REPO, 7, set('yard:working', 'yard:queued'))
    expect(counters.edits).toBe(2)
  })

  test('that is right already costs nothing', async () => {
    const { tracker, counters } = createTestGitHub()
    await tracker.setFamilyLabel(REPO, 7, set('yard:queued', 'Yard:Queued'))
    await tracker.setFamilyLabel(REPO, 7, set(null, null))
    expect(counters.requests).toBe(0)
  })

  test('of an earlier life shows in the answer and is taken off, and people’s labels stay', async () => {
    names('yard:queued')
    add('yard:queued').reply(200, [
      { name: 'bug' },
      { name: 'Yard:old' },
      { name: 'yard:queued' },
      { name: 'yardmaster' },
    ])
    remove('Yard:old').reply(200, [])
    const { tracker, counters } = createTestGitHub()
    await tracker.setFamilyLabel(REPO, 7, set('yard:queued', undefined))
    expect(counters.requests).toBe(3)
  })

  test('is read first when none is wanted and nobody knows which one is worn', async () => {
    api()
      .get('/repos/octo/yard/issues/7/labels')
      .query({ per_page: '100' })
      .reply(200, [{ name: 'bug' }, { name: 'yard:queued' }])
    remove('yard:queued').reply(200, [])
    const { tracker, counters } = createTestGitHub()
    await tracker.setFamilyLabel(REPO, 7, {
      prefix: 'yard:',
      wanted: null,
      current: undefined,
      notAfter: EVER,
    })
    expect(counters.requests).toBe(2)
  })

  test('is made once per repository, with colour and words', async () => {
    const { tracker, counters } = createTestGitHub()
    names('bug')
    api().post('/repos/octo/yard/labels', look('yard:queued')).reply(201, {})
    add('yard:queued').twice().reply(200, [])
    await tracker.setFamilyLabel(REPO, 7, set('yard:queued', null))
    await tracker.setFamilyLabel(REPO, 7, set('yard:queued', null))
    expect(counters).toMatchObject({ reads: 1, edits: 3 })
  })

  test('that somebody else makes meanwhile is fine', async () => {
    names()
    const errors = [{ resource: 'Label', code: 'already_exists', field: 'name' }]
    api().post('/repos/octo/yard/labels').reply(422, { message: 'Validation Failed', errors })
    add('yard:queued').reply(200, [])
    const { tracker, counters } = createTestGitHub()
    await tracker.setFamilyLabel(REPO, 7, set('yard:queued', null))
    expect(counters.requests).toBe(3)
  })

  test('is made after all when the labels could not be read at first', async () => {
    const { tracker } = createTestGitHub()
    api().get('/repos/octo/yard/labels').query(true).reply(500, {})
    await faultOf(tracker.setFamilyLabel(REPO, 7, set('yard:queued', null)))
    names('yard:queued')
    add('yard:queued').reply(200, [])
    await expect(tracker.setFamilyLabel(REPO, 7, set('yard:queued', null))).resolves.toBeUndefined()
  })

  test('that somebody took off already is fine', async () => {
    remove('yard:queued').reply(404, { message: 'Label does not exist' })
    const { tracker, counters } = createTestGitHub()
    await tracker.setFamilyLabel(REPO, 7, set(null, 'yard:queued'))
    expect(counters.requests).toBe(1)
  })

  test('on an issue that is gone is a fault', async () => {
    names('yard:queued')
    add('yard:queued').reply(410, { message: 'This issue was deleted' })
    const call = createTestGitHub().tracker.setFamilyLabel(REPO, 7, set('yard:queued', null))
    expect((await faultOf(call)).kind).toBe('gone')
  })
})
