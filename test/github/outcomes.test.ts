/** Every effect on GitHub × every answer that it may meet: each has a named outcome (F11). */
import { EVER } from '../support/ever.ts'
import { LONG_AGO } from '../../src/domain/ids.ts'
import nock from 'nock'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { sha } from '../../src/domain/ids.ts'
import type { GitHub } from '../../src/github/create-github.ts'
import { WorldFault } from '../../src/ports/fault.ts'
import { ANA, API, REPO, createTestGitHub, endWire, minting, startWire } from './support.ts'

beforeEach(() => {
  startWire()
  minting()
})
afterEach(endWire)

const HEAD = sha('b'.repeat(40))
const ROOT = '/repos/octo/yard'
const api = () => nock(API)
const look = { name: 'yard:queued', color: 'abcdef', description: 'x' }
const family = (wanted: typeof look | null, current: string | null) => ({
  notAfter: EVER,
  prefix: 'yard:',
  wanted,
  current,
})
const check = {
  name: 'yardmaster',
  head: HEAD,
  externalId: 't',
  formerTry: LONG_AGO,
  notAfter: EVER,
  status: 'in_progress',
  conclusion: null,
  title: 't',
  summary: 's',
  text: null,
} as const
const pull = {
  branch: 'yardmaster/7',
  base: 'main',
  head: HEAD,
  title: 't',
  body: 'b',
  draft: false,
  notAfter: EVER,
} as const
const pulls = () => api().get(`${ROOT}/pulls`).query(true)
const labels = (...names: string[]) =>
  api()
    .get(`${ROOT}/labels`)
    .query(true)
    .reply(
      200,
      names.map((name) => ({ name })),
    )

interface Effect {
  readonly name: string
  readonly writes: boolean
  /** What is asked before, and the request that meets the answer. */
  readonly request: () => nock.Interceptor
  readonly run: (github: GitHub) => Promise<unknown>
  /** What becomes of 404, 410 and 451 when they are no fault. */
  readonly missing?: unknown
  /** What becomes of 422 when it is no fault. */
  readonly invalid?: unknown
  /** What GitHub does not de-duplicate: after an unknown outcome it is looked for, here in vain, and nobody tries again at once. */
  readonly look?: () => nock.Scope
  /** After such an answer something else is tried, which succeeds. */
  readonly next?: () => unknown
}

const EFFECTS: readonly Effect[] = [
  {
    name: 'ask a permission',
    writes: false,
    request: () => api().get(`${ROOT}/collaborators/ana/permission`),
    run: ({ tracker }) => tracker.permission(REPO, ANA),
    missing: 'none',
  },
  {
    name: 'read the head',
    writes: false,
    request: () => api().post('/graphql'),
    run: ({ tracker }) => tracker.readHead(REPO),
  },
  {
    name: 'read an issue',
    writes: false,
    request: () => api().get(`${ROOT}/issues/7`),
    run: ({ tracker }) => tracker.issue(REPO, 7),
    missing: null,
  },
  {
    name: 'read what changed',
    writes: false,
    request: () => api().get(`${ROOT}/issues`).query(true),
    run: ({ tracker }) => tracker.changedIssues(REPO, null),
  },
  {
    name: 'read the comments',
    writes: false,
    request: () => api().get(`${ROOT}/issues/7/comments`).query(true),
    run: ({ tracker }) => tracker.comments(REPO, 7),
  },
  {
    name: 'read who labelled',
    writes: false,
    request: () => api().get(`${ROOT}/issues/7/events`).query(true),
    run: ({ tracker }) => tracker.labelEvents(REPO, 7),
  },
  {
    name: 'comment',
    writes: true,
    request: () => api().post(`${ROOT}/issues/7/comments`),
    look: () => api().get(`${ROOT}/issues/7/comments`).query(true).reply(200, []),
    run: ({ tracker }) =>
      tracker.createComment(REPO, 7, {
        body: 'x',
        marker: 'm',
        formerTry: null,
        notAfter: EVER,
        lane: 'act',
      }),
  },
  {
    name: 'edit a comment',
    writes: true,
    request: () => {
      api().get(`${ROOT}/issues/comments/3`).reply(200, { id: 3, body: '' })
      return api().patch(`${ROOT}/issues/comments/3`)
    },
    run: ({ tracker }) => tracker.updateComment(REPO, 12, { id: 3, body: 'x', notAfter: EVER }),
    missing: false,
  },
  {
    name: 'set a label',
    writes: true,
    request: () => {
      labels('yard:queued')
      return api().post(`${ROOT}/issues/7/labels`)
    },
    run: ({ tracker }) => tracker.setFamilyLabel(REPO, 7, family(look, null)),
  },
  {
    name: 'take a label off',
    writes: true,
    request: () => api().delete(`${ROOT}/issues/7/labels/yard%3Aqueued`),
    run: ({ tracker }) => tracker.setFamilyLabel(REPO, 7, family(null, 'yard:queued')),
    missing: undefined,
  },
  {
    name: 'make a label',
    writes: true,
    request: () => {
      labels()
      return api().post(`${ROOT}/labels`)
    },
    run: ({ tracker }) => tracker.setFamilyLabel(REPO, 7, family(look, null)),
    invalid: undefined,
    next: () => api().post(`${ROOT}/issues/7/labels`).reply(200, []),
  },
  {
    name: 'make a check run',
    writes: true,
    request: () => {
      api().get(`${ROOT}/commits/${HEAD}/check-runs`).query(true).reply(200, { check_runs: [] })
      return api().post(`${ROOT}/check-runs`)
    },
    look: () =>
      api().get(`${ROOT}/commits/${HEAD}/check-runs`).query(true).reply(200, { check_runs: [] }),
    run: ({ tracker }) => tracker.publishCheck(REPO, check, null),
  },
  {
    name: 'finish a check run',
    writes: true,
    request: () => api().patch(`${ROOT}/check-runs/5`),
    run: ({ tracker }) => tracker.publishCheck(REPO, check, 5),
    missing: 6,
    next: () => {
      api().get(`${ROOT}/commits/${HEAD}/check-runs`).query(true).reply(200, { check_runs: [] })
      api().post(`${ROOT}/check-runs`).reply(201, { id: 6 })
    },
  },
  {
    name: 'find a pull request',
    writes: false,
    request: pulls,
    run: ({ codeHost }) => codeHost.findPull(REPO, 'yardmaster/7'),
  },
  {
    name: 'open a pull request',
    writes: true,
    request: () => {
      pulls().reply(200, [])
      return api().post(`${ROOT}/pulls`)
    },
    run: ({ codeHost }) => codeHost.openPull(REPO, pull),
  },
]

interface Answer {
  readonly name: string
  readonly reply: (request: nock.Interceptor) => unknown
  readonly kind: WorldFault['kind']
  readonly applied?: 'unknown'
}

const status =
  (code: number, body: nock.Body = { message: 'no' }, headers = {}) =>
  (request: nock.Interceptor) =>
    request.reply(code, body, headers)

const ANSWERS: readonly Answer[] = [
  { name: '403', reply: status(403), kind: 'forbidden' },
  { name: '403 secondary', reply: status(403, {}, { 'retry-after': '60' }), kind: 'rate-limited' },
  {
    name: '403 primary',
    reply: status(403, {}, { 'x-ratelimit-remaining': '0' }),
    kind: 'rate-limited',
  },
  { name: '404', reply: status(404), kind: 'not-found' },
  { name: '409', reply: status(409), kind: 'conflict' },
  { name: '410', reply: status(410), kind: 'gone' },
  { name: '422', reply: status(422), kind: 'invalid' },
  { name: '429', reply: status(429), kind: 'rate-limited' },
  { name: '451', reply: status(451), kind: 'gone' },
  { name: '500', reply: status(500), kind: 'transient', applied: 'unknown' },
  { name: '502 from a proxy', reply: status(502, '<html>'), kind: 'transient', applied: 'unknown' },
  { name: '503', reply: status(503), kind: 'transient', applied: 'unknown' },
  {
    name: 'a reset',
    reply: (request) =>
      request.replyWithError(Object.assign(new Error('reset'), { code: 'ECONNRESET' })),
    kind: 'transient',
    applied: 'unknown',
  },
  {
    name: 'nobody there',
    reply: (request) =>
      request.replyWithError(Object.assign(new Error('refused'), { code: 'ECONNREFUSED' })),
    kind: 'transient',
  },
]

const GONE = new Set(['410', '451'])
const MISSING = new Set(['404', '410', '451'])

/** What no fault becomes of this answer for this effect; nothing when it is a fault. */
function exception(effect: Effect, answer: Answer): readonly [unknown] | null {
  if (effect.name === 'read an issue' && GONE.has(answer.name)) return ['gone']
  if (MISSING.has(answer.name) && 'missing' in effect) return [effect.missing]
  if (answer.name === '422' && 'invalid' in effect) return [effect.invalid]
  return null
}

const CASES = EFFECTS.flatMap((effect) => ANSWERS.map((answer) => ({ effect, answer })))
const faults = CASES.filter(({ effect, answer }) => exception(effect, answer) === null)
const others = CASES.filter(({ effect, answer }) => exception(effect, answer) !== null)

describe('a fault with a name', () => {
  test.each(faults)('$effect.name meets $answer.name', async ({ effect, answer }) => {
    answer.reply(effect.request())
    // GitHub itself allows one pull request per branch: it may be asked for again at once.
    const settles =
      effect.writes && effect.name !== 'open a pull request' && answer.applied === 'unknown'
    if (settles) effect.look?.()
    const github = createTestGitHub()
    const error = await effect.run(github).catch((thrown: unknown) => thrown)
    const fault = error instanceof WorldFault ? error : null
    const applied = effect.writes ? (answer.applied ?? 'no') : 'no'
    expect([fault?.kind, fault?.applied]).toEqual([answer.kind, applied])
    expect(fault?.retryAt !== null).toBe(settles || answer.kind === 'rate-limited')
    expect(fault?.retryAt).toBe(settles ? github.clock.now() + 60_000 : fault?.retryAt)
    expect(fault?.message).toMatch(/^(GitHub|What was there|Something changed) .* for .*\(.+\)\./)
  })
})

describe('no fault but an answer', () => {
  test.each(others)('$effect.name meets $answer.name', async ({ effect, answer }) => {
    answer.reply(effect.request())
    effect.next?.()
    expect([await effect.run(createTestGitHub())]).toEqual(exception(effect, answer))
  })
})

test('there are about as many cases as promised', () => {
  expect(CASES.length).toBeGreaterThanOrEqual(200)
})
