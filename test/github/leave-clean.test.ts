/** Nothing leaves for GitHub with a secret in it: words go on without it, anything else is not sent, and nobody tries for ever. */
import nock from 'nock'
import { inflateRawSync } from 'node:zlib'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { sha } from '../../src/domain/ids.ts'
import { createLeaveClean } from '../../src/github/leave-clean.ts'
import { createSecrets } from '../../src/policy/secrets/secrets.ts'
import { EVER } from '../support/ever.ts'
import {
  API,
  MemoryLog,
  PRIVATE_KEY,
  REPO,
  TOKEN,
  createTestGitHub,
  endWire,
  faultOf,
  minting,
  startWire,
} from './support.ts'

beforeEach(startWire)
afterEach(endWire)

const KEY = 'mQ7zkT2wVb8rNc5yHd1pLs6gJe4u3fX9'
/** None of them is long enough to be known alone. */
const PIECES = [KEY.slice(0, 11), KEY.slice(11, 21), KEY.slice(21)]
const HEAD = sha('b'.repeat(40))

function holding() {
  const secrets = createSecrets()
  secrets.register('the value of MODEL_KEY', KEY)
  minting()
  return createTestGitHub({ secrets })
}

/** What GitHub was sent. */
function listening(path: string, status: number, answer: object): { body: string } {
  const heard = { body: '' }
  nock(API)
    .post(path, (body) => {
      heard.body = JSON.stringify(body)
      return true
    })
    .reply(status, answer)
  return heard
}

const comment = (body: string, record?: string) => ({
  body,
  marker: 'comment:1',
  ...(record === undefined ? {} : { record }),
  formerTry: null,
  notAfter: EVER,
  lane: 'act' as const,
})

test('a comment goes out without it, keeps its marker, and the log says which it was', async () => {
  const github = holding()
  const heard = listening('/repos/octo/yard/issues/7/comments', 201, { id: 1 })
  const hidden = Buffer.from(KEY).toString('base64url')
  await github.tracker.createComment(REPO, 7, comment(`Use ${KEY} or ${hidden}, please.`))
  expect(heard.body).toContain(
    'Use [withheld: the value of MODEL_KEY] or [withheld: the value of MODEL_KEY], please.',
  )
  expect(heard.body).toMatch(/<!-- yardmaster:1 comment%3A1 [0-9a-f]{64} -->/)
  const lines = github.log.lines.join('\n')
  expect(lines).toContain('the value of MODEL_KEY')
  expect(lines).not.toContain(KEY)
})

test('the App’s own key and every token that was minted are known from the start', async () => {
  const github = holding()
  const heard = listening('/repos/octo/yard/issues/7/comments', 201, { id: 1 })
  const line = PRIVATE_KEY.split('\n')[5] ?? ''
  await github.tracker.createComment(REPO, 7, comment(`${line} and ${TOKEN.slice(0, 30)}`))
  expect(heard.body).toContain('[withheld: the private key of the App]')
  expect(heard.body).toContain('[withheld: a GitHub token of Yardmaster]')
})

test('a record, which is compressed, is looked at before that', async () => {
  const github = holding()
  const heard = listening('/repos/octo/yard/issues/7/comments', 201, { id: 1 })
  const record = JSON.stringify({ v: 1, question: `Is it ${KEY}?` })
  await github.tracker.createComment(REPO, 7, comment('Done.', record))
  const packed = /yardmaster-record:1 ([A-Za-z0-9+/=]+) /.exec(heard.body)?.[1] ?? ''
  expect(inflateRawSync(Buffer.from(packed, 'base64')).toString()).toBe(
    '{"v":1,"question":"Is it [withheld: the value of MODEL_KEY]?"}',
  )
})

test('a record in which it lies in pieces is left out as a whole', async () => {
  const github = holding()
  const heard = listening('/repos/octo/yard/issues/7/comments', 201, { id: 1 })
  const record = JSON.stringify({ options: PIECES })
  await github.tracker.createComment(REPO, 7, comment('Done.', record))
  expect(heard.body).toContain('Done.')
  expect(heard.body).not.toContain('yardmaster-record')
})

test('a file that holds it is not sent, which is final, and says what it was', async () => {
  const github = holding()
  nock(API).post('/repos/octo/yard/git/refs').reply(201, { ref: 'refs/heads/x', object: {} })
  nock(API).get('/repos/octo/yard/contents/a.yml').query({ ref: 'x' }).reply(404, {})
  const fault = await faultOf(
    github.codeHost.proposeFile(REPO, {
      branch: 'x',
      base: HEAD,
      path: 'a.yml',
      message: 'Add it',
      text: `key: ${KEY}\n`,
      notAfter: EVER,
    }),
  )
  expect(fault).toMatchObject({ kind: 'invalid', applied: 'no' })
  expect(fault.message).toContain(
    'its field content holds the value of MODEL_KEY, so nothing was sent',
  )
  expect(fault.message).not.toContain(KEY)
  expect(github.down().size).toBe(0)
})

test('an address that holds it is not asked for', async () => {
  const github = holding()
  const fault = await faultOf(github.codeHost.file(REPO, HEAD, `docs/${KEY}.md`))
  expect(fault).toMatchObject({ kind: 'invalid', applied: 'no' })
  expect(fault.message).toContain('its address holds')
})

test('where it lies in pieces, no word goes, and where those are names, nothing does', () => {
  const secrets = createSecrets()
  secrets.register('the key', KEY)
  const leave = createLeaveClean(secrets, new MemoryLog())
  const at = new URL(`${API}/repos/octo/yard/x`)
  const sent = leave(at, JSON.stringify({ body: PIECES }))
  expect(sent).toMatch(/^\{"body":\["\[withheld: the text[^"]+","\[withheld/)
  expect(() => leave(at, JSON.stringify({ reviewers: PIECES }))).toThrow(
    'what it says holds the key, so nothing was sent',
  )
})
