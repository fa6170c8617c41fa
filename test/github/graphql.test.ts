/** Each GraphQL query on the wire: a good answer, an error, a rate limit, and what else the world does to it. */
import nock from 'nock'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { UNREADABLE_CONFIG } from '../../src/domain/repository.ts'
import type { GitHub } from '../../src/github/create-github.ts'
import {
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

interface Asked {
  readonly query: string
  readonly variables: Readonly<Record<string, string | number>>
}

function answer(body: object | string, status = 200, headers: Record<string, string> = {}) {
  const asked: Asked[] = []
  nock(API)
    .post('/graphql', (sent: Asked) => asked.push(sent) > 0)
    .reply(status, body, headers)
  return asked
}

const HEAD = 'a'.repeat(40)
/** As much of a pull request as tells whether to look closer. */
const SIGNS = {
  headRefOid: HEAD,
  mergeable: 'MERGEABLE',
  mergeStateStatus: 'BEHIND',
  statusCheckRollup: { state: 'ERROR' },
}
const QUERIES: readonly (readonly [string, object, (github: GitHub) => Promise<unknown>])[] = [
  [
    'readHead',
    { defaultBranchRef: { name: 'main', target: { oid: HEAD } }, object: { text: 'verify: []' } },
    ({ tracker }) => tracker.readHead(REPO),
  ],
  ['lastEdited', { issue: null }, ({ tracker }) => tracker.lastEdited(REPO, 7)],
  ['pullNow', { pullRequest: null }, ({ codeHost }) => codeHost.pullNow(REPO, 8)],
  [
    'observe',
    { i0: null, p0: null },
    ({ tracker }) => tracker.observe(REPO, { issues: [7], pulls: [8] }),
  ],
]

describe.each(QUERIES)('%s', (_, fields, ask) => {
  test('an error is a fault', async () => {
    const error = { type: 'NOT_FOUND', path: ['repository'], message: 'Could not resolve' }
    answer({ data: { repository: null }, errors: [error] })
    const fault = await faultOf(ask(createTestGitHub()))
    expect([fault.kind, fault.applied]).toEqual(['not-found', 'no'])
    expect(fault.operation).toMatch(/^GraphQL \(/)
  })

  test('a rate limit within a 200 stops further requests until the reset', async () => {
    const github = createTestGitHub()
    answer({ errors: [{ type: 'RATE_LIMITED', message: 'API rate limit exceeded' }] }, 200, {
      'x-ratelimit-remaining': '0',
      'x-ratelimit-limit': '5000',
      'x-ratelimit-reset': String(START / 1_000 + 60),
    })
    const first = await faultOf(ask(github))
    expect([first.kind, first.retryAt]).toEqual(['rate-limited', START + 61_000])
    const second = await faultOf(ask(github))
    expect([second.kind, second.retryAt]).toEqual(['rate-limited', START + 61_000])
    expect([github.counters.requests, github.counters.rateLimited]).toEqual([1, 1])
  })

  test('a secondary limit stops further requests as well', async () => {
    const github = createTestGitHub()
    answer({ message: 'You have exceeded a secondary rate limit' }, 403, { 'retry-after': '30' })
    expect((await faultOf(ask(github))).retryAt).toBe(START + 30_000)
    expect((await faultOf(ask(github))).retryAt).toBe(START + 30_000)
    expect(github.counters.requests).toBe(1)
  })

  test('an answer of another shape is a fault, not a crash', async () => {
    answer({ data: { repository: { databaseId: 'no number' } } })
    expect((await faultOf(ask(createTestGitHub()))).kind).toBe('transient')
    answer('<html>a proxy speaks</html>', 200, { 'content-type': 'text/html' })
    expect((await faultOf(ask(createTestGitHub()))).kind).toBe('transient')
    answer({})
    expect((await faultOf(ask(createTestGitHub()))).kind).toBe('transient')
  })

  test('another repository that took the name is not believed', async () => {
    answer({ data: { repository: { databaseId: 666, ...fields } } })
    expect((await faultOf(ask(createTestGitHub()))).kind).toBe('gone')
  })
})

describe('readHead', () => {
  const read = () => createTestGitHub().tracker.readHead(REPO)
  const repository = (fields: object) =>
    answer({
      data: {
        repository: {
          databaseId: 900,
          defaultBranchRef: { name: 'trunk', target: { oid: HEAD } },
          object: null,
          ...fields,
        },
      },
    })

  test('gives branch, head and settings in one request', async () => {
    const asked = repository({ object: { text: 'verify: [npm test]', isTruncated: false } })
    expect(await read()).toEqual({
      head: HEAD,
      defaultBranch: 'trunk',
      config: 'verify: [npm test]',
    })
    expect(asked).toHaveLength(1)
    expect(asked[0]?.variables).toEqual({ owner: 'octo', name: 'yard' })
    expect(asked[0]?.query).toContain('HEAD:.github/yardmaster.yml')
  })

  test('a repository without the file has no settings', async () => {
    repository({ object: null })
    expect((await read()).config).toBeNull()
  })

  test('an empty repository has no head', async () => {
    repository({ defaultBranchRef: null })
    expect(await read()).toEqual({ head: null, defaultBranch: 'main', config: null })
  })

  test.each([
    ['is cut', { text: 'verify: [', isTruncated: true }],
    ['is binary', { text: null, isBinary: true }],
    ['is a folder', {}],
  ])('a file that %s is told as unreadable, and hides nothing else', async (_, object) => {
    repository({ object })
    expect(await read()).toEqual({
      head: HEAD,
      defaultBranch: 'trunk',
      config: UNREADABLE_CONFIG,
    })
  })
})

describe('lastEdited', () => {
  const read = (issue: object | null) => {
    answer({ data: { repository: { databaseId: 900, issue } } })
    return createTestGitHub().tracker.lastEdited(REPO, 7)
  }
  const renamed = (createdAt: string | null) => ({
    timelineItems: { nodes: createdAt === null ? [] : [{ createdAt }] },
  })

  test('is never, or the later of body and title', async () => {
    const [early, late] = ['2026-03-01T11:00:00Z', '2026-03-01T11:30:00Z']
    expect(await read({ lastEditedAt: null, ...renamed(null) })).toBeNull()
    expect(await read({ lastEditedAt: early, ...renamed(null) })).toBe(Date.parse(early))
    expect(await read({ lastEditedAt: early, ...renamed(late) })).toBe(Date.parse(late))
    expect(await read({ lastEditedAt: null, ...renamed(late) })).toBe(Date.parse(late))
    expect(await read(null)).toBeNull()
  })
})

const review = (over: object) => ({
  databaseId: 31,
  body: '',
  state: 'COMMENTED',
  commit: { oid: HEAD },
  submittedAt: '2026-03-01T12:00:00Z',
  lastEditedAt: null,
  author: { __typename: 'User', login: 'ana', databaseId: 5 },
  ...over,
})

describe('observe', () => {
  const issueNode = (number: number) => ({
    databaseId: 5_000 + number,
    number,
    title: `Issue ${number}`,
    body: '',
    state: 'CLOSED',
    labels: { nodes: [{ name: 'yardmaster' }, null] },
  })

  test('tells what is there and what is not', async () => {
    const asked = answer({
      data: {
        repository: {
          databaseId: 900,
          i0: issueNode(7),
          i1: null,
          p0: {
            number: 8,
            state: 'MERGED',
            mergedBy: { __typename: 'User', login: 'ana', databaseId: 5 },
            ...SIGNS,
            reviews: { nodes: [] },
          },
          p1: {
            number: 9,
            state: 'OPEN',
            mergedBy: null,
            ...SIGNS,
            reviews: { nodes: [review({ body: '/hold' }), review({ author: null }), null] },
          },
        },
      },
      errors: [{ type: 'NOT_FOUND', path: ['repository', 'i1'], message: 'Could not resolve' }],
    })
    const seen = await createTestGitHub().tracker.observe(REPO, { issues: [7, 70], pulls: [8, 9] })
    expect(seen.issues.get(7)).toEqual({
      id: 5_007,
      number: 7,
      title: 'Issue 7',
      body: '',
      open: false,
      labels: ['yardmaster'],
    })
    expect(seen.issues.get(70)).toBeNull()
    const mergedBy = { id: 5, login: 'ana', kind: 'person' }
    expect(seen.pulls.get(8)).toEqual({
      number: 8,
      open: false,
      merged: true,
      mergedBy,
      head: HEAD,
      merges: 'behind',
      checks: 'red',
      reviews: [],
    })
    const at = Date.parse('2026-03-01T12:00:00Z')
    expect(seen.pulls.get(9)?.reviews).toEqual([
      { id: 31, author: mergedBy, says: 'commented', head: HEAD, text: '/hold', at, edited: false },
      { id: 31, author: null, says: 'commented', head: HEAD, text: '', at, edited: false },
    ])
    expect(asked[0]?.variables).toEqual({
      owner: 'octo',
      name: 'yard',
      i0: 7,
      i1: 70,
      p0: 8,
      p1: 9,
    })
  })

  test('two hundred open tasks are two requests', async () => {
    const numbers = Array.from({ length: 150 }, (_, index) => index + 1)
    const part = (from: number, to: number) => {
      const nodes = numbers.slice(from, to).map((number, index) => [`i${index}`, issueNode(number)])
      return { data: { repository: { databaseId: 900, ...Object.fromEntries(nodes) } } }
    }
    answer(part(0, 100))
    const second = part(100, 150)
    const pulls = Object.fromEntries(
      Array.from({ length: 50 }, (_, n) => [
        `p${n}`,
        { number: n, state: 'CLOSED', mergedBy: null, ...SIGNS, reviews: { nodes: [] } },
      ]),
    )
    answer({ data: { repository: { ...second.data.repository, ...pulls } } })
    const github = createTestGitHub()
    const seen = await github.tracker.observe(REPO, {
      issues: numbers,
      pulls: numbers.slice(0, 50),
    })
    expect([...seen.issues.keys()]).toEqual(numbers)
    expect(seen.issues.get(150)?.number).toBe(150)
    expect(seen.pulls.size).toBe(50)
    expect(github.counters.requests).toBe(2)
  })

  test('nothing to look at is no request', async () => {
    const github = createTestGitHub()
    await github.tracker.observe(REPO, { issues: [], pulls: [] })
    expect(github.counters.requests).toBe(0)
  })
})
