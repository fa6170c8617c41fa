// Issues: listed, read, opened, changed, locked, assigned.
import {
  assign,
  closeIssue,
  editIssue,
  lockIssue,
  openIssue,
  reopenIssue,
  unassign,
  unlockIssue,
} from '../change/issues.ts'
import { setLabels } from '../change/labels.ts'
import { created, NO_CONTENT, ok, paged, type Call, type Operations } from '../http/operation.ts'
import { fullIssueJson, issueUrl } from '../present/issue.ts'
import { invalid } from '../world/refusal.ts'
import type { Issue, LockReason, StateReason } from '../world/issue.ts'
import type { User } from '../world/people.ts'
import { listIssues } from './list-issues.ts'

const READ = ['issues:read', 'pull_requests:read'] as const
const WRITE = ['issues:write', 'pull_requests:write'] as const

export const issueOperations: Operations = {
  'issues/list-for-repo': {
    by: 'installation',
    needs: READ,
    run: (call) => paged(call, listIssues(call), (issue) => fullIssueJson(call.world, issue)),
  },
  'issues/get': {
    by: 'installation',
    needs: READ,
    run: (call) => ok(fullIssueJson(call.world, call.issue)),
  },
  'issues/create': {
    by: 'installation',
    needs: ['issues:write'],
    creates: true,
    run: (call) => {
      const { body, world } = call
      const issue = openIssue(world, call.actor, {
        repo: call.repo,
        title: body.text('title'),
        body: body.maybe('body'),
        labels: names(body.list('labels')),
        assignees: users(call, names(body.list('assignees'), 'login')),
      })
      return created(fullIssueJson(world, issue), issueUrl(world, issue))
    },
  },
  'issues/update': {
    by: 'installation',
    needs: WRITE,
    run: (call) => {
      update(call, call.issue)
      return ok(fullIssueJson(call.world, call.issue))
    },
  },
  'issues/lock': {
    by: 'installation',
    needs: WRITE,
    run: (call) => {
      lockIssue(call.world, call.issue, call.actor, lockReason(call.body.maybe('lock_reason')))
      return NO_CONTENT
    },
  },
  'issues/unlock': {
    by: 'installation',
    needs: WRITE,
    run: (call) => {
      unlockIssue(call.world, call.issue, call.actor)
      return NO_CONTENT
    },
  },
  'issues/add-assignees': {
    by: 'installation',
    needs: WRITE,
    run: (call) => {
      assign(call.world, call.issue, call.actor, users(call, call.body.texts('assignees')))
      return created(fullIssueJson(call.world, call.issue))
    },
  },
  'issues/remove-assignees': {
    by: 'installation',
    needs: WRITE,
    run: (call) => {
      unassign(call.world, call.issue, call.actor, users(call, call.body.texts('assignees')))
      return ok(fullIssueJson(call.world, call.issue))
    },
  },
}

/** Labels and assignees come as names or as objects that hold the name. */
export function names(list: readonly unknown[], key = 'name'): readonly string[] {
  return list.map((value) => {
    if (typeof value === 'string') return value
    const named = (value as Readonly<Record<string, unknown>>)[key]
    if (typeof named === 'string') return named
    throw invalid({ resource: 'Issue', field: key, code: 'missing_field' })
  })
}

function update(call: Call, issue: Issue): void {
  const { actor, body, world } = call
  editIssue(world, issue, actor, {
    ...(body.maybe('title') === null ? {} : { title: body.text('title') }),
    ...(body.has('body') ? { body: body.maybe('body') } : {}),
  })
  if (body.has('labels')) setLabels(world, issue, actor, names(body.list('labels')))
  if (body.has('assignees')) {
    const wanted = users(call, names(body.list('assignees'), 'login'))
    unassign(
      world,
      issue,
      actor,
      issue.assignees.filter((user) => !wanted.includes(user)),
    )
    assign(world, issue, actor, wanted)
  }
  const state = body.maybe('state')
  if (state === 'closed') {
    const reason = stateReason(body.maybe('state_reason'))
    closeIssue(world, issue, actor, reason === null ? {} : { reason })
  }
  if (state === 'open') reopenIssue(world, issue, actor)
}

function users(call: Call, logins: readonly string[]): readonly User[] {
  return logins.map((login) => {
    const user = call.world.users.get(login.toLowerCase())
    if (user !== undefined) return user
    throw invalid({ resource: 'Issue', field: 'assignees', code: 'invalid', value: login })
  })
}

function stateReason(text: string | null): StateReason | null {
  return text === 'completed' || text === 'not_planned' || text === 'duplicate' ? text : null
}

function lockReason(text: string | null): LockReason | null {
  return text === 'off-topic' || text === 'too heated' || text === 'resolved' || text === 'spam'
    ? text
    : null
}
