// Checks by others: a CI reports on a head, the App hears and reads it, what the branch requires
// decides over merging, and buttons and re-runs reach the App they belong to.
import { expect, test } from 'vitest'
import { REPO, scene, type Scene } from './support/github.ts'
import { status } from './support/status.ts'
import { TALKER } from './support/talker.ts'

const BEN = { repo: 'acme/shop', as: 'ben' }
const AT = { repo: 'acme/shop', number: 1 }
const PULL = { ...REPO, pull_number: 1 }

async function opened(): Promise<Scene & { readonly sha: string }> {
  const stage = await scene({ manifest: TALKER })
  const { github, hooks } = stage
  const sha = await github.pushFiles({ ...BEN, branch: 'fix', files: { a: 'a' }, message: 'a' })
  await github.openPull({ ...BEN, title: 'Better', head: 'fix' })
  await github.whenIdle()
  hooks.length = 0
  return { ...stage, sha }
}

const ROLLUP = `query ($owner: String!, $repo: String!) {
  repository(owner: $owner, name: $repo) {
    pullRequest(number: 1) {
      mergeable mergeStateStatus
      commits(last: 1) {
        nodes {
          commit {
            oid
            statusCheckRollup {
              state
              contexts(first: 50) {
                nodes {
                  __typename
                  ... on CheckRun {
                    name status conclusion title summary text detailsUrl
                    isRequired(pullRequestNumber: 1)
                    checkSuite { app { slug } }
                    annotations(first: 10) {
                      nodes { path message annotationLevel location { start { line } } }
                    }
                  }
                  ... on StatusContext { context state description targetUrl isRequired(pullRequestNumber: 1) }
                }
              }
            }
          }
        }
      }
    }
  }
}`

type Contexts = {
  readonly state: string
  readonly contexts: { readonly nodes: readonly unknown[] }
}
type Rollup = {
  readonly repository: {
    readonly pullRequest: {
      readonly mergeStateStatus: string
      readonly commits: {
        readonly nodes: readonly [
          { readonly commit: { readonly statusCheckRollup: Contexts | null } },
        ]
      }
    }
  }
}

test('a red CI is heard and read with its log and the lines it complains of', async () => {
  const { github, hooks, octokit, sha } = await opened()
  const report = { repo: 'acme/shop', sha, name: 'test', by: 'github-actions' }
  await github.reportCheck(report)
  const run = await github.reportCheck({
    ...report,
    conclusion: 'failure',
    title: '1 test failed',
    summary: 'See the log.',
    text: 'price.test.ts: expected 2 to be 3',
    detailsUrl: 'https://ci.test/1',
    annotations: [
      { path: 'a', start_line: 1, end_line: 1, annotation_level: 'failure', message: 'wrong' },
    ],
  })
  await github.whenIdle()
  expect(hooks.map(({ event, payload }) => `${event} ${String(payload['action'])}`)).toEqual([
    'check_run created',
    'check_run completed',
    'check_suite completed',
  ])
  expect(hooks[1]?.payload).toMatchObject({
    check_run: {
      id: run.id,
      head_sha: sha,
      conclusion: 'failure',
      app: { slug: 'github-actions' },
      pull_requests: [{ number: 1 }],
    },
    sender: { login: 'github-actions[bot]' },
  })
  const { data } = await octokit.rest.checks.listForRef({ ...REPO, ref: sha })
  expect(data.check_runs[0]?.output).toMatchObject({
    text: 'price.test.ts: expected 2 to be 3',
    annotations_count: 1,
  })
  const { data: lines } = await octokit.rest.checks.listAnnotations({
    ...REPO,
    check_run_id: run.id,
  })
  expect(lines[0]).toMatchObject({ path: 'a', message: 'wrong' })
  const suites = await octokit.rest.checks.listSuitesForRef({ ...REPO, ref: 'fix' })
  expect(suites.data.check_suites).toMatchObject([{ status: 'completed', conclusion: 'failure' }])
  const update = octokit.rest.checks.update({
    ...REPO,
    check_run_id: run.id,
    conclusion: 'success',
  })
  expect(await status(update)).toBe(403)
  expect(github.violations).toEqual([])
})

test('what the branch requires decides whether people may merge, and is to be read', async () => {
  const { github, octokit, sha } = await opened()
  const rules = { by: 'ruleset', requiredChecks: ['test', 'deploy/preview'], approvals: 1 } as const
  github.protectBranch({ repo: 'acme/shop', as: 'ana', branch: 'main', ...rules })
  const state = async (): Promise<string | undefined> =>
    (await octokit.rest.pulls.get(PULL)).data.mergeable_state
  const merge = async (): Promise<string> => github.merge({ ...BEN, number: 1 })
  await expect(merge()).rejects.toThrow('1 approving review is required')
  await github.review({ ...AT, as: 'ana', event: 'APPROVE' })
  await expect(merge()).rejects.toThrow('"test" is expected')
  await github.reportCheck({ repo: 'acme/shop', sha, name: 'test' })
  await expect(merge()).rejects.toThrow('"test" is in progress')
  await github.reportCheck({ repo: 'acme/shop', sha, name: 'test', conclusion: 'success' })
  const preview = { repo: 'acme/shop', sha, as: 'ben', context: 'deploy/preview' }
  await github.reportStatus({ ...preview, state: 'failure', description: 'No room' })
  await expect(merge()).rejects.toThrow('"deploy/preview" is failing')
  expect(await state()).toBe('blocked')
  const read = await octokit.graphql<Rollup>(ROLLUP, REPO)
  const [{ commit }] = read.repository.pullRequest.commits.nodes
  expect(read.repository.pullRequest.mergeStateStatus).toBe('BLOCKED')
  expect(commit.statusCheckRollup).toMatchObject({
    state: 'FAILURE',
    contexts: {
      nodes: [
        { name: 'test', conclusion: 'SUCCESS', isRequired: true },
        { context: 'deploy/preview', state: 'FAILURE', isRequired: true },
      ],
    },
  })
  await github.reportStatus({ ...preview, state: 'success' })
  await github.reportCheck({ repo: 'acme/shop', sha, name: 'nightly', conclusion: 'failure' })
  expect(await state()).toBe('unstable')
  const { data: combined } = await octokit.rest.repos.getCombinedStatusForRef({ ...REPO, ref: sha })
  expect(combined).toMatchObject({ state: 'success', total_count: 1 })
  const { data: asked } = await octokit.rest.repos.getBranchRules({ ...REPO, branch: 'main' })
  expect(asked).toMatchObject([
    { type: 'pull_request', parameters: { required_approving_review_count: 1 } },
    {
      type: 'required_status_checks',
      parameters: { required_status_checks: [{ context: 'test' }, { context: 'deploy/preview' }] },
    },
  ])
  await merge()
  expect(github.violations).toEqual([])
})

test('a classic protection stands with its branch, and a strict one wants the newest base', async () => {
  const { github, octokit, sha } = await opened()
  const rules = { requiredChecks: ['test'], strict: true }
  github.protectBranch({ repo: 'acme/shop', as: 'ana', branch: 'main', ...rules })
  const { data } = await octokit.rest.repos.getBranch({ ...REPO, branch: 'main' })
  expect(data.protection.required_status_checks?.contexts).toEqual(['test'])
  expect((await octokit.rest.repos.getBranchRules({ ...REPO, branch: 'main' })).data).toEqual([])
  await github.reportCheck({ repo: 'acme/shop', sha, name: 'test', conclusion: 'success' })
  expect((await octokit.rest.pulls.get(PULL)).data.mergeable_state).toBe('clean')
  github.unprotectBranch({ repo: 'acme/shop', as: 'ana', branch: 'main' })
  await github.pushFiles({ ...BEN, branch: 'main', files: { b: 'b' }, message: 'b' })
  github.protectBranch({ repo: 'acme/shop', as: 'ana', branch: 'main', ...rules })
  expect((await octokit.rest.pulls.get(PULL)).data.mergeable_state).toBe('behind')
  await expect(github.merge({ ...BEN, number: 1 })).rejects.toThrow('not up to date')
  expect(github.violations).toEqual([])
})

test('an App without the permission sees that there is a status, and not which', async () => {
  const { statuses: _, ...fewer } = TALKER.default_permissions
  const { github, octokit } = await scene({ manifest: TALKER })
  github.grant({ app: github.app, account: 'acme', permissions: fewer })
  const sha = await github.pushFiles({ ...BEN, branch: 'fix', files: { a: 'a' }, message: 'a' })
  await github.openPull({ ...BEN, title: 'Better', head: 'fix' })
  await github.reportStatus({ ...BEN, sha, context: 'old-ci', state: 'error' })
  const error: unknown = await octokit.graphql(ROLLUP, REPO).catch((thrown: unknown) => thrown)
  expect(error).toMatchObject({ errors: [{ type: 'FORBIDDEN' }] })
  expect(error).toHaveProperty('data.repository.pullRequest.mergeStateStatus', 'UNSTABLE')
  const read = octokit.rest.repos.getCombinedStatusForRef({ ...REPO, ref: sha })
  expect(await status(read)).toBe(403)
})

test('buttons and re-runs reach the App whose check it is, with who pressed', async () => {
  const { github, hooks, octokit, sha } = await opened()
  const action = { label: 'Retry', description: 'Run it again', identifier: 'retry' }
  const check = { ...REPO, name: 'yardmaster', head_sha: sha, conclusion: 'failure' } as const
  const { data: run } = await octokit.rest.checks.create({ ...check, actions: [action] })
  const others = await github.reportCheck({
    repo: 'acme/shop',
    sha,
    name: 'test',
    conclusion: 'failure',
  })
  await github.whenIdle()
  hooks.length = 0
  github.pressCheckAction({ run: run.id, as: 'ben', identifier: 'retry' })
  github.rerunCheck({ run: run.id, as: 'ana' })
  github.rerunSuite({ run: run.id, as: 'ana' })
  await octokit.rest.checks.rerequestRun({ ...REPO, check_run_id: run.id })
  await github.whenIdle()
  expect(hooks.map(({ event, payload }) => [event, payload])).toMatchObject([
    [
      'check_run',
      {
        action: 'requested_action',
        requested_action: { identifier: 'retry' },
        sender: { login: 'ben' },
        check_run: { id: run.id },
      },
    ],
    ['check_run', { action: 'rerequested', sender: { login: 'ana' } }],
    ['check_suite', { action: 'rerequested', sender: { login: 'ana' } }],
    ['check_run', { action: 'rerequested', sender: { login: 'talker[bot]' } }],
  ])
  expect(() => github.rerunCheck({ run: others.id, as: 'ana' })).toThrow('404')
  expect(() => github.rerunCheck({ run: run.id, as: 'ria' })).toThrow('needs write')
  expect(() => github.pressCheckAction({ run: run.id, as: 'ben', identifier: 'x' })).toThrow('422')
  const long = [{ ...action, label: 'x'.repeat(21) }]
  expect(github.violations).toEqual([])
  expect(await status(octokit.rest.checks.create({ ...check, actions: long }))).toBe(422)
  expect(
    await status(
      octokit.rest.checks.create({ ...check, actions: [action, action, action, action] }),
    ),
  ).toBe(422)
})
