// Check runs and statuses of a commit, by whichever App or person, and their sum.
import { pullCommits } from '../change/pull-stats.ts'
import {
  contextsOf,
  isRequired,
  mergeStateOf,
  rollupOf,
  type Context,
} from '../change/merge-state.ts'
import { isPull } from '../change/follow-branches.ts'
import { readCommit } from '../git/commits.ts'
import type { Fields } from '../http/fields.ts'
import { repoHtmlUrl } from '../present/repository.ts'
import type { App } from '../world/app.ts'
import type { Annotation, CheckRun, CheckSuite } from '../world/check.ts'
import type { PullIssue, Repository } from '../world/issue.ts'
import type { CommitStatus } from '../world/status.ts'
import { connection } from './connection.ts'
import { may, need, refuse, type QueryContext } from './context.ts'
import type { Table } from './resolver.ts'

export type CommitAt = { readonly repo: Repository; readonly sha: string }
type Rollup = CommitAt & { readonly contexts: readonly Context[] }

export const checkedPullFields: Table<PullIssue> = {
  mergeStateStatus: async (issue, _args, { world }) => mergeStateOf(world, issue),
  statusCheckRollup: ({ pull, repo }, _args, context) =>
    rollup({ repo, sha: pull.head.sha }, context),
  commits: async (issue, args) => {
    const commits = await pullCommits(issue)
    return connection(
      'commits',
      commits.map(({ sha }) => ({ commit: { repo: issue.repo, sha } })),
      args,
    )
  },
}

export const CHECK_TABLES = {
  PullRequestCommit: { commit: ({ commit }) => commit } satisfies Table<{
    readonly commit: CommitAt
  }>,
  Commit: {
    oid: ({ sha }) => sha,
    abbreviatedOid: ({ sha }) => sha.slice(0, 7),
    url: ({ repo, sha }, _args, { world }) => `${repoHtmlUrl(world, repo)}/commit/${sha}`,
    message: async (at) => (await commitOf(at)).message,
    messageHeadline: async (at) => (await commitOf(at)).message.split('\n')[0],
    committedDate: async (at) => (await commitOf(at)).committer.date,
    authoredDate: async (at) => (await commitOf(at)).author.date,
    repository: ({ repo }) => repo,
    statusCheckRollup: (at, _args, context) => rollup(at, context),
  } satisfies Table<CommitAt>,
  StatusCheckRollup: {
    state: ({ contexts }) => rollupOf(contexts),
    commit: ({ repo, sha }): CommitAt => ({ repo, sha }),
    contexts: ({ contexts, repo, sha }, args, context) =>
      connection(
        'contexts',
        contexts.map((one) => shown(one, { repo, sha }, context)),
        args,
      ),
  } satisfies Table<Rollup>,
  CheckRun: {
    id: (run) => run.nodeId,
    databaseId: (run) => run.id,
    name: (run) => run.name,
    status: (run) => run.status.toUpperCase(),
    conclusion: (run) => run.conclusion?.toUpperCase() ?? null,
    startedAt: (run) => run.startedAt,
    completedAt: (run) => run.completedAt,
    externalId: (run) => run.externalId,
    title: (run) => run.output.title,
    summary: (run) => run.output.summary,
    text: (run) => run.output.text,
    detailsUrl: (run, _args, { world }) =>
      run.detailsUrl ?? runUrl(run, repoHtmlUrl(world, run.suite.repo)),
    url: (run, _args, { world }) => runUrl(run, repoHtmlUrl(world, run.suite.repo)),
    permalink: (run, _args, { world }) => runUrl(run, repoHtmlUrl(world, run.suite.repo)),
    repository: (run) => run.suite.repo,
    checkSuite: (run) => run.suite,
    isRequired: (run, args, context) => required(run.suite.repo, run.name, { args, context }),
    annotations: (run, args) => connection('annotations', run.annotations, args),
  } satisfies Table<CheckRun>,
  CheckSuite: {
    id: (suite) => suite.nodeId,
    databaseId: (suite) => suite.id,
    app: (suite) => suite.app,
    commit: ({ headSha, repo }): CommitAt => ({ repo, sha: headSha }),
    createdAt: (suite) => suite.createdAt,
    updatedAt: (suite) => suite.updatedAt,
    repository: (suite) => suite.repo,
  } satisfies Table<CheckSuite>,
  App: {
    id: (app) => app.nodeId,
    databaseId: (app) => app.id,
    slug: (app) => app.slug,
    name: (app) => app.name,
    url: (app) => app.externalUrl,
  } satisfies Table<App>,
  CheckAnnotation: {
    path: (one) => one['path'],
    message: (one) => one['message'],
    title: (one) => one['title'] ?? null,
    rawDetails: (one) => one['raw_details'] ?? null,
    annotationLevel: (one) => String(one['annotation_level']).toUpperCase(),
    location: (one) => one,
  } satisfies Table<Annotation>,
  CheckAnnotationSpan: {
    start: (one) => ({ line: one['start_line'], column: one['start_column'] ?? null }),
    end: (one) => ({ line: one['end_line'], column: one['end_column'] ?? null }),
  } satisfies Table<Annotation>,
  CheckAnnotationPosition: {
    line: (at) => at.line,
    column: (at) => at.column,
  } satisfies Table<{ readonly line: unknown; readonly column: unknown }>,
  StatusContext: {
    id: (status) => status.nodeId,
    context: (status) => status.context,
    state: (status) => status.state.toUpperCase(),
    description: (status) => status.description,
    targetUrl: (status) => status.targetUrl,
    createdAt: (status) => status.createdAt,
    creator: (status) => status.creator,
    commit: ({ repo, sha }): CommitAt => ({ repo, sha }),
    isRequired: (status, args, context) => required(status.repo, status.context, { args, context }),
  } satisfies Table<CommitStatus>,
}

function rollup(at: CommitAt, context: QueryContext): Rollup | null {
  need(context, at.repo, ['checks:read', 'statuses:read'])
  const contexts = contextsOf(context.world, at.repo, at.sha)
  return contexts.length === 0 ? null : { ...at, contexts }
}

/** GitHub shows null and an error in place of the kind that the App may not read. */
function shown(one: Context, at: CommitAt, context: QueryContext): unknown {
  const needed = one.kind === 'run' ? 'checks:read' : 'statuses:read'
  if (!may(context, at.repo, [needed]))
    return refuse('FORBIDDEN', 'Resource not accessible by integration')
  return one.kind === 'run' ? one.run : one.status
}

function required(
  repo: Repository,
  name: string,
  given: { readonly args: Fields; readonly context: QueryContext },
): boolean {
  const { args } = given
  const issue = [...repo.issues.values()]
    .filter(isPull)
    .find(
      (one) =>
        one.nodeId === args.maybe('pullRequestId') ||
        (args.has('pullRequestNumber') && one.number === args.number('pullRequestNumber')),
    )
  if (issue === undefined) throw refuse('NOT_FOUND', 'Could not resolve to a pull request.')
  return isRequired(issue, name)
}

function runUrl(run: CheckRun, repository: string): string {
  return `${repository}/runs/${run.id}`
}

async function commitOf({ repo, sha }: CommitAt) {
  return readCommit(repo.gitDir, sha)
}
