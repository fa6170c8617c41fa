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
