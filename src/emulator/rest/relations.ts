// Sub-issues and dependencies. The path names issues by number, the body by numeric id.
import {
  addBlockedBy,
  addSubIssue,
  moveSubIssue,
  removeBlockedBy,
  removeSubIssue,
} from '../change/relations.ts'
import { created, ok, paged, type Answer, type Call, type Operations } from '../http/operation.ts'
import { fullIssueJson } from '../present/issue.ts'
import { reaches } from '../auth/permission.ts'
import { notFound, unprocessable } from '../world/refusal.ts'
import type { Issue } from '../world/issue.ts'

const READ = ['issues:read'] as const
const WRITE = ['issues:write'] as const

export const relationOperations: Operations = {
  'issues/list-sub-issues': {
    by: 'installation',
    needs: READ,
    run: (call) => list(call, call.issue.subIssues),
  },
  'issues/get-parent': {
    by: 'installation',
    needs: READ,
    run: (call) => {
      const { parent } = call.issue
      if (parent === null) throw notFound()
      return ok(fullIssueJson(call.world, parent))
    },
  },
  'issues/add-sub-issue': {
    by: 'installation',
    needs: WRITE,
    run: (call) => {
      const child = byId(call, call.body.number('sub_issue_id'))
      const replaceParent = call.body.flag('replace_parent')
      addSubIssue(call.world, call.issue, call.actor, { child, replaceParent })
      return created(fullIssueJson(call.world, call.issue))
    },
  },
  'issues/remove-sub-issue': {
    by: 'installation',
    needs: WRITE,
    run: (call) => {
      const child = byId(call, call.body.number('sub_issue_id'))
      removeSubIssue(call.world, call.issue, call.actor, child)
      return ok(fullIssueJson(call.world, call.issue))
    },
  },
  'issues/reprioritize-sub-issue': {
    by: 'installation',
    needs: WRITE,
    run: (call) => {
      const { body } = call
      const child = byId(call, body.number('sub_issue_id'))
      if (body.has('after_id') === body.has('before_id')) {
        throw unprocessable('Give one of after_id and before_id')
      }
      const other = byId(call, body.number(body.has('after_id') ? 'after_id' : 'before_id'))
      moveSubIssue(call.issue, child, body.has('after_id') ? { after: other } : { before: other })
      return ok(fullIssueJson(call.world, call.issue))
    },
  },
  'issues/list-dependencies-blocked-by': {
    by: 'installation',
    needs: READ,
    run: (call) => list(call, call.issue.blockedBy),
  },
  'issues/list-dependencies-blocking': {
    by: 'installation',
    needs: READ,
    run: (call) => list(call, call.issue.blocking),
  },
  'issues/add-blocked-by-dependency': {
    by: 'installation',
    needs: WRITE,
    run: (call) => {
      addBlockedBy(call.world, call.issue, call.actor, byId(call, call.body.number('issue_id')))
      return created(fullIssueJson(call.world, call.issue))
    },
  },
  'issues/remove-dependency-blocked-by': {
    by: 'installation',
    needs: WRITE,
    run: (call) => {
      removeBlockedBy(
        call.world,
        call.issue,
        call.actor,
        byId(call, call.params.number('issue_id')),
      )
      return ok(fullIssueJson(call.world, call.issue))
    },
  },
}

function list(call: Call, issues: readonly Issue[]): Answer {
  return paged(call, issues, (issue) => fullIssueJson(call.world, issue))
}

function byId(call: Call, id: number): Issue {
  const { credential, world } = call
  for (const repo of world.repositories.values()) {
    if (credential.kind !== 'installation' || !reaches(credential.token, repo)) continue
    const found = [...repo.issues.values()].find((issue) => issue.id === id)
    if (found !== undefined) return found
  }
  throw notFound()
}
