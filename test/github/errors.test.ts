import { describe, expect, test } from 'vitest'
import { instant } from '../../src/domain/ids.ts'
import { classify, limitOf } from '../../src/github/errors.ts'
import type { Failure } from '../../src/github/failure.ts'
import { graphqlFailure } from '../../src/github/graphql-errors.ts'

const POST = { operation: 'POST /repos/{owner}/{repo}/pulls', effect: 'create' } as const
const GET = { operation: 'GET /repos/{owner}/{repo}/issues', effect: 'read' } as const

const failure = (fields: Partial<Failure>): Failure => ({
  status: null,
  headers: {},
  message: 'words',
  code: null,
  redirected: false,
  ...fields,
})

describe('each answer has one kind, and says whether the write may have happened', () => {
  test.each<readonly [Partial<Failure>, string, 'no' | 'unknown']>([
    [{ status: 400 }, 'invalid', 'no'],
    [{ status: 401 }, 'unauthorised', 'no'],
    [{ status: 403 }, 'forbidden', 'no'],
    [{ status: 403, headers: { 'retry-after': '7' } }, 'rate-limited', 'no'],
    [{ status: 403, headers: { 'x-ratelimit-remaining': '0' } }, 'rate-limited', 'no'],
    [{ status: 403, message: 'You have exceeded a secondary rate limit' }, 'rate-limited', 'no'],
    [{ status: 403, message: 'API rate limit exceeded for installation' }, 'rate-limited', 'no'],
    [{ status: 404 }, 'not-found', 'no'],
    [{ status: 405 }, 'invalid', 'no'],
    [{ status: 408 }, 'transient', 'unknown'],
    [{ status: 409 }, 'conflict', 'no'],
    [{ status: 410 }, 'gone', 'no'],
    [{ status: 422 }, 'invalid', 'no'],
    [{ status: 429 }, 'rate-limited', 'no'],
    [{ status: 451 }, 'gone', 'no'],
    [{ status: 500 }, 'transient', 'unknown'],
    [{ status: 502 }, 'transient', 'unknown'],
    [{ status: 503 }, 'transient', 'unknown'],
    [{ status: 504 }, 'transient', 'unknown'],
    [{ code: 'ECONNRESET' }, 'transient', 'unknown'],
    [{ code: 'UND_ERR_SOCKET' }, 'transient', 'unknown'],
    [{ code: 'TimeoutError' }, 'transient', 'unknown'],
    [{ code: 'ECONNREFUSED' }, 'transient', 'no'],
    [{ code: 'ENOTFOUND' }, 'transient', 'no'],
    [{ redirected: true }, 'gone', 'no'],
  ])('%o is %s, applied: %s', (fields, kind, applied) => {
    const write = classify(failure(fields), POST, null)
    expect([write.kind, write.applied, write.status]).toEqual([
      kind,
      applied,
      fields.status ?? null,
    ])
    expect(write.operation).toBe(POST.operation)
    expect(write.message).toContain(POST.operation)
    expect(write.message).toContain(fields.message ?? 'words')
    expect(classify(failure(fields), GET, null).applied).toBe('no')
  })
})

test('the kind of limit decides how long to wait', () => {
  const limited = (fields: Partial<Failure>) => limitOf(failure(fields))
  expect(limited({ status: 403, headers: { 'x-ratelimit-remaining': '0' } })).toBe('primary')
  expect(limited({ status: 429, headers: { 'x-ratelimit-remaining': '0' } })).toBe('primary')
  expect(limited({ status: 429 })).toBe('secondary')
  expect(limited({ status: 403, headers: { 'retry-after': '60' } })).toBe('secondary')
  const both = { 'retry-after': '60', 'x-ratelimit-remaining': '0' }
  expect(limited({ status: 403, headers: both })).toBe('secondary')
  expect(limited({ status: 403 })).toBeNull()
  expect(limited({ status: 401, headers: { 'x-ratelimit-remaining': '0' } })).toBeNull()
})

test('the moment to try again travels with the fault', () => {
  const at = instant(1_772_000_000_000)
  expect(classify(failure({ status: 429 }), POST, at).retryAt).toBe(at)
})

describe('what a person can mend is said', () => {
  const refused = (message: string, headers: Failure['headers'] = {}) =>
    classify(failure({ status: 403, message, headers }), POST, null).message

  test('a missing permission is named', () => {
    const header = {
      'x-accepted-github-permissions': 'issues=write,metadata=read; pull_requests=write',
    }
    const text = refused('Resource not accessible by integration', header)
    expect(text).toContain('issues: write and metadata: read, or pull_requests: write')
    expect(text).toContain('accept the change in the installation')
  })

  test.each([
    ['Unable to create comment because issue is locked', 'unlock it'],
    ['This installation has been suspended', 'unsuspend it'],
    ['Repository was archived so is read-only.', 'unarchive it'],
    ['no words that we know', 'app.yml'],
  ])('%s: %s', (message, advice) => {
    expect(refused(message)).toContain(advice)
  })

  test('refused credentials point to key, id and clock', () => {
    const text = classify(failure({ status: 401, message: 'Bad credentials' }), POST, null).message
    expect(text).toContain("GitHub does not accept the App's credentials")
    expect(text).toContain('clock')
  })
})

describe('GraphQL answers 200 for everything', () => {
  const kind = (errors: readonly object[], data: unknown = null) => {
    const found = graphqlFailure({ data, errors }, {})
    return found === null ? null : classify(found, GET, null).kind
  }

  test.each<readonly [object, string]>([
    [
      { type: 'NOT_FOUND', message: 'Could not resolve to a Repository', path: ['repository'] },
      'not-found',
    ],
    [{ type: 'FORBIDDEN', message: 'Resource not accessible by integration' }, 'forbidden'],
    [{ type: 'RATE_LIMITED', message: 'API rate limit exceeded' }, 'rate-limited'],
    [{ type: 'SERVICE_UNAVAILABLE', message: 'later' }, 'transient'],
    [{ message: 'Something went wrong while executing your query' }, 'transient'],
    [{ message: "Field 'nonsense' doesn't exist on type 'Repository'" }, 'invalid'],
    [{ type: 'MAX_NODE_LIMIT_EXCEEDED', message: 'too many' }, 'invalid'],
    [{}, 'transient'],
  ])('%o is %s', (error, expected) => {
    expect(kind([error])).toBe(expected)
  })

  test('an issue that is not there is no error, but anything else beside it is', () => {
    const missing = { type: 'NOT_FOUND', message: 'Could not resolve', path: ['repository', 'i0'] }
    expect(kind([missing], { repository: { i0: null } })).toBeNull()
    expect(kind([missing, { type: 'FORBIDDEN', message: 'no', path: ['repository', 'i1'] }])).toBe(
      'forbidden',
    )
  })

  test('an answer without errors is none', () => {
    expect(graphqlFailure({ data: { repository: null } }, {})).toBeNull()
    expect(graphqlFailure('<html>', {})).toBeNull()
  })
})
