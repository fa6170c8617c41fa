// The GraphQL fields that the emulator answers. A field that is not here is refused loudly, never
// answered with null.
import { isPull } from '../change/follow-branches.ts'
import { refreshStats } from '../change/pull-stats.ts'
import type { Fields } from '../http/fields.ts'
import { issueHtmlUrl } from '../present/issue.ts'
import { repoHtmlUrl } from '../present/repository.ts'
import type { Comment, Issue, Label, PullIssue, Repository } from '../world/issue.ts'
import type { User } from '../world/people.ts'
import { fullNameOf } from '../world/world.ts'
import { CHECK_TABLES, checkedPullFields } from './checks.ts'
import { connection, cursorAt, type Connection } from './connection.ts'
import { blobFields, objectOf } from './object.ts'
import { renameFields, timelineOf } from './timeline.ts'
import { need, needIssue, refuse, sees, type QueryContext } from './context.ts'
import { issueMutations, reviewMutations, type Payload } from './mutations.ts'
import { nodeOf } from './node.ts'
import { projectMutations } from './project-mutations.ts'
import {
  PROJECT_TABLES,
  projectItemFields,
  projectOwnerFields,
  projectQueries,
  projectTypeOf,
} from './projects.ts'
import { reactionFields, reactionsOf } from './reactions.ts'
import type { Table } from './resolver.ts'
import { REVIEW_TABLES, reviewedPullFields } from './reviews.ts'

const issueFields: Table<Issue> = {
  id: (issue) => issue.nodeId,
  fullDatabaseId: (issue) => String(issue.pull?.id ?? issue.id),
  databaseId: (issue) => issue.pull?.id ?? issue.id,
  number: (issue) => issue.number,
  title: (issue) => issue.title,
  body: (issue) => issue.body ?? '',
  bodyText: (issue) => issue.body ?? '',
  closed: (issue) => issue.state === 'closed',
  closedAt: (issue) => issue.closedAt,
  createdAt: (issue) => issue.createdAt,
  updatedAt: (issue) => issue.updatedAt,
  lastEditedAt: (issue) => issue.lastEditedAt,
  includesCreatedEdit: () => false,
  locked: (issue) => issue.locked,
  author: (issue) => issue.user,
  editor: (issue) => issue.editor,
  url: (issue, _args, { world }) => issueHtmlUrl(world, issue),
  repository: (issue) => issue.repo,
  labels: (issue, args) => connection('labels', issue.labels, args),
  assignees: (issue, args) => connection('assignees', issue.assignees, args),
  comments: (issue, args) => connection('comments', issue.comments, args),
  reactions: (issue, args) => reactionsOf(issue.reactions, args),
  ...projectItemFields,
}

const pullFields: Table<PullIssue> = {
  ...issueFields,
  state: (issue) => (issue.pull.merged ? 'MERGED' : issue.state.toUpperCase()),
  merged: (issue) => issue.pull.merged,
  mergedAt: (issue) => issue.pull.mergedAt,
  mergedBy: (issue) => issue.pull.mergedBy,
  isDraft: (issue) => issue.pull.draft,
  // Without forks every head is at home.
  isCrossRepository: () => false,
  headRepository: (issue) => issue.repo,
  baseRepository: (issue) => issue.repo,
  headRefName: (issue) => issue.pull.head.ref,
  headRefOid: (issue) => issue.pull.head.sha,
  baseRefName: (issue) => issue.pull.base.ref,
  baseRefOid: (issue) => issue.pull.base.sha,
  mergeable: async (issue) => ((await refreshStats(issue)).mergeable ? 'MERGEABLE' : 'CONFLICTING'),
  additions: async (issue) => (await refreshStats(issue)).additions,
  deletions: async (issue) => (await refreshStats(issue)).deletions,
  changedFiles: async (issue) => (await refreshStats(issue)).changedFiles,
  ...reviewedPullFields,
  ...checkedPullFields,
}

const repositoryFields: Table<Repository> = {
  id: (repo) => repo.nodeId,
  databaseId: (repo) => repo.id,
  name: (repo) => repo.name,
  nameWithOwner: (repo) => fullNameOf(repo),
  owner: (repo) => repo.owner,
  isPrivate: (repo) => repo.private,
  isArchived: (repo) => repo.archived,
  url: (repo, _args, { world }) => repoHtmlUrl(world, repo),
  defaultBranchRef: (repo) => branchRef(repo, repo.defaultBranch),
  refs: (repo, args, context) => {
    need(context, repo, ['contents:read'])
    return connection('refs', refsBelow(repo, args.text('refPrefix')), args)
  },
  object: (repo, args, context) => objectOf(repo, args.text('expression'), context),
  issue: (repo, args, context) => byNumber(repo, args.number('number'), context, false),
  pullRequest: (repo, args, context) => byNumber(repo, args.number('number'), context, true),
  issueOrPullRequest: (repo, args, context) => byNumber(repo, args.number('number'), context, null),
  pinnedIssues: (repo, args, context) => {
    need(context, repo, ['issues:read'])
    const pinned = repo.pinned.map((issue) => ({ issue }))
    return connection('pinnedIssues', pinned, args)
  },
  issues: (repo, args, context) => {
    need(context, repo, ['issues:read'])
    const found = listed(context, repo).filter((issue) => !isPull(issue))
    return connection('issues', chosen(found, args), args)
  },
  pullRequests: (repo, args, context) => {
    need(context, repo, ['pull_requests:read'])
    return connection('pullRequests', chosen(listed(context, repo).filter(isPull), args), args)
  },
}

const actorFields: Table<User> = {
  id: (user) => user.nodeId,
  databaseId: (user) => user.id,
  login: (user) => user.login,
  name: (user) => user.name,
  url: (user, _args, { world }) => `${world.url}/${user.login}`,
}

type BranchRef = {
  readonly repo: Repository
  /** Without the prefix it was asked for by. */
  readonly name: string
  readonly prefix: string
  readonly sha: string
}

/** By type and field name. `Connection` and `Edge` stand for every type of those suffixes. */
export const RESOLVERS = {
  Query: {
    node: (_root: unknown, args: Fields, context) => nodeOf(args.text('id'), context).value,
    nodes: (_root: unknown, args: Fields, context) =>
      args.texts('ids').map((id) => {
        try {
          return nodeOf(id, context).value
        } catch (error) {
          // An entry that cannot be had is null with an error of its own; the others stand.
          return error
        }
      }),
    viewer: (_root, _args, context) => context.actor.user,
    ...projectQueries,
    repository: (_root: unknown, args: Fields, context) => {
      const name = `${args.text('owner')}/${args.text('name')}`
      const repo = context.world.findRepository(name)
      if (repo !== undefined && sees(context, repo)) return repo
      throw refuse('NOT_FOUND', `Could not resolve to a Repository with the name '${name}'.`)
    },
    rateLimit: (_root, _args, context) => context,
  },
  Mutation: { ...reviewMutations, ...projectMutations, ...issueMutations },
  Payload: {
    clientMutationId: (payload) => payload.mark,
  } satisfies Table<Payload>,
  RateLimit: {
    cost: (context) => context.cost,
    nodeCount: () => 0,
    limit: (context) => context.limits.state(context.limitKey, 'graphql').limit,
    used: (context) => context.limits.state(context.limitKey, 'graphql').used,
    remaining: (context) => context.limits.state(context.limitKey, 'graphql').remaining,
    resetAt: (context) =>
      context.world.stamp(context.limits.state(context.limitKey, 'graphql').reset * 1000),
  } satisfies Table<QueryContext>,
  Issue: {
    ...issueFields,
    state: (issue) => issue.state.toUpperCase(),
    isPinned: (issue) => issue.repo.pinned.includes(issue),
    stateReason: (issue) => issue.stateReason?.toUpperCase() ?? null,
    timelineItems: (issue, args) => timelineOf(issue, args),
  } satisfies Table<Issue>,
  PullRequest: pullFields,
  ...REVIEW_TABLES,
  ...CHECK_TABLES,
  Reaction: reactionFields,
  Repository: repositoryFields,
  PinnedIssue: {
    issue: ({ issue }) => issue,
    repository: ({ issue }) => issue.repo,
  } satisfies Table<{ readonly issue: Issue }>,
  RenamedTitleEvent: renameFields,
  Label: {
    id: (label) => label.nodeId,
    name: (label) => label.name,
    color: (label) => label.color,
    description: (label) => label.description,
  } satisfies Table<Label>,
  IssueComment: {
    id: (comment) => comment.nodeId,
    databaseId: (comment) => comment.id,
    body: (comment) => comment.body,
    author: (comment) => comment.user,
    createdAt: (comment) => comment.createdAt,
    updatedAt: (comment) => comment.updatedAt,
    lastEditedAt: (comment) => comment.lastEditedAt,
    issue: (comment) => comment.issue,
    url: (comment, _args, { world }) =>
      `${issueHtmlUrl(world, comment.issue)}#issuecomment-${comment.id}`,
    reactions: (comment, args) => reactionsOf(comment.reactions, args),
  } satisfies Table<Comment>,
  Ref: {
    name: (ref) => ref.name,
    prefix: (ref) => ref.prefix,
    target: (ref) => ref,
    repository: (ref) => ref.repo,
  } satisfies Table<BranchRef>,
  Blob: blobFields,
  ...PROJECT_TABLES,
  User: { ...actorFields, ...projectOwnerFields },
  Bot: actorFields,
  Organization: { ...actorFields, ...projectOwnerFields },
  Connection: {
    totalCount: (page) => page.total,
    nodes: (page) => page.nodes,
    edges: (page) =>
      page.nodes.map((value, index) => ({ value, cursor: cursorAt(page.start + index) })),
    pageInfo: (page) => page,
  } satisfies Table<Connection>,
  Edge: {
    node: (edge) => edge.value,
    cursor: (edge) => edge.cursor,
  } satisfies Table<{ readonly value: unknown; readonly cursor: string }>,
  PageInfo: {
    hasNextPage: (page) => page.hasNext,
    hasPreviousPage: (page) => page.hasPrevious,
    startCursor: (page) => (page.nodes.length === 0 ? null : cursorAt(page.start)),
    endCursor: (page) =>
      page.nodes.length === 0 ? null : cursorAt(page.start + page.nodes.length - 1),
  } satisfies Table<Connection>,
} satisfies Readonly<Record<string, Table<never>>>

/** Which object type a value of an interface or union is. */
export function typeOfValue(value: unknown): string {
  const has = (key: string): boolean => typeof value === 'object' && value !== null && key in value
  if (has('blob')) return 'Blob'
  const inProject = typeof value === 'object' && value !== null ? projectTypeOf(value) : null
  if (inProject !== null) return inProject
  if (has('resolvedBy')) return 'PullRequestReviewThread'
  if (has('submittedAt')) return 'PullRequestReview'
  if (has('suite')) return 'CheckRun'
  if (has('targetUrl')) return 'StatusContext'
  if (has('thread')) return 'PullRequestReviewComment'
  if (has('detail')) return 'RenamedTitleEvent'
  if (has('gitDir')) return 'Repository'
  if (has('blockedBy')) return (value as Issue).pull === null ? 'Issue' : 'PullRequest'
  if (has('members')) return (value as User).type
  if (has('sha') && has('repo')) return 'Commit'
  return 'IssueComment'
}

function byNumber(
  repo: Repository,
  number: number,
  context: QueryContext,
  pull: boolean | null,
): Issue {
  const issue = repo.issues.get(number)
  if (issue === undefined || (pull !== null && isPull(issue) !== pull)) {
    const kind = pull === true ? 'PullRequest' : 'Issue'
    throw refuse(
      'NOT_FOUND',
      `Could not resolve to ${kind === 'Issue' ? 'an' : 'a'} ${kind} with the number of ${number}.`,
    )
  }
  needIssue(context, issue)
  return issue
}

function listed(context: QueryContext, repo: Repository): readonly Issue[] {
  return [...repo.issues.values()].filter((issue) => context.world.listed(issue))
}

/** By state and label, the two that can be asked for. */
function chosen(issues: readonly Issue[], args: Fields): readonly Issue[] {
  const states = args.texts('states')
  const labels = args.texts('labels')
  const stateOf = (issue: Issue): string =>
    issue.pull?.merged === true ? 'MERGED' : issue.state.toUpperCase()
  return issues.filter(
    (issue) =>
      (states.length === 0 || states.includes(stateOf(issue))) &&
      (labels.length === 0 || issue.labels.some(({ name }) => labels.includes(name))),
  )
}

function branchRef(repo: Repository, name: string): BranchRef | null {
  const sha = repo.refs.get(`refs/heads/${name}`)
  return sha === undefined ? null : { repo, name, prefix: 'refs/heads/', sha }
}

function refsBelow(repo: Repository, prefix: string): readonly BranchRef[] {
  if (!/^refs\/.*\/$/.test(prefix))
    throw refuse('INVALID_REF_PREFIX', 'refPrefix must begin with `refs/` and end with a slash')
  return [...repo.refs]
    .filter(([ref]) => ref.startsWith(prefix))
    .map(([ref, sha]) => ({ repo, name: ref.slice(prefix.length), prefix, sha }))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
}
