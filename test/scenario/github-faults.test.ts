/**
 * GitHub has a bad moment, at any call: the work ends as if it had not, with one of everything; or, where only a person
 * can help, with GitHub's words. All faults are planted and all tasks started at once; each story then looks at its own.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Fault } from '../../src/emulator/emulator.ts'
import { DOES_NOT_APPLY, HELLO } from './support/issues.ts'
import { operatorWith } from './support/profiles.ts'
import { openYard } from './support/yard.ts'
import type { Yard } from './support/yard.ts'

type Trouble = Pick<Fault, 'answer' | 'applied' | 'lateMs' | 'times'>

const status = (code: number, message = 'No', headers = {}): Trouble => ({
  answer: { status: code, headers, body: { message } },
})
const EXPIRED = status(401, 'Bad credentials')
const SLOW_DOWN = status(403, 'You have exceeded a secondary rate limit', { 'retry-after': '1' })
const TOO_MANY = status(429, 'Too many requests', { 'retry-after': '1' })
const BROKEN = status(500, 'Server Error')
const GATEWAY = status(502, 'Bad Gateway')
const CUT: Trouble = { answer: 'reset' }
const LOST: Trouble = { answer: 'reset', applied: 'before' }
/** After an act's own 2 s of rest, and before the 4 s that a lost creation is waited for here. */
const LATE: Trouble = { ...GATEWAY, applied: 'after', lateMs: 3_000 }

let yard: Yard
beforeAll(async () => {
  yard = await openYard({ operator: operatorWith({}, 'auto'), settleMilliseconds: 4_000 })
})
afterAll(async () => yard.close())

interface Story {
  readonly repo: string
  readonly number: number
}

/** On a busy machine a task may be in review before anything of it is shown: then only the merge changes what was written. */
const AGAIN: ReadonlySet<string> = new Set(['issues/update-comment', 'issues/remove-label'])

/** Plants the trouble for one call of one repository, and starts a task there. */
async function plant(at: number, call: string, trouble: Trouble): Promise<Story> {
  const repo = await yard.repository({ name: `trouble-${at}` })
  const path = new RegExp(`/${repo}(/|\\.git/)`)
  yard.emulator.faults.add({ match: { operation: call, path }, ...trouble })
  const number = yard.issue(repo, HELLO)
  yard.label(repo, number)
  return { repo, number }
}

/** One status comment that links the pull request, one label, one pull request, one green check, one branch. */
async function endsWell({ repo, number }: Story): Promise<void> {
  const { state } = await yard.becomes(repo, number, 'in-review')
  const { pull } = state
  await yard.says(repo, number, `#${pull.number}`)
  // A label of ours that an answer was lost of shows in the next answer, and is taken off after it.
  await yard.until('the label says needs-review, and nothing else', () => {
    const labels = yard.emulator.labels({ repo, number }).toSorted()
    return labels.join() === 'yard:needs-review,yardmaster'
  })
  await yard.until('the check is there', () => yard.emulator.checks(repo).length > 0)
  expect(yard.comments(repo, number), 'comments').toHaveLength(1)
  expect(yard.emulator.pulls(repo).map((each) => each.number)).toEqual([pull.number])
  expect(yard.emulator.checks(repo)).toMatchObject([{ conclusion: 'success' }])
  expect([...yard.emulator.branches(repo)]).toEqual([
    ['main', expect.any(String)],
    [`yardmaster/${number}`, pull.head],
  ])
  expect(await yard.attempts(repo, number)).toHaveLength(1)
}

/** A creation that failed is tried again after 5 s at most; later than that after the last one, nobody will. */
const retriesAreOver = (): Promise<boolean> =>
  yard.until('no creation is tried again', () => {
    // GraphQL is asked by POST, and asked again and again for as long as anything is open.
    const last = yard.emulator.requests.findLast(
      ({ method, operation }) => method === 'POST' && operation !== 'graphql',
    )
    return Date.now() - (last?.at ?? 0) > 6_000
  })

describe('GitHub that gives no answer', () => {
  it('to one installation keeps no other waiting', async () => {
    const call = 'issues/create-comment'
    const repo = await yard.repository()
    const number = yard.issue(repo, HELLO)
    await plant(99, call, { answer: 'timeout' })
    await yard.until('it hangs', () => yard.emulator.faults.left === 0)
    const since = Date.now()
    yard.label(repo, number)
    await yard.until('the other one is told of', () => yard.comments(repo, number).length > 0)
    expect(Date.now() - since, 'while it still hung: for 15 s').toBeLessThan(12_000)
    await yard.becomes(repo, number, 'in-review')
  })
})

describe('a bad moment that passes', () => {
  const TABLE: readonly (readonly [name: string, call: string, Trouble])[] = [
    ['who labelled: 500', 'repos/get-collaborator-permission-level', BROKEN],
    ['who labelled: token revoked', 'repos/get-collaborator-permission-level', EXPIRED],
    ['who labelled: too many requests', 'repos/get-collaborator-permission-level', TOO_MANY],
    ['comments to read: 502', 'issues/list-comments', GATEWAY],
    ['status comment: token revoked', 'issues/create-comment', EXPIRED],
    ['status comment: slow down', 'issues/create-comment', SLOW_DOWN],
    ['status comment: 500, not written', 'issues/create-comment', BROKEN],
    ['status comment: written, answer lost', 'issues/create-comment', LOST],
    ['status comment: 502, written later', 'issues/create-comment', LATE],
    ['status comment’s edits: cut off', 'issues/update-comment', CUT],
    ['status comment’s edits: 502, done later', 'issues/update-comment', LATE],
    ['label: set, answer lost', 'issues/add-labels', LOST],
    ['label: 502, set later', 'issues/add-labels', LATE],
    ['label to take off: 502, taken off later', 'issues/remove-label', LATE],
    ['label to make: made, answer lost', 'issues/create-label', LOST],
    // Once when a pair is made ahead, once for the attempt itself.
    ['code to fetch: 503', 'git-upload-pack', { ...status(503), times: 2 }],
    ['code to fetch: token revoked', 'git-info-refs', EXPIRED],
    ['push: token revoked', 'git-receive-pack', EXPIRED],
    ['push: cut off', 'git-receive-pack', CUT],
    ['push: done, answer lost', 'git-receive-pack', LOST],
    ['push: too many requests', 'git-receive-pack', status(429)],
    ['pull requests to read: 502', 'pulls/list', GATEWAY],
    ['pull request: token revoked', 'pulls/create', EXPIRED],
    ['pull request: 500, not opened', 'pulls/create', BROKEN],
    ['pull request: opened, answer lost', 'pulls/create', LOST],
    ['pull request: 502, opened later', 'pulls/create', LATE],
    ['check: 500, not made', 'checks/create', BROKEN],
    ['check: made, answer lost', 'checks/create', LOST],
    ['check: 502, made later', 'checks/create', LATE],
  ]

  const stories: Story[] = []
  beforeAll(async () => {
    for (const [at, [, call, trouble]] of TABLE.entries())
      stories.push(await plant(at, call, trouble))
  })

  it.each(TABLE.map(([name], at) => ({ name, at })))('$name', async ({ at }) => {
    const story = stories[at]
    if (story === undefined) throw new Error('not started')
    await endsWell(story)
  })

  it('was met by all of them, and when every retry is over there still is one of everything', async () => {
    await retriesAreOver()
    for (const story of stories) await endsWell(story)
    for (const [at, { repo, number }] of stories.entries()) {
      if (!AGAIN.has(TABLE[at]?.[1] ?? '')) continue
      const { state } = await yard.becomes(repo, number, 'in-review')
      await yard.emulator.merge({ repo, number: state.pull.number, as: 'ana' })
      await yard.says(repo, number, '### Done')
      await yard.until('the label says done, and nothing else', () => {
        const labels = yard.emulator.labels({ repo, number })
        return labels.filter((label) => label.startsWith('yard:')).join() === 'yard:done'
      })
    }
    expect(yard.emulator.faults.unmet).toEqual([])
  })
})

describe('a refusal that only a person can help', () => {
  const FORBIDDEN = status(403, 'Resource not accessible by integration', {
    'x-accepted-github-permissions': 'pull_requests=write',
  })

  it('of the pull request ends the task with GitHub’s words and the permission that is missing', async () => {
    const { repo, number } = await plant(100, 'pulls/create', { ...FORBIDDEN, times: 2 })
    const { status: said } = await yard.fails(repo, number)
    expect(said).toContain('Resource not accessible by integration')
    expect(said).toContain('The App needs the permission pull\\_requests: write')
    expect(yard.emulator.pulls(repo)).toEqual([])
  })

  it('of the pull request as invalid ends the task with GitHub’s words', async () => {
    const { repo, number } = await plant(101, 'pulls/create', status(422, 'Validation Failed'))
    const { notice } = await yard.fails(repo, number)
    expect(notice).toContain('GitHub understood and refused')
    expect(notice).toContain('Validation Failed')
    expect(await yard.attempts(repo, number)).toHaveLength(1)
  })

  it('of the push ends the task with GitHub’s words', async () => {
    const denied = `Permission to owner-of-trouble-102/trouble-102.git denied to yardmaster[bot].`
    const { repo, number } = await plant(102, 'git-receive-pack', status(403, denied))
    const { notice } = await yard.fails(repo, number)
    expect(notice).toMatch(/403|denied/)
    expect([...yard.emulator.branches(repo).keys()]).toEqual(['main'])
  })

  it('of the status comment hinders nothing else', async () => {
    const gone = { ...status(410, 'This issue was deleted'), times: 60 }
    const { repo, number } = await plant(103, 'issues/create-comment', gone)
    await yard.becomes(repo, number, 'in-review')
    await yard.until('the label says needs-review', () =>
      yard.emulator.labels({ repo, number }).includes('yard:needs-review'),
    )
    expect(yard.emulator.pulls(repo)).toHaveLength(1)
    expect(yard.comments(repo, number)).toEqual([])
    // Once for each form that was to be shown: on a busy machine each phase of the attempt and each news of it is one.
    expect(yard.emulator.faults.left, 'not asked in a loop').toBeGreaterThanOrEqual(40)
    yard.emulator.faults.clear()
  })

  it('of the code rests the repository and says so, while others go on', async () => {
    const missing = { ...status(404, 'Repository not found.'), times: 9 }
    const { repo, number } = await plant(104, 'git-upload-pack', missing)
    const said = await yard.says(repo, number, /this repository is paused until/i)
    expect(said).toContain('git fetch owner-of-trouble-104/trouble-104')
    expect(await yard.task(repo, number)).toMatchObject({ state: { kind: 'queued' }, failures: 0 })
    const other = await yard.repository({ name: 'other' })
    const free = yard.issue(other, HELLO)
    yard.label(other, free)
    await yard.becomes(other, free, 'in-review')
  })

  it('to say who labelled starts nothing, and is not asked for in a loop', async () => {
    const call = 'repos/get-collaborator-permission-level'
    const { repo, number } = await plant(105, call, { ...status(403, 'Forbidden'), times: 99 })
    const asked = () =>
      yard.emulator.requests.filter(
        ({ operation, path }) => operation === call && path.includes(repo),
      )
    await yard.until('it has asked three times', () => asked().length >= 3)
    const [first, second, third] = asked().map(({ at }) => at)
    expect((third ?? 0) - (second ?? 0)).toBeGreaterThan(1.5 * ((second ?? 0) - (first ?? 0)))
    expect(await yard.task(repo, number)).toBeNull()
    yard.emulator.faults.clear()
  })
})

describe('the last word of a failed task', () => {
  const TABLE: readonly (readonly [name: string, Trouble])[] = [
    ['was written and its answer lost', LOST],
    ['was answered with 502 and written later', LATE],
    ['was answered with 500 and not written', BROKEN],
  ]
  const stories: Story[] = []
  beforeAll(async () => {
    for (const [at, [, trouble]] of TABLE.entries()) {
      const repo = await yard.repository({ name: `last-word-${at}` })
      const number = yard.issue(repo, DOES_NOT_APPLY)
      const match = { operation: 'issues/create-comment', path: new RegExp(`/${repo}/`) }
      // The first one is the status comment.
      yard.emulator.faults.add({ match, skip: 1, ...trouble })
      yard.label(repo, number)
      stories.push({ repo, number })
    }
  })

  it.each(TABLE.map(([name], at) => ({ name, at })))('that $name is there once', async ({ at }) => {
    const { repo, number } = stories[at] ?? { repo: '', number: 0 }
    await yard.fails(repo, number)
    await retriesAreOver()
    expect(yard.comments(repo, number)).toHaveLength(2)
    expect(yard.emulator.faults.unmet).not.toContain('issues/create-comment')
  })
})

describe('people', () => {
  it('who delete the status comment get it anew', async () => {
    const repo = await yard.repository()
    const number = yard.issue(repo, HELLO)
    yard.label(repo, number)
    const { state } = await yard.becomes(repo, number, 'in-review')
    await yard.says(repo, number, `#${state.pull.number} waits for review`)
    const [comment] = yard.emulator.comments({ repo, number })
    yard.emulator.deleteComment({ repo, id: comment?.id ?? 0, as: 'ana' })
    await yard.emulator.merge({ repo, number: state.pull.number, as: 'ana' })
    await yard.says(repo, number, '### Done')
    expect(yard.comments(repo, number)).toHaveLength(1)
  })
})
