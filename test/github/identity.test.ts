import nock from 'nock'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import {
  API,
  INSTALLATION,
  PRIVATE_KEY,
  REPO,
  createTestGitHub,
  endWire,
  faultOf,
  minting,
  startWire,
} from './support.ts'

beforeEach(startWire)
afterEach(endWire)

const api = () => nock(API)
const permissions = {
  issues: 'write',
  pull_requests: 'write',
  contents: 'write',
  checks: 'write',
  statuses: 'read',
  metadata: 'read',
}
const events = [
  'issues',
  'issue_comment',
  'pull_request',
  'pull_request_review',
  'check_suite',
  'push',
  'repository',
  'status',
]
const app = (more: object = {}) => ({
  id: 4242,
  slug: 'yardmaster',
  created_at: '2026-01-01T00:00:00Z',
  permissions,
  events,
  ...more,
})
const createdAt = Date.parse('2026-01-01T00:00:00Z')

describe('identity', () => {
  test('is asked once, as the App and through an installation', async () => {
    minting()
    api().get('/app').reply(200, app())
    const installations = [
      { id: 1, suspended_at: '2026-01-01T00:00:00Z' },
      { id: INSTALLATION, suspended_at: null },
    ]
    api().get('/app/installations').query(true).reply(200, installations)
    api().get('/users/yardmaster%5Bbot%5D').reply(200, { id: 99 })
    const github = createTestGitHub()
    const expected = { slug: 'yardmaster', id: 4242, createdAt, botUserId: 99 }
    expect(await github.identity()).toEqual(expected)
    expect(await github.identity()).toEqual(expected)
  })

  test('is known without an installation too, and then asked again', async () => {
    api().get('/app').twice().reply(200, app())
    api().get('/app/installations').query(true).twice().reply(200, [])
    const github = createTestGitHub()
    expect(await github.identity()).toEqual({ slug: 'yardmaster', id: 4242, createdAt })
    expect(await github.identity()).toEqual({ slug: 'yardmaster', id: 4242, createdAt })
  })

  test('a failure is not remembered', async () => {
    api().get('/app').reply(500, {})
    const github = createTestGitHub()
    expect((await faultOf(github.identity())).kind).toBe('transient')
    api().get('/app').reply(200, app())
    api().get('/app/installations').query(true).reply(200, [])
    expect((await github.identity()).slug).toBe('yardmaster')
  })
})

describe('credentials', () => {
  test('that suffice are accepted', async () => {
    api().get('/app').reply(200, app())
    expect(await createTestGitHub().verifyCredentials()).toEqual({
      kind: 'accepted',
      slug: 'yardmaster',
      missingPermissions: [],
      missingEvents: [],
      tellsCards: false,
      dangerous: [],
    })
  })

  test('that fall short, or reach too far, are named', async () => {
    const granted = {
      issues: 'read',
      metadata: 'read',
      contents: 'write',
      checks: 'write',
      workflows: 'write',
    }
    api()
      .get('/app')
      .reply(200, app({ permissions: granted, events: ['push'] }))
    expect(await createTestGitHub().verifyCredentials()).toMatchObject({
      missingPermissions: ['issues: write', 'pull_requests: write', 'statuses: read'],
      tellsCards: false,
      missingEvents: events.filter((event) => event !== 'push'),
      dangerous: ['workflows'],
    })
  })

  test('that GitHub refuses are told with what to do', async () => {
    api().get('/app').reply(401, { message: 'A JSON web token could not be decoded' })
    const check = await createTestGitHub().verifyCredentials()
    expect(check).toMatchObject({ kind: 'refused', reason: expect.stringContaining('private key') })
  })

  test('that cannot be asked about now are no verdict', async () => {
    api().get('/app').reply(502, {})
    expect((await faultOf(createTestGitHub().verifyCredentials())).kind).toBe('transient')
  })

  test('a clock that is wrong is put right from the answer', async () => {
    const message = "'Expiration time' claim ('exp') is too far in the future"
    const date = new Date(Date.now() - 3_600_000).toUTCString()
    api().get('/app').reply(401, { message }, { date })
    let issued = 0
    api()
      .get('/app')
      .matchHeader('authorization', (value) => {
        const [, payload] = String(value).replace('bearer ', '').split('.')
        issued = (JSON.parse(Buffer.from(payload ?? '', 'base64url').toString()) as { iat: number })
          .iat
        return true
      })
      .reply(200, app())
    expect(await createTestGitHub().verifyCredentials()).toMatchObject({ kind: 'accepted' })
    expect(Math.abs(issued * 1_000 - (Date.parse(date) - 30_000))).toBeLessThan(5_000)
  })
})

describe('the private key', () => {
  test.each(['', 'not a key', PRIVATE_KEY.slice(0, 200)])(
    '%j is refused at once, unseen',
    async (privateKey) => {
      const fault = await faultOf(Promise.resolve().then(() => createTestGitHub({ privateKey })))
      expect(fault.kind).toBe('unauthorised')
      expect(fault.message).toContain('PEM')
      expect(fault.message).not.toContain(privateKey.slice(-20) || '-----BEGIN RSA')
    },
  )

  test('may have its line ends spelled out, as environment files have them', () => {
    const spelled = PRIVATE_KEY.replaceAll('\n', '\\n')
    expect(() => createTestGitHub({ privateKey: spelled })).not.toThrow()
  })
})

describe('a token that cannot be minted', () => {
  const mint = () => api().post(`/app/installations/${INSTALLATION}/access_tokens`)
  const ask = async () =>
    faultOf(
      createTestGitHub()
        .tracker.issue({ ...REPO }, 7)
        .then(() => undefined),
    )

  test.each<readonly [number, object, string, RegExp]>([
    [
      422,
      { message: 'The permissions requested are not granted to this installation.' },
      'forbidden',
      /issues: read/,
    ],
    [403, { message: 'This installation has been suspended' }, 'forbidden', /unsuspend/],
    [401, { message: 'Bad credentials' }, 'unauthorised', /private key/],
    [500, {}, 'transient', /error of its own/],
    [429, {}, 'rate-limited', /wait/],
  ])('%i %o is %s', async (status, body, kind, words) => {
    mint().reply(status, body)
    const fault = await ask()
    expect(fault.kind).toBe(kind)
    expect(fault.message).toMatch(words)
  })

  test.each<readonly [number, object]>([
    [404, { message: 'Not Found' }],
    [422, { message: 'There is at least one repository that does not exist or is not accessible' }],
  ])('%i %o means that the App is not there any more', async (status, body) => {
    mint().reply(status, body)
    const fault = await faultOf(createTestGitHub().tracker.readHead(REPO))
    expect(fault.kind).toBe('gone')
  })
})
