// Check runs and suites as GitHub's payloads show them.
import type { CheckConclusion, CheckRun, CheckStatus, CheckSuite } from '../world/check.ts'
import type { JsonObject } from '../world/refusal.ts'
import type { World } from '../world/world.ts'
import { appJson } from './app.ts'
import { repoHtmlUrl, repoJson, repoUrl } from './repository.ts'

/** The `check-run` schema. */
export function checkRunJson(world: World, run: CheckRun): JsonObject {
  return { ...runFields(world, run), check_suite: { id: run.suite.id } }
}

/** The check run inside a `check_run` webhook, which tells of its suite too. */
export function checkRunWebhookJson(world: World, run: CheckRun): JsonObject {
  return { ...runFields(world, run), check_suite: suiteFields(world, run.suite) }
}

/** The `check-suite` schema. */
export function suiteJson(world: World, suite: CheckSuite): JsonObject {
  return { ...suiteWebhookJson(world, suite), repository: repoJson(world, suite.repo) }
}

/** The suite of a `check_suite` webhook. */
export function suiteWebhookJson(world: World, suite: CheckSuite): JsonObject {
  const { commit } = suite
  return {
    ...suiteFields(world, suite),
    rerequestable: true,
    runs_rerequestable: true,
    latest_check_runs_count: runsOf(world, suite).length,
    check_runs_url: `${repoUrl(world, suite.repo)}/check-suites/${suite.id}/check-runs`,
    head_commit: {
      id: commit.sha,
      tree_id: commit.tree,
      message: commit.message,
      timestamp: commit.committer.date,
      author: { name: commit.author.name, email: commit.author.email },
      committer: { name: commit.committer.name, email: commit.committer.email },
    },
  }
}

/** Of the newest run of each name: completed when all are, and then as bad as the worst. */
export function suiteOutcome(
  world: World,
  suite: CheckSuite,
): { readonly status: CheckStatus; readonly conclusion: CheckConclusion | null } {
  const runs = [...new Map(runsOf(world, suite).map((run) => [run.name, run])).values()]
  if (runs.every(({ status }) => status === 'queued')) {
    return { status: 'queued', conclusion: null }
  }
  if (runs.some(({ status }) => status !== 'completed')) {
    return { status: 'in_progress', conclusion: null }
  }
  const worst = WORST_FIRST.find((one) => runs.some(({ conclusion }) => conclusion === one))
  return { status: 'completed', conclusion: worst ?? 'neutral' }
}

const WORST_FIRST: readonly CheckConclusion[] = [
  'failure',
  'timed_out',
  'action_required',
  'cancelled',
  'stale',
  'success',
  'neutral',
  'skipped',
]

function runsOf(world: World, suite: CheckSuite): readonly CheckRun[] {
  return [...world.checkRuns.values()].filter((run) => run.suite === suite)
}

function suiteFields(world: World, suite: CheckSuite): JsonObject {
  return {
    id: suite.id,
    node_id: suite.nodeId,
    head_branch: branchOf(suite),
    head_sha: suite.headSha,
    ...suiteOutcome(world, suite),
    url: `${repoUrl(world, suite.repo)}/check-suites/${suite.id}`,
    before: null,
    after: suite.headSha,
    pull_requests: pullsOf(world, suite),
    app: appJson(world, suite.app),
    created_at: suite.createdAt,
    updated_at: suite.updatedAt,
  }
}

/** Open pull requests whose head is the suite's commit, in the `pull-request-minimal` schema. */
function pullsOf(world: World, suite: CheckSuite): readonly JsonObject[] {
  const { repo } = suite
  const repository = { id: repo.id, url: repoUrl(world, repo), name: repo.name }
  return [...repo.issues.values()]
    .flatMap(({ number, pull, state }) =>
      pull !== null && state === 'open' && pull.head.sha === suite.headSha
        ? [{ number, pull }]
        : [],
    )
    .map(({ number, pull }) => ({
      id: pull.id,
      number,
      url: `${repoUrl(world, repo)}/pulls/${number}`,
      head: { ref: pull.head.ref, sha: pull.head.sha, repo: repository },
      base: { ref: pull.base.ref, sha: pull.base.sha, repo: repository },
    }))
}

function branchOf(suite: CheckSuite): string | null {
  const prefix = 'refs/heads/'
  for (const [ref, sha] of suite.repo.refs) {
    if (sha === suite.headSha && ref.startsWith(prefix)) return ref.slice(prefix.length)
  }
  return null
}

function runFields(world: World, run: CheckRun): JsonObject {
  const { suite } = run
  const url = `${repoUrl(world, suite.repo)}/check-runs/${run.id}`
  const html = `${repoHtmlUrl(world, suite.repo)}/runs/${run.id}`
  return {
    id: run.id,
    name: run.name,
    node_id: run.nodeId,
    head_sha: suite.headSha,
    external_id: run.externalId,
    url,
    html_url: html,
    details_url: run.detailsUrl ?? html,
    status: run.status,
    conclusion: run.conclusion,
    started_at: run.startedAt,
    completed_at: run.completedAt,
    output: {
      ...run.output,
      annotations_count: run.annotations.length,
      annotations_url: `${url}/annotations`,
    },
    app: appJson(world, suite.app),
    pull_requests: pullsOf(world, suite),
  }
}
