/** While our credentials are refused, every place that calls GitHub asks at most twice a minute more (F9). */
import { EVER } from '../support/ever.ts'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { instant, sha } from '../../src/domain/ids.ts'
import type { CodeHost } from '../../src/ports/code-host.ts'
import { WorldFault } from '../../src/ports/fault.ts'
import type { Tracker } from '../../src/ports/tracker.ts'
import { json, startLocalServer, type LocalServer } from './local-server.ts'
import { ANA, REPO, START, TOKEN, createTestGitHub } from './support.ts'

const HEAD = sha('a'.repeat(40))
const LABEL = { name: 'yard:queued', color: 'abcdef', description: 'Waits for a slot.' }
const CHECK = {
  name: 'yardmaster',
  head: HEAD,
  externalId: 'x',
  formerTry: null,
  notAfter: EVER,
  status: 'in_progress',
  conclusion: null,
  title: 't',
  summary: 's',
  text: null,
} as const
const PULL = {
  branch: 'yardmaster/7',
  base: 'main',
  head: HEAD,
  title: 't',
  body: 'b',
  draft: false,
  notAfter: EVER,
}
const SPOKEN = { id: 1, on: 'issue', number: 7 } as const
const COMMENT = { body: 'x', marker: 'm', formerTry: null, notAfter: EVER, lane: 'act' } as const

/** Every method, or this does not compile. */
const CALLS: {
  readonly [Method in keyof Tracker]: (tracker: Tracker) => Promise<unknown>
} = {
  permission: (tracker) => tracker.permission(REPO, ANA),
  readHead: (tracker) => tracker.readHead(REPO),
  issue: (tracker) => tracker.issue(REPO, 7),
  comments: (tracker) => tracker.comments(REPO, 7),
  ownComments: (tracker) => tracker.ownComments(REPO, null),
  hasCheck: (tracker) => tracker.hasCheck(REPO, CHECK),
  changedIssues: (tracker) => tracker.changedIssues(REPO, instant(START)),
  labelledIssues: (tracker) => tracker.labelledIssues(REPO, 'yardmaster'),
  labelEvents: (tracker) => tracker.labelEvents(REPO, 7),
  observe: (tracker) => tracker.observe(REPO, { issues: [7], pulls: [8] }),
  approvals: (tracker) => tracker.approvals(REPO, 8),
  lastEdited: (tracker) => tracker.lastEdited(REPO, 7),
  createComment: (tracker) => tracker.createComment(REPO, 7, COMMENT),
  updateComment: (tracker) => tracker.updateComment(REPO, 7, { id: 1, body: 'y', notAfter: EVER }),
  ensureLabel: (tracker) => tracker.ensureLabel(REPO, LABEL, EVER),
  commentsSince: (tracker) => tracker.commentsSince(REPO, instant(START)),
  commentNow: (tracker) => tracker.commentNow(REPO, SPOKEN, 'told'),
  react: (tracker) => tracker.react(REPO, SPOKEN, { content: 'eyes', notAfter: EVER }),
  setFamilyLabel: (tracker) =>
    tracker.setFamilyLabel(REPO, 7, {
      prefix: 'yard:',
      wanted: LABEL,
      current: null,
      notAfter: EVER,
    }),
  publishCheck: (tracker) => tracker.publishCheck(REPO, CHECK, 9),
}
const HOST_CALLS: { readonly [Method in keyof CodeHost]: (host: CodeHost) => Promise<unknown> } = {
  branches: (host) => host.branches(REPO, 'yardmaster/'),
  findPull: (host) => host.findPull(REPO, 'yardmaster/7'),
  pullNow: (host) => host.pullNow(REPO, 8),
  reviewWords: (host) => host.reviewWords(REPO, { pull: 8, review: 9 }),
  replyToRemark: (host) =>
    host.replyToRemark(
      REPO,
      { pull: 8, comment: 9 },
      { body: 'Done.', marker: 'remark', formerTry: null, notAfter: EVER },
    ),
  reviewAsked: (host) => host.reviewAsked(REPO, 8),
  requestReview: (host) => host.requestReview(REPO, { pull: 8, login: 'ana', notAfter: EVER }),
  openPull: (host) => host.openPull(REPO, PULL),
  root: (host) => host.root(REPO, PULL.head),
  file: (host) => host.file(REPO, PULL.head, 'package.json'),
  proposeFile: (host) =>
    host.proposeFile(REPO, {
      branch: 'yardmaster/setup',
      base: PULL.head,
      path: '.github/yardmaster.yml',
      text: '',
      message: 'Configure',
      notAfter: EVER,
    }),
}

interface Refusal {
  readonly mint: { readonly status: number; readonly message: string } | null
  readonly call: { readonly status: number; readonly message: string }
}
const REFUSALS: Readonly<Record<string, Refusal>> = {
  'a token that is not accepted': { mint: null, call: { status: 401, message: 'Bad credentials' } },
  'a key that was rotated, or a clock that is wrong': {
    mint: { status: 401, message: 'A JSON web token could not be decoded' },
    call: { status: 401, message: 'Bad credentials' },
  },
  'an App that is suspended': {
    mint: { status: 403, message: 'This installation has been suspended' },
    call: { status: 403, message: 'This installation has been suspended' },
  },
  'a suspension while tokens are still known': {
    mint: null,
    call: { status: 403, message: 'This installation has been suspended' },
  },
  'an App that was uninstalled': {
    mint: { status: 404, message: 'Not Found' },
    call: { status: 401, message: 'Bad credentials' },
  },
  'a permission that was taken away': {
    mint: {
      status: 422,
      message: 'The permissions requested are not granted to this installation.',
    },
    call: { status: 403, message: 'Resource not accessible by integration' },
  },
  'a permission that the token turns out to lack': {
    mint: null,
    call: { status: 403, message: 'Resource not accessible by integration' },
  },
  'a repository that was taken out of the installation': {
    mint: { status: 422, message: 'There is at least one repository that does not exist' },
    call: { status: 404, message: 'Not Found' },
  },
}

let server: LocalServer
let refusal: Refusal
beforeEach(async () => {
  server = await startLocalServer((request, response) => {
    const isMint = request.url?.endsWith('/access_tokens') === true
    const refused = isMint ? refusal.mint : refusal.call
    if (refused !== null) return json(response, refused.status, { message: refused.message })
    const expires_at = new Date(START + 3_600_000).toISOString()
    json(response, 201, { token: TOKEN, expires_at })
  })
})
afterEach(() => server.close())

const MINUTE = 60_000
const MINTS = (line: string): boolean => line.includes('/access_tokens')

describe.each(Object.entries(REFUSALS))('%s', (_, how) => {
  test.each([...Object.keys(CALLS), ...Object.keys(HOST_CALLS)])(
    'makes no hot loop of %s',
    async (method) => {
      refusal = how
      const github = createTestGitHub({ baseUrl: `${server.origin}/api/v3` })
      const call = async (): Promise<void> => {
        const [ofTracker, ofHost] = [
          CALLS[method as keyof Tracker] as ((tracker: Tracker) => Promise<unknown>) | undefined,
          HOST_CALLS[method as keyof CodeHost],
        ]
        await (ofTracker?.(github.tracker) ?? ofHost(github.codeHost)).catch((error: unknown) => {
          if (!(error instanceof WorldFault)) throw error
        })
      }
      await call()
      const [first, begun] = [server.seen.length, github.clock.elapsed]
      // Somebody asks twenty times a minute, for three minutes.
      for (let n = 1; n <= 60; n += 1) {
        github.clock.elapsed = Math.max(github.clock.elapsed, begun + n * 3_000)
        await call()
      }
      const minutes = (github.clock.elapsed - begun) / MINUTE
      const more = server.seen.slice(first)
      const calls = more.filter((line) => !MINTS(line)).length
      expect(calls).toBeLessThanOrEqual(2 * minutes)
      expect(more.length - calls).toBeLessThanOrEqual(2 * minutes)
    },
  )
})
