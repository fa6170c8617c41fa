/** What is published about finished work, on the wire: the check run and the pull request. */
import { EVER } from '../support/ever.ts'
import { LONG_AGO } from '../../src/domain/ids.ts'
import nock from 'nock'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { sha } from '../../src/domain/ids.ts'
import {
  API,
  APP_ID,
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
const HEAD = sha('b'.repeat(40))

describe('check runs', () => {
  const check = {
    name: 'yardmaster',
    head: HEAD,
    externalId: 'task 1',
    formerTry: LONG_AGO,
    notAfter: EVER,
    status: 'completed',
    conclusion: 'success',
    title: 'Done',
    summary: '`npm test` passed',
    text: null,
  } as const
  const runs = '/repos/octo/yard/check-runs'
  const done = {
    status: 'completed',
    conclusion: 'success',
    output: { title: 'Done', summary: '`npm test` passed' },
  }
  const find = (...found: object[]) =>
    api()
      .get(`/repos/octo/yard/commits/${HEAD}/check-runs`)
      .query({
        check_name: 'yardmaster',
        filter: 'all',
        app_id: String(APP_ID),
        per_page: '100',
        page: '1',
      })
      .reply(200, { total_count: found.length, check_runs: found })
  const run = (id: number, external_id: string, app = APP_ID) => ({
    id,
    external_id,
    app: { id: app },
  })

  test('are created when there is none of ours', async () => {
    find(run(1, 'task 1', 666), run(2, 'task 2'))
    api()
      .post(runs, { name: 'yardmaster', head_sha: HEAD, external_id: 'task 1', ...done })
      .reply(201, { id: 55 })
    expect(await createTestGitHub().tracker.publishCheck(REPO, check, null)).toBe(55)
  })

  test('are updated when a former try was applied', async () => {
    find(run(56, 'task 1'), run(55, 'task 1'))
    api().patch(`${runs}/55`, done).reply(200, { id: 55 })
    expect(await createTestGitHub().tracker.publishCheck(REPO, check, null)).toBe(55)
  })

  test('that are known take one request', async () => {
    api()
      .patch(`${runs}/55`, {
        status: 'in_progress',
        output: { title: 'Done', summary: 's', text: 't' },
      })
      .reply(200, { id: 55 })
    const running = {
      ...check,
      status: 'in_progress',
      conclusion: null,
      summary: 's',
      text: 't',
    } as const
    expect(await createTestGitHub().tracker.publishCheck(REPO, running, 55)).toBe(55)
  })

  test('that are gone are made anew', async () => {
    api().patch(`${runs}/55`).reply(404, {})
    find()
    api().post(runs).reply(201, { id: 60 })
    expect(await createTestGitHub().tracker.publishCheck(REPO, check, 55)).toBe(60)
  })

  test('are cut at the bytes that GitHub holds, between characters', async () => {
    const long = '😀'.repeat(40_000)
    api()
      .patch(`${runs}/55`, ({ output }: { output: { summary: string; text: string } }) => {
        for (const text of [output.summary, output.text]) {
          expect(Buffer.byteLength(text)).toBeLessThanOrEqual(65_535)
          expect(Buffer.byteLength(text)).toBeGreaterThan(65_500)
          expect(text).not.toContain('\ufffd')
          expect(text).toContain('cut')
        }
        return true
      })
      .reply(200, { id: 55 })
    await createTestGitHub().tracker.publishCheck(
      REPO,
      { ...check, summary: long, text: `x${long}` },
      55,
    )
  })
})

describe('pull requests', () => {
  const wanted = {
    branch: 'yardmaster/7',
    base: 'main',
    head: HEAD,
    title: 'Fix it',
    body: 'Closes #7',
    draft: false,
    notAfter: EVER,
  } as const
  const pull = (number: number, more: object = {}) => ({
    number,
    html_url: `https://github.com/octo/yard/pull/${number}`,
    state: 'open',
    title: 'Fix it',
    body: 'Closes #7',
    merged_at: null,
    head: { sha: HEAD, repo: { id: 900 } },
    ...more,
  })
  const find = (state: 'open' | 'all', ...found: object[]) =>
    api()
      .get('/repos/octo/yard/pulls')
      .query({
        head: 'octo:yardmaster/7',
        state,
        sort: 'created',
        direction: 'desc',
        per_page: '10',
      })
      .reply(200, found)
  const create = () =>
    api().post('/repos/octo/yard/pulls', {
      head: 'yardmaster/7',
      base: 'main',
      title: 'Fix it',
      body: 'Closes #7',
      draft: false,
    })
  const open = () => createTestGitHub().codeHost.openPull(REPO, wanted)
  const ref = { number: 8, url: 'https://github.com/octo/yard/pull/8', head: HEAD }

  test('are opened when the branch has no open one, whatever became of former ones', async () => {
    find('open')
    create().reply(201, pull(8))
    expect(await open()).toEqual(ref)
  })

  test('are found when a former try was applied', async () => {
    find('open', pull(8))
    expect(await open()).toEqual(ref)
  })

  test('that are open get the new words', async () => {
    find('open', pull(8, { title: 'Old' }))
    api()
      .patch('/repos/octo/yard/pulls/8', { title: 'Fix it', body: 'Closes #7' })
      .reply(200, pull(8))
    expect(await open()).toEqual(ref)
  })

  test('from a fork with a branch of that name are not ours', async () => {
    find(
      'open',
      pull(9, { head: { sha: HEAD, repo: { id: 1 } } }),
      pull(10, { head: { sha: HEAD, repo: null } }),
    )
    create().reply(201, pull(8))
    expect(await open()).toEqual(ref)
  })

  const exists = {
    message: 'Validation Failed',
    errors: [{ message: 'A pull request already exists for octo:yardmaster/7.' }],
  }

  test('that a list hid are found once GitHub says that they exist', async () => {
    find('open')
    create().reply(422, exists)
    find('open', pull(8))
    expect(await open()).toEqual(ref)
  })

  test('that exist and stay hidden are a fault', async () => {
    find('open')
    create().reply(422, exists)
    find('open')
    expect((await faultOf(open())).kind).toBe('invalid')
  })

  test('without a commit are refused in GitHub’s words', async () => {
    find('open')
    const errors = [{ message: 'No commits between main and yardmaster/7' }]
    create().reply(422, { message: 'Validation Failed', errors })
    const fault = await faultOf(open())
    expect([fault.kind, fault.applied]).toEqual(['invalid', 'no'])
    expect(fault.message).toContain('No commits between main and yardmaster/7')
  })

  test('whose answer is lost may have been opened', async () => {
    find('open')
    create().reply(502, '<html>Bad gateway</html>', { 'content-type': 'text/html' })
    const fault = await faultOf(open())
    expect([fault.kind, fault.applied]).toEqual(['transient', 'unknown'])
  })

  test('are found in any state', async () => {
    const { codeHost } = createTestGitHub()
    find('all')
    expect(await codeHost.findPull(REPO, 'yardmaster/7')).toBeNull()
    find('all', pull(8, { state: 'closed', merged_at: '2026-03-01T11:00:00Z' }), pull(6))
    expect(await codeHost.findPull(REPO, 'yardmaster/7')).toEqual({
      ...ref,
      state: 'closed',
      merged: true,
    })
    find('all', pull(8))
    expect(await codeHost.findPull(REPO, 'yardmaster/7')).toEqual({
      ...ref,
      state: 'open',
      merged: false,
    })
  })
})
