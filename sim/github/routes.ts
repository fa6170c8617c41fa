/** The REST calls that the product makes, answered from the hub: only what its adapters read is answered. */
import { sha } from '../../src/domain/ids.ts'
import { APP, APP_ID, changeIssue, listed, stamp } from './hub.ts'
import type { Hub, SimCheck, SimComment, SimIssue, SimPull, SimRepo } from './hub.ts'
import { Refusal } from './refusal.ts'
import { REVIEW_ROUTES } from './review-routes.ts'
import { edit, read } from './route.ts'
import type { Params, Route } from './route.ts'

export type { Answer, Params, Route } from './route.ts'

/** What happens to GitHub when the App writes: people's machines hear of it by webhooks, which the product ignores as its own. */
export const ROUTES: Readonly<Record<string, Route>> = {
  ...REVIEW_ROUTES,
  'repos.getCollaboratorPermissionLevel': read('GET /repos/…/permission', (hub, params) => {
    const repo = repoOf(hub, params)
    const id = Number(/^person-(\d+)$/.exec(String(params['username']))?.[1] ?? 0)
    const role = repo.roles.get(id) ?? 'none'
    return { data: { role_name: role, permission: role, user: { id } } }
  }),
  'issues.get': read('GET /repos/…/issues/{n}', (hub, params) => {
    const issue = issueOf(hub, params)
    return { data: restIssue(issue, issue) }
  }),
  'issues.listForRepo': read('GET /repos/…/issues', (hub, params) => {
    const repo = repoOf(hub, params)
    const since = typeof params['since'] === 'string' ? Date.parse(params['since']) : 0
    const label = params['labels'] as string | undefined
    const open = params['state'] === 'open'
    const found = [...repo.issues.values()]
      .filter((issue) => !issue.gone)
      .flatMap((issue) => {
        const shown = listed(hub, issue)
        if (shown === null || Math.floor(shown.updatedAt / 1000) * 1000 < since) return []
        if (open && !shown.open) return []
        if (label !== undefined && !shown.labels.includes(label)) return []
        return [{ updatedAt: shown.updatedAt, rest: restIssue(issue, shown) }]
      })
      .toSorted((a, b) => a.updatedAt - b.updatedAt)
    const etag = `"${found.map(({ rest, updatedAt }) => `${rest.number}:${updatedAt}`).join()}"`
    const asked = params['headers'] as Readonly<Record<string, string>> | undefined
    if (asked?.['if-none-match'] === etag) throw new Refusal(304, 'not modified')
    return { data: found.map(({ rest }) => rest), headers: { etag } }
  }),
  'issues.listEvents': read('GET /repos/…/events', (hub, params) => ({
    data: issueOf(hub, params).events.map((event) => ({
      event: event.kind,
      label: { name: event.label },
      actor: restActor(event.by),
      created_at: stamp(event.at),
    })),
  })),
  'issues.listComments': read('GET /repos/…/comments', (hub, params) => ({
    data: issueOf(hub, params)
      .comments.filter((comment) => comment.visibleAt <= hub.now())
      .map(restComment),
  })),
  'issues.listCommentsForRepo': read('GET /repos/…/issues/comments', (hub, params) => {
    const repo = repoOf(hub, params)
    const since = typeof params['since'] === 'string' ? Date.parse(params['since']) : 0
    const found = [...repo.issues.values()]
      .filter((issue) => !issue.gone)
      .flatMap((issue) => issue.comments.map((comment) => ({ issue, comment })))
      .filter(({ comment }) => comment.visibleAt <= hub.now())
      .filter(({ comment }) => Math.floor(comment.updatedAt / 1000) * 1000 >= since)
      .toSorted((a, b) => a.comment.updatedAt - b.comment.updatedAt)
    const etag = `"${found.map(({ comment }) => `${comment.id}:${comment.updatedAt}`).join()}"`
    const asked = params['headers'] as Readonly<Record<string, string>> | undefined
    if (asked?.['if-none-match'] === etag) throw new Refusal(304, 'not modified')
    return {
      data: found.map(({ issue, comment }) => ({
        ...restComment(comment),
        html_url: `https://github.test/${repo.owner}/${repo.name}/issues/${issue.number}#issuecomment-${comment.id}`,
      })),
      headers: { etag },
    }
  }),
  'reactions.createForIssueComment': edit(
    'POST /repos/…/comments/{id}/reactions',
    (hub, params) => {
      const comment = commentOf(hub, params)
      comment.reactions.add(String(params['content']))
      return { data: { content: params['content'] } }
    },
  ),
  'issues.getComment': read('GET /repos/…/comments/{id}', (hub, params) => {
    const comment = commentOf(hub, params)
    comment.lookedAt = hub.now()
    return { data: restComment(comment) }
  }),
  'issues.createComment': {
    operation: 'POST /repos/{owner}/{repo}/issues/{issue_number}/comments',
    effect: 'create',
    answer(hub, params) {
      const issue = issueOf(hub, params)
      const comment: SimComment = {
        id: hub.nextId(),
        by: APP,
        ours: true,
        body: String(params['body']),
        createdAt: hub.now(),
        updatedAt: hub.now(),
        visibleAt: hub.now() + hub.lag(),
        reactions: new Set(),
      }
      issue.comments.push(comment)
      return { data: restComment(comment) }
    },
  },
  'issues.updateComment': edit('PATCH /repos/…/comments/{id}', (hub, params) => {
    const comment = commentOf(hub, params)
    if (!comment.ours) {
      hub.wrongs.push(`the App edits a comment of @${comment.by.login}`)
      throw new Refusal(403, 'Must have admin rights to Repository.')
    }
    comment.body = String(params['body'])
    comment.updatedAt = hub.now()
    return { data: restComment(comment) }
  }),
  'issues.listLabelsOnIssue': read('GET /repos/…/issues/{n}/labels', (hub, params) => ({
    data: [...issueOf(hub, params).labels].map((name) => ({ name })),
  })),
  'issues.addLabels': edit('POST /repos/…/issues/{n}/labels', (hub, params) => {
    const issue = issueOf(hub, params)
    changeIssue(hub, issue, () => {
      for (const name of params['labels'] as readonly string[]) issue.labels.add(name)
    })
    return { data: [...issue.labels].map((name) => ({ name })) }
  }),
  'issues.removeLabel': edit('DELETE /repos/…/labels/{name}', (hub, params) => {
    const issue = issueOf(hub, params)
    const name = String(params['name'])
    if (!issue.labels.has(name)) throw new Refusal(404, 'Label does not exist')
    changeIssue(hub, issue, () => issue.labels.delete(name))
    return { data: [...issue.labels].map((each) => ({ name: each })) }
  }),
  'issues.createLabel': edit('POST /repos/…/labels', (hub, params) => {
    const repo = repoOf(hub, params)
    const name = String(params['name'])
    if (repo.labels.has(name)) throw new Refusal(422, 'already_exists')
    repo.labels.add(name)
    return { data: { name } }
  }),
  'issues.listLabelsForRepo': read('GET /repos/…/labels', (hub, params) => ({
    data: [...repoOf(hub, params).labels].map((name) => ({ name })),
  })),
  'checks.listForRef': read('GET /repos/…/check-runs', (hub, params) => ({
    data: {
      check_runs: repoOf(hub, params)
        .checks.filter((check) => check.head === params['ref'] && check.visibleAt <= hub.now())
        .map(restCheck),
    },
  })),
  'checks.create': {
    operation: 'POST /repos/{owner}/{repo}/check-runs',
    effect: 'create',
    answer(hub, params) {
      const check: SimCheck = {
        id: hub.nextId(),
        name: String(params['name']),
        head: sha(String(params['head_sha'])),
        externalId: String(params['external_id']),
        title: titleOf(params),
        visibleAt: hub.now() + hub.lag(),
      }
      repoOf(hub, params).checks.push(check)
      return { data: restCheck(check) }
    },
  },
  'checks.update': edit('PATCH /repos/…/check-runs/{id}', (hub, params) => {
    const check = repoOf(hub, params).checks.find(({ id }) => id === params['check_run_id'])
    if (check === undefined) throw new Refusal(404, 'Not Found')
    check.title = titleOf(params)
    return { data: restCheck(check) }
  }),
  'pulls.list': read('GET /repos/…/pulls', (hub, params) => {
    const repo = repoOf(hub, params)
    const branch = String(params['head']).split(':')[1]
    return {
      data: [...repo.pulls.values()]
        .filter((pull) => pull.branch === branch && pull.visibleAt <= hub.now())
        .filter((pull) => params['state'] === 'all' || pull.open)
        .toReversed()
        .map((pull) => restPull(repo, pull)),
    }
  }),
  'pulls.create': {
    operation: 'POST /repos/{owner}/{repo}/pulls',
    effect: 'create',
    answer(hub, params) {
      const repo = repoOf(hub, params)
      const branch = String(params['head'])
      const head = repo.branches.get(branch)
      if (head === undefined) throw new Refusal(422, 'Validation Failed: head does not exist')
      for (const pull of repo.pulls.values())
        if (pull.branch === branch && pull.open)
          throw new Refusal(422, 'Validation Failed: A pull request already exists for this branch')
      const pull: SimPull = {
        id: hub.nextId(),
        number: repo.nextNumber,
        branch,
        title: String(params['title']),
        body: String(params['body']),
        open: true,
        merged: false,
        mergedBy: null,
        reviewers: new Set(),
        head,
        visibleAt: hub.now() + hub.lag(),
        reviews: [],
        red: new Set(),
        cursed: false,
        conflict: false,
        replies: [],
      }
      repo.nextNumber += 1
      repo.pulls.set(pull.number, pull)
      return { data: restPull(repo, pull) }
    },
  },
  'pulls.requestReviewers': edit('POST /repos/…/pulls/{n}/requested_reviewers', (hub, params) => {
    const repo = repoOf(hub, params)
    const pull = repo.pulls.get(Number(params['pull_number']))
    if (pull === undefined) throw new Refusal(404, 'Not Found')
    for (const login of params['reviewers'] as readonly string[]) {
      const id = Number(/^person-(\d+)$/.exec(login)?.[1] ?? 0)
      if ((repo.roles.get(id) ?? 'none') === 'none')
        throw new Refusal(422, 'Reviews may only be requested from collaborators.')
      pull.reviewers.add(login)
    }
    return { data: restPull(repo, pull) }
  }),
  'pulls.update': edit('PATCH /repos/…/pulls/{n}', (hub, params) => {
    const repo = repoOf(hub, params)
    const pull = repo.pulls.get(Number(params['pull_number']))
    if (pull === undefined) throw new Refusal(404, 'Not Found')
    pull.title = String(params['title'])
    pull.body = String(params['body'])
    return { data: restPull(repo, pull) }
  }),
}

function repoOf(hub: Hub, params: Params): SimRepo {
  const repo = hub.find(String(params['owner']), String(params['repo']))
  if (repo === null) throw new Refusal(404, 'Not Found')
  return repo
}

function issueOf(hub: Hub, params: Params): SimIssue {
  const issue = repoOf(hub, params).issues.get(Number(params['issue_number']))
  if (issue === undefined || issue.gone) throw new Refusal(issue === undefined ? 404 : 410, 'gone')
  return issue
}

function commentOf(hub: Hub, params: Params): SimComment {
  for (const issue of repoOf(hub, params).issues.values())
    for (const comment of issue.comments)
      if (comment.id === params['comment_id'] && !issue.gone) return comment
  throw new Refusal(404, 'Not Found')
}

const titleOf = (params: Params): string => {
  const output = params['output'] as { readonly title: string } | undefined
  return output?.title ?? ''
}

const restActor = (actor: SimComment['by']) => ({
  id: actor.id,
  login: actor.login,
  type: actor.kind === 'bot' ? 'Bot' : 'User',
})

const restIssue = (
  issue: SimIssue,
  shown: {
    readonly title: string
    readonly body: string
    readonly open: boolean
    readonly labels: Iterable<string>
    readonly updatedAt: number
  },
) => ({
  id: issue.id,
  number: issue.number,
  title: shown.title,
  body: shown.body,
  state: shown.open ? 'open' : 'closed',
  labels: [...shown.labels].map((name) => ({ name })),
  updated_at: stamp(shown.updatedAt),
})

const restComment = (comment: SimComment) => ({
  id: comment.id,
  node_id: `IC_${comment.id}`,
  body: comment.body,
  user: restActor(comment.by),
  created_at: stamp(comment.createdAt),
  updated_at: stamp(comment.updatedAt),
  performed_via_github_app: comment.ours ? { id: APP_ID, slug: 'yardmaster' } : null,
})

const restCheck = (check: SimCheck) => ({
  id: check.id,
  external_id: check.externalId,
  app: { id: APP_ID },
})

const restPull = (repo: SimRepo, pull: SimPull) => ({
  number: pull.number,
  html_url: `https://github.test/${repo.owner}/${repo.name}/pull/${pull.number}`,
  state: pull.open ? 'open' : 'closed',
  title: pull.title,
  body: pull.body,
  merged_at: pull.merged ? stamp(0) : null,
  head: { sha: pull.head, repo: { id: repo.id } },
})
