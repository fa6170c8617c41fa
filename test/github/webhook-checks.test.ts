/** Check suites and statuses at the door: only what others say of our own branches is let in. */
import { describe, expect, test } from 'vitest'
import { issueId, repoId, taskId } from '../../src/domain/ids.ts'
import { createWebhookCounters, factsOf } from '../../src/github/webhook.ts'

const base = {
  repository: { id: 900, name: 'yard', owner: { login: 'octo' }, default_branch: 'main' },
  installation: { id: 77 },
  sender: { id: 5, login: 'ana', type: 'User' },
}
const TASK = taskId(repoId(900), issueId(5_007))

async function receive(name: string, payload: unknown) {
  const counters = createWebhookCounters()
  const findTask = (repo: number, by: 'issue' | 'pull', number: number) =>
    Promise.resolve(repo === 900 && by === 'issue' && number === 7 ? TASK : null)
  const delivery = { id: '72d3162e-cc78-11e3-81ab-4c9367dc0958', name, payload }
  const facts = await factsOf(delivery, { slug: 'yardmaster', findTask, counters })
  const counted = Object.entries(counters).filter(([, count]) => count > 0)
  return { facts, counted: Object.fromEntries(counted) }
}

describe('what others check', () => {
  const suite = (more: object = {}) => ({
    head_branch: 'yardmaster/7',
    app: { slug: 'github-actions' },
    ...more,
  })
  const send = (action: string, check_suite: unknown) =>
    receive('check_suite', { ...base, action, check_suite })

  test('is looked at once a suite on our branch has ended', async () => {
    const { facts } = await send('completed', suite())
    expect(facts.map(({ aggregate, fact }) => [aggregate, fact])).toEqual([
      [`task:${TASK}`, { kind: 'checks-changed', via: 'webhook' }],
    ])
  })

  test.each([
    ['on another branch', 'completed', suite({ head_branch: 'fix' })],
    ['of a fork', 'completed', suite({ head_branch: null })],
    ['of our own', 'completed', suite({ app: { slug: 'yardmaster' } })],
    ['that has just begun', 'requested', suite()],
  ])('is nothing to us when it is a suite %s', async (_, action, given) => {
    expect(await send(action, given)).toEqual({ facts: [], counted: { irrelevant: 1 } })
  })

  test('is told by statuses too, once they are more than pending', async () => {
    const status = {
      ...base,
      state: 'failure',
      branches: [{ name: 'fix' }, { name: 'yardmaster/7' }],
    }
    expect((await receive('status', status)).facts).toHaveLength(1)
    expect((await receive('status', { ...status, state: 'pending' })).facts).toEqual([])
  })
})

describe('comments and reviews', () => {
  const created_at = '2026-03-01T12:00:00Z'
  const at = Date.parse(created_at)
  const user = base.sender
  const comment = (more: object = {}) => ({ id: 55, body: '/run', created_at, user, ...more })
  const send = (action: string, more: object) =>
    receive('issue_comment', { ...base, action, issue, comment: comment(), ...more })

  test('with a line that may be a command become one, under a key of their own', async () => {
    const { facts } = await send('created', {})
    expect(facts).toMatchObject([
      {
        key: 'comment:900:issue:55',
        aggregate: `task:${TASK}`,
        fact: {
          kind: 'commanded',
          spoken: { id: 55, on: 'issue', number: 7, text: '/run', at },
          issue: { number: 7 },
          via: 'webhook',
        },
      },
    ])
  })

  test('without one are only looked at where there is a task', async () => {
    const { facts } = await send('created', { comment: comment({ body: 'I wonder.' }) })
    expect(facts).toMatchObject([{ aggregate: `task:${TASK}`, fact: { kind: 'replied' } }])
    const elsewhere = { ...issue, number: 8 }
    const others = await send('created', { issue: elsewhere, comment: comment({ body: 'Hm.' }) })
    expect(others).toEqual({ facts: [], counted: { irrelevant: 1 } })
  })

  test.each([
    ['that were edited', 'edited', {}],
    ['that were deleted', 'deleted', {}],
    ['of bots', 'created', { sender: { ...user, type: 'Bot' } }],
    ['that somebody else sent than wrote', 'created', { sender: { ...user, id: 99 } }],
    [
      'of our own App in a person’s name',
      'created',
      { comment: comment({ performed_via_github_app: { slug: 'yardmaster' } }) },
    ],
  ])('%s say nothing', async (_, action, more) => {
    expect(await send(action, more)).toEqual({ facts: [], counted: { irrelevant: 1 } })
  })

  test('on a pull request find the task that opened it; so does the text of a review', async () => {
    const on = { issue: { ...issue, pull_request: {} } }
    const { facts } = await send('created', on)
    expect(facts).toMatchObject([
      {
        aggregate: `task:${TASK}`,
        fact: { kind: 'commanded', issue: null, spoken: { on: 'pull' } },
      },
    ])
    const said = { id: 55, body: '/hold', submitted_at: created_at, user }
    const review = { ...said, state: 'commented', commit_id: HEAD }
    const reviewed = await receive('pull_request_review', {
      ...base,
      action: 'submitted',
      review,
      pull_request: { number: 7 },
    })
    const words = reviewed.facts.filter(({ fact }) => fact.kind === 'commanded')
    expect(words).toMatchObject([
      { key: 'comment:900:review:55', fact: { kind: 'commanded', spoken: { on: 'review' } } },
    ])
  })
})
