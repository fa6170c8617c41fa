// Pull requests: listed, opened, changed, merged.
import { cancelReviewRequests, requestReviewers } from '../change/reviewers.ts'
import { closeIssue, editIssue, reopenIssue } from '../change/issues.ts'
import { mergePull, openPull, retarget } from '../change/pulls.ts'
import { mergeStateOf } from '../change/merge-state.ts'
import { changedFiles, pullCommits } from '../change/pull-stats.ts'
import { isPull } from '../change/follow-branches.ts'
import { created, NO_CONTENT, ok, paged, type Call, type Operations } from '../http/operation.ts'
import { commitJson, fileJson } from '../present/commit.ts'
import { pullJson, pullUrl, simplePullJson } from '../present/pull.ts'
import { userJson } from '../present/user.ts'
import { invalid, notFound, unprocessable, type JsonObject } from '../world/refusal.ts'
import type { PullIssue } from '../world/issue.ts'
import type { MergeMethod } from '../world/pull.ts'

const READ = ['pull_requests:read'] as const
const WRITE = ['pull_requests:write'] as const

export const pullOperations: Operations = {
  'pulls/list': {
    by: 'installation',
    needs: READ,
    run: (call) =>
      paged(call, listPulls(call), (issue) => simplePullJson(call.world, issue, issue.pull)),
  },
  'pulls/get': { by: 'installation', needs: READ, run: async (call) => ok(await full(call)) },
  'pulls/create': {
    by: 'installation',
    needs: WRITE,
    creates: true,
    run: async (call) => {
      const { body, world } = call
      if (!body.has('title')) {
        throw unprocessable('The emulator opens pull requests by title only, not from an issue.')
      }
      const issue = await openPull(world, call.actor, {
        repo: call.repo,
        title: body.text('title'),
        body: body.maybe('body'),
        head: body.text('head'),
        base: body.text('base'),
        draft: body.flag('draft'),
        maintainerCanModify: body.flag('maintainer_can_modify'),
      })
      const state = await mergeStateOf(world, issue)
      return created(pullJson(world, issue, issue.pull, state.toLowerCase()), pullUrl(world, issue))
    },
  },
  'pulls/update': {
    by: 'installation',
    needs: WRITE,
    run: async (call) => {
      const { actor, body, pullIssue: issue, world } = call
      editIssue(world, issue, actor, {
        ...(body.has('title') ? { title: body.text('title') } : {}),
        ...(body.has('body') ? { body: body.maybe('body') } : {}),
      })
      if (body.has('base') && body.text('base') !== issue.pull.base.ref) {
        retarget(world, issue, actor, body.text('base'))
      }
      if (body.maybe('state') === 'closed') closeIssue(world, issue, actor)
      if (body.maybe('state') === 'open') reopen(call, issue)
      return ok(await full(call))
    },
  },
  'pulls/list-files': {
    by: 'installation',
    needs: READ,
    run: async (call) => {
      const { pullIssue: issue, repo, world } = call
      const files = await changedFiles(issue)
      return paged(call, files, (file) => fileJson(world, repo, issue.pull.head.sha, file))
    },
  },
  'pulls/list-commits': {
    by: 'installation',
    needs: READ,
    run: async (call) => {
      const commits = await pullCommits(call.pullIssue)
      return paged(call, commits, (commit) => commitJson(call.world, call.repo, commit))
    },
  },
  'pulls/check-if-merged': {
    by: 'installation',
    needs: READ,
    run: (call) => {
      if (!call.pullIssue.pull.merged) throw notFound()
      return NO_CONTENT
    },
  },
  'pulls/merge': {
    by: 'installation',
    needs: ['contents:write'],
    run: async (call) => {
      const { actor, body, pullIssue: issue, world } = call
      // GitHub lets an App do it; Yardmaster never may.
      world.violate('never', `merge #${issue.number}`, `${actor.user.login} merged a pull request`)
      const title = body.maybe('commit_title')
      const message = body.maybe('commit_message')
      const seen = body.maybe('sha')
      const sha = await mergePull(world, issue, actor, {
        method: method(body.maybe('merge_method')),
        ...(seen === null ? {} : { sha: seen }),
        ...(title === null ? {} : { title }),
        ...(message === null ? {} : { message }),
      })
      return ok({ sha, merged: true, message: 'Pull Request successfully merged' })
    },
  },
  'pulls/list-requested-reviewers': {
    by: 'installation',
    needs: READ,
    run: (call) => {
      const users = call.pullIssue.pull.requestedReviewers.map((user) => userJson(call.world, user))
      return ok({ users, teams: [] })
    },
  },
  'pulls/request-reviewers': {
    by: 'installation',
    needs: WRITE,
    run: (call) => {
      const { body, pullIssue: issue, world } = call
      const users = body.texts('reviewers').map((login) => world.user(login))
      requestReviewers(world, issue, call.actor, users)
      return created(simplePullJson(world, issue, issue.pull))
    },
  },
  'pulls/remove-requested-reviewers': {
    by: 'installation',
    needs: WRITE,
    run: (call) => {
      const { body, pullIssue: issue, world } = call
      const users = body.texts('reviewers').map((login) => world.user(login))
      cancelReviewRequests(world, issue, call.actor, users)
      return ok(simplePullJson(world, issue, issue.pull))
    },
  },
}

async function full(call: Call): Promise<JsonObject> {
  const { pullIssue: issue, world } = call
  const state = await mergeStateOf(world, issue)
  return pullJson(world, issue, issue.pull, state.toLowerCase())
}

function listPulls(call: Call): readonly PullIssue[] {
  const { query, repo, world } = call
  const state = query.maybe('state') ?? 'open'
  const head = query.maybe('head')
  const base = query.maybe('base')
  const found = [...repo.issues.values()]
    .filter(isPull)
    .filter(
      (issue) =>
        world.listed(issue) &&
        (state === 'all' || issue.state === state) &&
        (head === null || isHead(issue, head)) &&
        (base === null || issue.pull.base.ref === base),
    )
  const byUpdate = query.maybe('sort') === 'updated'
  const direction = query.maybe('direction') ?? 'desc'
  const at = (issue: PullIssue): number => Date.parse(byUpdate ? issue.updatedAt : issue.createdAt)
  const sorted = found.toSorted((a, b) => at(a) - at(b) || a.number - b.number)
  return direction === 'asc' ? sorted : sorted.toReversed()
}

function isHead(issue: PullIssue, wanted: string): boolean {
  const [owner, ref] = wanted.split(':')
  // Without an owner GitHub ignores the filter altogether, a well-known trap.
  if (ref === undefined) return true
  return (
    owner?.toLowerCase() === issue.repo.owner.login.toLowerCase() && ref === issue.pull.head.ref
  )
}

function reopen(call: Call, issue: PullIssue): void {
  if (issue.pull.merged || !issue.repo.refs.has(`refs/heads/${issue.pull.head.ref}`)) {
    const message = 'state cannot be changed. The head branch was deleted or merged.'
    throw invalid({ resource: 'PullRequest', field: 'state', code: 'invalid', message })
  }
  reopenIssue(call.world, issue, call.actor)
}

function method(text: string | null): MergeMethod {
  return text === 'squash' || text === 'rebase' ? text : 'merge'
}
