/** What every request has in common, against a real server whose address looks like a GitHub server's. */
import { EVER } from '../support/ever.ts'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { GitHubOptions } from '../../src/github/create-github.ts'
import { json, startLocalServer, type LocalServer } from './local-server.ts'
import { REPO, START, TOKEN, createTestGitHub, faultOf } from './support.ts'

type Handler = (request: IncomingMessage, response: ServerResponse) => void

const MINT = /^\/api\/v3\/app\/installations\/77\/access_tokens$/
let server: LocalServer
let handle: Handler
let mints: string[]
let bodies: string[]

beforeEach(async () => {
  handle = (_, response) => json(response, 500, {})
  mints = []
  bodies = []
  server = await startLocalServer((request, response) => {
    if (!MINT.test(request.url ?? '')) return handle(request, response)
    request.setEncoding('utf8')
    let body = ''
    request.on('data', (chunk: string) => {
      body += chunk
    })
    request.on('end', () => {
      bodies.push(body)
      const token = `${TOKEN}${bodies.length}`
      mints.push(token)
      json(response, 201, { token, expires_at: new Date(START + 3_600_000).toISOString() })
    })
  })
})
afterEach(() => server.close())

const github = (options: Partial<GitHubOptions> = {}) =>
  createTestGitHub({ baseUrl: `${server.origin}/api/v3`, webUrl: server.origin, ...options })
const comment = { body: 'x', marker: 'm', formerTry: null, notAfter: EVER, lane: 'act' } as const
const asked = () => server.seen.filter((line) => !line.includes('/access_tokens'))

describe('a token', () => {
  test('is of one repository and no more than the call needs', async () => {
    handle = (_, response) => json(response, 201, { id: 1 })
    const { tracker, gitRemote } = github()
    await tracker.createComment(REPO, 7, comment)
    await gitRemote.credential(REPO, 'read')
    await gitRemote.credential(REPO, 'write')
    expect(bodies.map((body) => JSON.parse(body) as unknown)).toEqual([
      {
        repository_ids: [900],
        permissions: { metadata: 'read', issues: 'write', checks: 'write' },
      },
      { repository_ids: [900], permissions: { metadata: 'read', contents: 'read' } },
      { repository_ids: [900], permissions: { metadata: 'read', contents: 'write' } },
    ])
    expect(asked()).toEqual([`POST /api/v3/repos/octo/yard/issues/7/comments token ${mints[0]}`])
  })

  test('is asked for with a JWT of the App', async () => {
    await github().gitRemote.credential(REPO, 'read')
    expect(server.seen[0]).toMatch(/ bearer eyJ[\w-]+\.[\w-]+\.[\w-]+$/)
  })

  test('is replaced once when it is refused, and the request repeated', async () => {
    handle = (_, response) => json(response, 201, { id: 9 })
    const { tracker, clock } = github()
    await tracker.createComment(REPO, 7, comment)
    clock.elapsed += 60_000
    handle = (request, response) =>
      request.headers.authorization === `token ${mints[0]}`
        ? json(response, 401, { message: 'Bad credentials' })
        : json(response, 201, { id: 10 })
    expect(await tracker.createComment(REPO, 7, comment)).toBe(10)
    expect([mints.length, asked().length]).toEqual([2, 3])
  })

  test.each<readonly [number, string]>([
    [401, 'Bad credentials'],
    [403, 'Resource not accessible by integration'],
  ])('that is fresh and met by %i (%s) gets a moment to be known', async (status, message) => {
    let refusals = 0
    handle = (_, response) => {
      refusals += 1
      if (refusals === 1) json(response, status, { message })
      else json(response, 201, { id: 9 })
    }
    const { tracker, clock } = github()
    expect(await tracker.createComment(REPO, 7, comment)).toBe(9)
    expect(clock.slept).toEqual([2_000])
    expect([mints.length, asked().length]).toEqual([1, 2])
  })

  test('that is old and lacks a permission gets none', async () => {
    const { tracker, clock } = github()
    handle = (_, response) => json(response, 201, { id: 9 })
    await tracker.createComment(REPO, 7, comment)
    clock.elapsed += 60_000
    const message = 'Resource not accessible by integration'
    handle = (_, response) => json(response, 403, { message })
    expect((await faultOf(tracker.createComment(REPO, 7, comment))).kind).toBe('forbidden')
    expect(asked()).toHaveLength(2)
  })

  test('that stays refused is a fault, and no hot loop', async () => {
    handle = (_, response) => json(response, 401, { message: 'Bad credentials' })
    const { tracker, clock } = github()
    const first = await faultOf(tracker.createComment(REPO, 7, comment))
    expect([first.kind, first.applied]).toEqual(['unauthorised', 'no'])
    expect([mints.length, asked().length]).toEqual([2, 3])
    clock.elapsed += 5_000
    for (let n = 0; n < 5; n += 1) await faultOf(tracker.createComment(REPO, 7, comment))
    expect([mints.length, asked().length]).toEqual([2, 3])
  })

  test('for git that is refused is replaced when it is old, and gets a moment to be known when it is fresh', async () => {
    const { gitRemote, clock } = github()
    const { password } = await gitRemote.credential(REPO, 'write')
    expect(await gitRemote.refused(REPO, 'write', password)).toBe(true)
    expect([clock.slept, mints.length]).toEqual([[2_000], 1])
    clock.elapsed += 60_000
    expect(await gitRemote.refused(REPO, 'write', password)).toBe(true)
    expect((await gitRemote.credential(REPO, 'write')).password).not.toBe(password)
    clock.elapsed += 10_000
    expect(await gitRemote.refused(REPO, 'write', mints.at(-1) ?? '')).toBe(false)
  })

  test('for git comes with an address without credentials', () => {
    expect(github().gitRemote.url(REPO)).toBe(`${server.origin}/octo/yard.git`)
  })
})

describe('a GitHub server', () => {
  test('has GraphQL beside /api/v3', async () => {
    const target = { oid: 'a'.repeat(40) }
    const defaultBranchRef = { name: 'main', target }
    handle = (_, response) =>
      json(response, 200, {
        data: { repository: { databaseId: 900, defaultBranchRef, object: null } },
      })
    await github().tracker.readHead(REPO)
    expect(asked()).toEqual([`POST /api/graphql token ${mints[0]}`])
  })
})

describe('a redirect', () => {
  test('to another host gets no request and no authorization', async () => {
    const other = await startLocalServer((_, response) => json(response, 200, { id: 1 }))
    try {
      handle = (request, response) => {
        response.writeHead(302, { location: `${other.origin}${request.url}` })
        response.end()
      }
      const { tracker } = github()
      expect(await tracker.issue(REPO, 7)).toBe('gone')
      const fault = await faultOf(tracker.createComment(REPO, 7, comment))
      expect([fault.kind, fault.applied]).toEqual(['gone', 'no'])
      expect(other.seen).toEqual([])
    } finally {
      await other.close()
    }
  })

  test('within the same repository is followed verbatim, a bounded number of times', async () => {
    handle = (request, response) => {
      if (request.url?.startsWith('/api/v3/repos/')) {
        response.writeHead(307, { location: '/api/v3/repositories/900/issues/7/comments' })
        response.end()
      } else json(response, 201, { id: 3 })
    }
    expect(await github().tracker.createComment(REPO, 7, comment)).toBe(3)
    expect(asked().map((line) => line.split(' ').slice(0, 2))).toEqual([
      ['POST', '/api/v3/repos/octo/yard/issues/7/comments'],
      ['POST', '/api/v3/repositories/900/issues/7/comments'],
    ])
    handle = (_, response) => {
      response.writeHead(301, { location: '/api/v3/repositories/900/issues/7' })
      response.end()
    }
    expect((await faultOf(github().tracker.createComment(REPO, 7, comment))).kind).toBe('gone')
  })

  test.each(['/api/v3/repositories/9001/issues/7', '/api/v3/repositories/901/issues/7', '/login'])(
    'to %s, which is not this repository, is not followed',
    async (location) => {
      handle = (_, response) => {
        response.writeHead(301, { location })
        response.end()
      }
      expect(await github().tracker.issue(REPO, 7)).toBe('gone')
      expect(asked()).toHaveLength(1)
    },
  )
})

describe('an answer that does not come', () => {
  const lost = async (handler: Handler, options: Partial<GitHubOptions> = {}) => {
    handle = handler
    const { tracker } = github(options)
    const write = await faultOf(tracker.createComment(REPO, 7, comment))
    const read = await faultOf(tracker.issue(REPO, 7))
    return [write, read].map(({ kind, applied, status }) => [kind, applied, status])
  }
  const UNKNOWN = [
    ['transient', 'unknown', null],
    ['transient', 'no', null],
  ]

  test('in time is a fault', async () => {
    expect(await lost(() => undefined, { timeoutMilliseconds: 150 })).toEqual(UNKNOWN)
  })

  test('because the connection was reset is a fault', async () => {
    const ends = await lost((request) => {
      request.socket.destroy()
    })
    expect(ends).toEqual(UNKNOWN)
  })

  test('whole is none: a body that breaks off is not taken for an empty one', async () => {
    const ends = await lost((_, response) => {
      response.writeHead(201, { 'content-type': 'application/json', 'content-length': '400' })
      response.write('{"id": 1, "body": "')
      setImmediate(() => response.destroy())
    })
    expect(ends).toEqual(UNKNOWN)
  })

  test('as JSON was written by something in between', async () => {
    const ends = await lost((_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' })
      response.end('{"id": 1')
    })
    expect(ends).toEqual(UNKNOWN)
  })

  test('because nobody listens means that nothing was written', async () => {
    const { tracker, clock } = github()
    handle = (_, response) => json(response, 201, { id: 1 })
    const nobody = await startLocalServer(() => undefined)
    await nobody.close()
    const away = createTestGitHub({ baseUrl: `${nobody.origin}/api/v3` })
    const fault = await faultOf(away.tracker.createComment(REPO, 7, comment))
    expect([fault.kind, fault.applied]).toEqual(['transient', 'no'])
    expect(await tracker.createComment(REPO, 7, comment)).toBe(1)
    expect(clock.elapsed).toBe(0)
  })

  test('to the App itself is a fault in time as well', async () => {
    const silent = await startLocalServer(() => undefined)
    try {
      const away = createTestGitHub({
        baseUrl: `${silent.origin}/api/v3`,
        timeoutMilliseconds: 150,
      })
      expect((await faultOf(away.verifyCredentials())).kind).toBe('transient')
      expect((await faultOf(away.gitRemote.credential(REPO, 'read'))).kind).toBe('transient')
    } finally {
      await silent.close()
    }
  })
})

describe('nothing secret', () => {
  test('is in a fault, its cause or the log', async () => {
    handle = (request, response) =>
      json(response, 422, { message: `no: ${request.headers.authorization}`, errors: [TOKEN] })
    const { tracker, log } = github()
    const fault = await faultOf(tracker.createComment(REPO, 7, comment))
    expect(fault.message).toContain('[redacted]')
    const told = [fault.message, fault.stack, String(fault.cause), ...log.lines].join('\n')
    expect(told).not.toContain('x'.repeat(16))
    expect(log.lines.length).toBeGreaterThan(0)
  })
})

test('a burst of reads keeps to twenty connections', async () => {
  let [open, most] = [0, 0]
  handle = (_, response) => {
    open += 1
    most = Math.max(most, open)
    setImmediate(() => {
      open -= 1
      json(response, 404, {})
    })
  }
  const { tracker } = github()
  await Promise.all(Array.from({ length: 100 }, (_, n) => tracker.issue(REPO, n + 1)))
  expect(most).toBeLessThanOrEqual(20)
  expect(asked()).toHaveLength(100)
})
