/** Reads that repeat: asked with the tag of the last answer, and together where they wait together. */
import nock from 'nock'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createJoinReads } from '../../src/github/join-reads.ts'
import { createReplies } from '../../src/github/replies.ts'
import { ANA, API, REPO, createTestGitHub, endWire, minting, startWire } from './support.ts'

beforeEach(() => {
  startWire()
  minting()
})
afterEach(endWire)

const user = { id: 5, login: 'ana', type: 'User' }
const comment = (id: number) => ({
  id,
  user,
  body: `comment ${id}`,
  created_at: '2026-03-01T11:00:00Z',
  updated_at: '2026-03-01T11:00:00Z',
})
const page = (n: number) =>
  nock(API)
    .get('/repos/octo/yard/issues/7/comments')
    .query({ per_page: '100', page: String(n) })
const NEXT = { link: `<${API}/nowhere>; rel="next"` }

describe('a list that did not change', () => {
  test('is taken from the last answer, page by page, and costs nothing', async () => {
    const { tracker, counters } = createTestGitHub()
    page(1).reply(200, [comment(1)], { etag: '"one"', ...NEXT })
    page(2).reply(200, [comment(2)], { etag: '"two"' })
    const first = await tracker.comments(REPO, 7)
    page(1).matchHeader('if-none-match', '"one"').reply(304)
    page(2)
      .matchHeader('if-none-match', '"two"')
      .reply(200, [comment(2), comment(3)], { etag: '"three"' })
    const second = await tracker.comments(REPO, 7)
    expect(first.map(({ id }) => id)).toEqual([1, 2])
    expect(second.map(({ id }) => id)).toEqual([1, 2, 3])
    expect(counters.notModified).toBe(1)
  })

  test('is asked for whole where its last page is full: the next entry begins a page of its own', async () => {
    const { tracker } = createTestGitHub()
    const full = Array.from({ length: 100 }, (_, n) => comment(n + 1))
    page(1).reply(200, full, { etag: '"one"' })
    expect(await tracker.comments(REPO, 7)).toHaveLength(100)
    nock(API, { badheaders: ['if-none-match'] })
      .get('/repos/octo/yard/issues/7/comments')
      .query({ per_page: '100', page: '1' })
      .reply(200, full, { etag: '"one"', ...NEXT })
    page(2).reply(200, [comment(101)])
    expect(await tracker.comments(REPO, 7)).toHaveLength(101)
  })

  test('is not what somebody’s permission is: that is asked anew', async () => {
    const { tracker, clock } = createTestGitHub()
    const ask = () =>
      nock(API, { badheaders: ['if-none-match'] })
        .get('/repos/octo/yard/collaborators/ana/permission')
        .reply(200, { role_name: 'write', permission: 'write', user }, { etag: '"one"' })
    ask()
    await tracker.permission(REPO, ANA)
    clock.elapsed += 60_000
    ask()
    expect(await tracker.permission(REPO, ANA)).toBe('write')
  })
})

describe('what is remembered', () => {
  const reply = (text: string) => ({ status: 200, headers: { etag: `"${text}"` }, data: [text] })

  test('is bounded: the longest unused goes first', () => {
    const replies = createReplies(25)
    replies.keep('a', reply('aaaaaa'))
    replies.keep('b', reply('bbbbbb'))
    expect(replies.recall('a')?.etag).toBe('"aaaaaa"')
    replies.keep('c', reply('cccccc'))
    expect([replies.recall('b'), replies.recall('a')?.etag]).toEqual([null, '"aaaaaa"'])
    replies.keep('d', reply('d'.repeat(40)))
    expect(replies.recall('d')).toBeNull()
  })

  test('is forgotten when the next answer has no tag', () => {
    const replies = createReplies()
    replies.keep('a', reply('old'))
    replies.keep('a', { status: 200, headers: {}, data: ['new'] })
    expect(replies.recall('a')).toBeNull()
  })
})

describe('identical reads', () => {
  test('of the default branch that are under way are one', async () => {
    const target = { oid: 'a'.repeat(40) }
    const data = {
      repository: { databaseId: 900, defaultBranchRef: { name: 'main', target }, object: null },
    }
    nock(API).post('/graphql').reply(200, { data })
    const { tracker, counters } = createTestGitHub()
    const heads = await Promise.all(Array.from({ length: 5 }, () => tracker.readHead(REPO)))
    expect(new Set(heads).size).toBe(1)
    expect(counters.reads).toBe(1)
  })

  test('of a person’s permission that are under way are one', async () => {
    nock(API)
      .get('/repos/octo/yard/collaborators/ana/permission')
      .reply(200, { role_name: 'admin', permission: 'admin', user })
    const { tracker } = createTestGitHub()
    const roles = await Promise.all([tracker.permission(REPO, ANA), tracker.permission(REPO, ANA)])
    expect(roles).toEqual(['admin', 'admin'])
  })

  test('that wait for a token are one, with all that hangs on their failure', async () => {
    page(1).reply(502, {})
    const { tracker, counters } = createTestGitHub()
    const ends = await Promise.allSettled([tracker.comments(REPO, 7), tracker.comments(REPO, 7)])
    expect(ends.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
    expect(counters.reads).toBe(1)
  })

  test('are two when the first was sent already: who asks later may ask about what happened since', async () => {
    const join = createJoinReads()
    const asked: string[] = []
    let send = (): void => undefined
    const ask = (name: string) => (sent: () => void) => {
      asked.push(name)
      send = sent
      return Promise.resolve(name)
    }
    const first = join('question', ask('first'))
    const joined = join('question', ask('joined'))
    send()
    const later = join('question', ask('later'))
    const other = join('another question', ask('other'))
    expect(await Promise.all([first, joined, later, other])).toEqual([
      'first',
      'first',
      'later',
      'other',
    ])
    expect(asked).toEqual(['first', 'later', 'other'])
  })
})
