// Webhooks follow from changes: signed, valid, only to those who subscribed, and as unreliable as a
// test wants them.
import { createHmac } from 'node:crypto'
import { expect, test } from 'vitest'
import { REPO, scene, SECRET } from './support/github.ts'
import { status } from './support/status.ts'

const AT = { repo: 'acme/shop', number: 1 }

test('an opened and labelled issue is told in order, signed, with its installation', async () => {
  const { github, hooks, installation } = await scene()
  github.openIssue({ repo: 'acme/shop', as: 'ria', title: 'a' })
  github.label({ ...AT, as: 'ben', label: 'yardmaster' })
  github.createLabel({ repo: 'acme/shop', as: 'ben', name: 'nobody subscribed to this' })
  await github.whenIdle()
  expect(hooks.map(({ event, payload }) => `${event} ${String(payload['action'])}`)).toEqual([
    'issues opened',
    'issues labeled',
  ])
  const [, labeled] = hooks
  expect(labeled?.payload).toMatchObject({
    label: { name: 'yardmaster' },
    sender: { login: 'ben' },
    installation: { id: installation.id },
    repository: { full_name: 'acme/shop' },
    organization: { login: 'acme' },
  })
  const signature = `sha256=${createHmac('sha256', SECRET)
    .update(labeled?.body ?? '')
    .digest('hex')}`
  expect(labeled?.headers['x-hub-signature-256']).toBe(signature)
  expect(labeled?.guid).toMatch(/^[0-9a-f-]{36}$/)
  expect(github.violations).toEqual([])
})

test('lost deliveries are listed by the App and sent again under the same GUID', async () => {
  const { github, hooks, appOctokit } = await scene()
  github.webhooks.knobs.dropNext(1)
  github.openIssue({ repo: 'acme/shop', as: 'ria', title: 'a' })
  await github.whenIdle()
  expect(hooks).toEqual([])
  const { data: failed } = await appOctokit.rest.apps.listWebhookDeliveries({ status: 'failure' })
  const [lost] = failed
  expect(lost).toMatchObject({
    event: 'issues',
    action: 'opened',
    status_code: 0,
    redelivery: false,
  })
  await appOctokit.rest.apps.redeliverWebhookDelivery({ delivery_id: lost?.id ?? 0 })
  await github.whenIdle()
  expect(hooks.map(({ guid }) => guid)).toEqual([lost?.guid])
  const { data: all } = await appOctokit.rest.apps.listWebhookDeliveries({ per_page: 2 })
  expect(all.map(({ redelivery, status_code: code }) => [redelivery, code])).toEqual([
    [true, 200],
    [false, 0],
  ])
  const { data: one } = await appOctokit.rest.apps.getWebhookDelivery({
    delivery_id: lost?.id ?? 0,
  })
  expect(one.request.payload).toMatchObject({ action: 'opened' })
  expect(github.violations).toEqual([])
})

test('deliveries can be doubled, held, turned round and silenced', async () => {
  const { github, hooks } = await scene()
  const { knobs } = github.webhooks
  knobs.doubleNext(1)
  github.openIssue({ repo: 'acme/shop', as: 'ria', title: 'a' })
  await github.whenIdle()
  expect(new Set(hooks.map(({ guid }) => guid)).size).toBe(1)
  expect(hooks).toHaveLength(2)

  hooks.length = 0
  knobs.hold()
  github.label({ ...AT, as: 'ben', label: 'one' })
  github.unlabel({ ...AT, as: 'ben', label: 'one' })
  expect(knobs.held).toHaveLength(2)
  knobs.release((held) => held.toReversed())
  await github.whenIdle()
  expect(hooks.map(({ payload }) => payload['action'])).toEqual(['unlabeled', 'labeled'])

  hooks.length = 0
  await knobs.silently(() => github.closeIssue({ ...AT, as: 'ben' }))
  await github.whenIdle()
  expect(hooks).toEqual([])
  expect(github.issue(AT).state).toBe('closed')
})

test('a receiver that fails or is gone leaves its answer in the log', async () => {
  const stage = await scene()
  const { github } = stage
  stage.answer = 500
  github.openIssue({ repo: 'acme/shop', as: 'ria', title: 'a' })
  await github.whenIdle()
  expect(github.webhooks.deliveries.at(-1)?.reply).toMatchObject({ status: 500, body: 'thanks' })
  github.setWebhookUrl(github.app, 'http://127.0.0.1:9/')
  github.closeIssue({ ...AT, as: 'ria' })
  await github.whenIdle()
  expect(github.webhooks.deliveries.at(-1)?.reply).toMatchObject({ status: 0 })
})

test('an App that was granted less hears nothing of it, whatever it subscribed to', async () => {
  const { github, hooks } = await scene()
  const permissions = { contents: 'read', metadata: 'read' } as const
  github.grant({ app: github.app, account: 'acme', permissions })
  await github.whenIdle()
  hooks.length = 0
  github.openIssue({ repo: 'acme/shop', as: 'ria', title: 'a' })
  await github.pushFiles({
    repo: 'acme/shop',
    as: 'ben',
    branch: 'a',
    files: { a: 'a' },
    message: 'a',
  })
  await github.whenIdle()
  expect(hooks.map(({ event }) => event)).toEqual(['push'])
})

test('every change that a verb makes is told in a payload that GitHub would send', async () => {
  const { github, hooks } = await scene({
    manifest: {
      name: 'Nosy',
      url: 'http://a.test',
      default_permissions: {
        issues: 'write',
        pull_requests: 'write',
        contents: 'write',
        checks: 'write',
      },
      default_events: [
        'issues',
        'issue_comment',
        'pull_request',
        'pull_request_review',
        'push',
        'create',
        'delete',
        'check_run',
        'repository',
        'label',
        'member',
      ],
    },
  })
  await github.createRepository({ owner: 'acme', name: 'tills' })
  github.install(github.app, ['acme/tills'])
  const { number } = github.openIssue({
    repo: 'acme/shop',
    as: 'ben',
    title: 'a',
    labels: ['bug', 'fresh'],
  })
  const at = { repo: 'acme/shop', number, as: 'ben' }
  github.editIssue({ ...at, title: 'b', body: 'c' })
  github.assign({ ...at, to: 'ana' })
  github.unlabel({ ...at, label: 'bug' })
  const { id } = github.comment({ ...at, body: 'hello' })
  github.editComment({ repo: 'acme/shop', id, as: 'ben', body: 'bye' })
  github.deleteComment({ repo: 'acme/shop', id, as: 'ben' })
  github.lock(at)
  github.unlock(at)
  github.closeIssue({ ...at, reason: 'not_planned' })
  github.reopen(at)
  github.deleteLabel({ repo: 'acme/shop', as: 'ana', label: 'fresh' })
  await github.pushFiles({
    ...at,
    branch: 'fix',
    files: { a: 'a', 'README.md': null },
    message: 'Fix',
  })
  await github.openPull({ ...at, title: 'Fix', head: 'fix', draft: true, body: `Fixes #${number}` })
  const pull = { repo: 'acme/shop', number: number + 1, as: 'ben' }
  github.markReady(pull)
  github.convertToDraft(pull)
  github.markReady(pull)
  github.label({ ...pull, label: 'bug' })
  github.requestReview({ ...pull, from: 'ana' })
  await github.review({ ...pull, as: 'ana', event: 'REQUEST_CHANGES', body: 'More' })
  await github.pushFiles({ ...at, branch: 'fix', files: { b: 'b' }, message: 'More' })
  await github.review({ ...pull, as: 'ana', event: 'APPROVE' })
  github.closePull(pull)
  github.reopenPull(pull)
  await github.merge({ ...pull, method: 'squash' })
  await github.deleteBranch({ ...at, branch: 'fix' })
  const moved = github.transferIssue({
    ...github.openIssue({ ...at, title: 'x' }),
    repo: 'acme/shop',
    as: 'ana',
    to: 'acme/tills',
  })
  github.deleteIssue({ repo: 'acme/tills', number: moved.number, as: 'ana' })
  github.setRole('acme/shop', 'ria', 'triage')
  github.setRole('acme/shop', 'ria', 'none')
  github.archive({ repo: 'acme/tills', as: 'ana' })
  github.unarchive({ repo: 'acme/tills', as: 'ana' })
  github.makePrivate({ repo: 'acme/tills', as: 'ana' })
  github.makePublic({ repo: 'acme/tills', as: 'ana' })
  github.renameRepository({ repo: 'acme/tills', as: 'ana', name: 'registers' })
  await github.deleteRepository({ repo: 'acme/registers', as: 'ana' })
  github.suspend({ app: github.app, account: 'acme' })
  github.unsuspend({ app: github.app, account: 'acme' })
  github.removeFromInstallation({ app: github.app, repo: 'acme/shop', as: 'ana' })
  github.uninstall({ app: github.app, account: 'acme' })
  await github.whenIdle()
  expect(github.violations).toEqual([])
  const told = new Set(
    hooks.map(({ event, payload }) => `${event}.${String(payload['action'] ?? '')}`),
  )
  expect([...told].toSorted()).toMatchSnapshot()
})

test('a button of a check is heard by the App that made it', async () => {
  const { github, octokit, hooks } = await scene({
    manifest: {
      name: 'Checker',
      url: 'http://a.test',
      default_permissions: { checks: 'write', contents: 'read' },
      default_events: ['check_run'],
    },
  })
  const sha = github.branches('acme/shop').get('main') ?? ''
  const { data: run } = await octokit.rest.checks.create({
    ...REPO,
    name: 'yardmaster',
    head_sha: sha,
    conclusion: 'neutral',
    actions: [{ label: 'Again', description: 'Run it once more', identifier: 'again' }],
  })
  github.pressCheckAction({ run: run.id, as: 'ben', identifier: 'again' })
  await github.whenIdle()
  expect(hooks.map(({ payload }) => payload['action'])).toEqual(['completed', 'requested_action'])
  expect(() => github.pressCheckAction({ run: run.id, as: 'ria', identifier: 'again' })).toThrow(
    'needs write',
  )
  const nowhere = octokit.rest.checks.create({ ...REPO, name: 'a', head_sha: '0'.repeat(40) })
  expect(await status(nowhere)).toBe(422)
  expect(github.violations).toEqual([])
})
