// Which issues a listing shows, and in which order.
import type { Call } from '../http/operation.ts'
import type { Issue } from '../world/issue.ts'

export function listIssues(call: Call): readonly Issue[] {
  const { query, repo, world } = call
  const state = query.maybe('state') ?? 'open'
  const labels = (query.maybe('labels') ?? '').split(',').filter((name) => name !== '')
  const since = query.maybe('since')
  const creator = query.maybe('creator')
  const assignee = query.maybe('assignee')
  const found = [...repo.issues.values()].filter(
    (issue) =>
      world.listed(issue) &&
      (state === 'all' || issue.state === state) &&
      labels.every((name) => hasLabel(issue, name)) &&
      (since === null || Date.parse(issue.updatedAt) >= Date.parse(since)) &&
      (creator === null || issue.user.login.toLowerCase() === creator.toLowerCase()) &&
      (assignee === null || isAssigned(issue, assignee)),
  )
  const sort = query.maybe('sort') ?? 'created'
  const sign = query.maybe('direction') === 'asc' ? 1 : -1
  return found.toSorted((a, b) => sign * (key(a, sort) - key(b, sort) || a.number - b.number))
}

function key(issue: Issue, sort: string): number {
  if (sort === 'comments') return issue.comments.length
  return Date.parse(sort === 'updated' ? issue.updatedAt : issue.createdAt)
}

function hasLabel(issue: Issue, name: string): boolean {
  return issue.labels.some((label) => label.name.toLowerCase() === name.toLowerCase())
}

function isAssigned(issue: Issue, assignee: string): boolean {
  if (assignee === 'none') return issue.assignees.length === 0
  if (assignee === '*') return issue.assignees.length > 0
  return issue.assignees.some((user) => user.login.toLowerCase() === assignee.toLowerCase())
}
