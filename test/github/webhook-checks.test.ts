/** What others do on our branches, at the door: check suites, statuses and pushes. */
import { describe, expect, test } from 'vitest'
import { issueId, repoId, taskId } from '../../src/domain/ids.ts'
import { createWebhookCounters, factsOf } from '../../src/github/webhook.ts'

const base = {
  repository: { id: 900, name: 'yard', owner: { login: 'octo' }, default_branch: 'main' },
  installation: { id: 77 },
  sender: { id: 5, login: 'ana', type: 'User' },
}
const HEAD = 'a'.repeat(40)
const TASK = taskId(repoId(900), issueId(5_007))

async function receive(name: string, payload: unknown) {
  const counters = createWebhookCounters()
  const findTask = (repo: number, by: 'issue' | 'pull', number: number) =>
    Promise.resolve(repo === 900 && by === 'issue' && number === 7 ? TASK : null)
  const delivery = { id: '72d3162e-cc78-11e3-81ab-4c9367dc0958', name, payload }
  const findBoard = () => Promise.resolve(null)
  const deps = { slug: 'yardmaster', findTask, findBoard, counters }
  const facts = await factsOf(delivery, deps)
  const counted = Object.entries(counters).filter(([, count]) => count > 0)
  return { facts, counted: Object.fromEntries(counted) }
}

test('a push by somebody else to the branch of a pull request of ours tells where it points', async () => {
  const side = { ref: 'main', sha: HEAD, repo: { id: 900 } }
  const pull_request = { number: 8, head: { ...side, ref: 'yardmaster/7' }, base: side }
  const { facts } = await receive('pull_request', { ...base, action: 'synchronize', pull_request })
  expect(facts[0]?.fact).toEqual({
    kind: 'pull-pushed',
    pull: 8,
    head: HEAD,
    actor: { id: 5, login: 'ana', kind: 'person' },
    via: 'webhook',
  })
})

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

test('a store that does not answer lets the delivery fail, so that it comes again', async () => {
  const payload = {
    ...base,
    action: 'completed',
    check_suite: { head_branch: 'yardmaster/7', app: { slug: 'ci' } },
  }
  const delivery = { id: '72d3162e-cc78-11e3-81ab-4c9367dc0958', name: 'check_suite', payload }
  const away = () => Promise.reject(new Error('store away'))
  const deps = {
    slug: 'yardmaster',
    findTask: away,
    findBoard: away,
    counters: createWebhookCounters(),
  }
  await expect(factsOf(delivery, deps)).rejects.toThrow('store away')
})
