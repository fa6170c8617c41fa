// Opens, edits, closes, locks, transfers and deletes issues (and the issue side of pull requests),
// with history and webhooks.
import { issueJson } from '../present/issue.ts'
import { repoJson } from '../present/repository.ts'
import { userJson } from '../present/user.ts'
import { invalid, type JsonObject } from '../world/refusal.ts'
import type { Issue, LockReason, Pull, Repository, StateReason } from '../world/issue.ts'
import type { Actor } from '../world/app.ts'
import type { User } from '../world/people.ts'
import { nodeId, type World } from '../world/world.ts'
import { ensureLabels, tellOfLabel } from './labels.ts'
import { addComment } from './comments.ts'
import { moveClosed } from './project-automation.ts'
import { removeContent } from './project-items.ts'
import { emitIssue, recordEvent, touch } from './record.ts'
import { checkBody, checkTitle } from './rules.ts'

export type NewIssue = {
  readonly repo: Repository
  readonly title: string
  readonly body: string | null
  readonly labels?: readonly string[]
  readonly assignees?: readonly User[]
}

export function openIssue(world: World, actor: Actor, given: NewIssue): Issue {
  const issue = addIssue(world, actor, { ...given, pull: null })
  issue.assignees = given.assignees ?? []
  const labels = ensureLabels(world, given.repo, actor, given.labels ?? [])
  issue.labels = [...new Set(labels)]
  emitIssue(world, issue, actor, { action: 'opened' })
  for (const label of issue.labels) tellOfLabel(world, issue, actor, label)
  return issue
}

/** Only puts the issue into state; pull requests use it too and tell of it in their own way. */
export function addIssue(
  world: World,
  actor: Actor,
  given: { readonly repo: Repository; title: string; body: string | null; pull: Pull | null },
): Issue {
  checkTitle('Issue', given.title)
  checkBody('Issue', given.body)
  const { repo } = given
  const id = world.nextId()
  const now = world.stamp()
  const issue: Issue = {
    id,
    nodeId: nodeId(given.pull === null ? 'I' : 'PR', given.pull?.id ?? id),
    number: repo.nextNumber,
    user: actor.user,
    app: actor.app,
    createdAt: now,
    reactions: [],
    subIssues: [],
    blockedBy: [],
    blocking: [],
    comments: [],
    pull: given.pull,
    repo,
    title: given.title,
    body: given.body,
    state: 'open',
    stateReason: null,
    labels: [],
    assignees: [],
    parent: null,
    locked: false,
    lockReason: null,
    updatedAt: now,
    closedAt: null,
    closedBy: null,
    lastEditedAt: null,
    editor: null,
  }
  repo.nextNumber += 1
  repo.issues.set(issue.number, world.born(issue))
  world.nodes.set(issue.nodeId, { kind: 'issue', value: issue })
  return issue
}

export function editIssue(
  world: World,
  issue: Issue,
  actor: Actor,
  given: { readonly title?: string; readonly body?: string | null },
): void {
  const changes: Record<string, JsonObject> = {}
  if (given.title !== undefined && given.title !== issue.title) {
    checkTitle('Issue', given.title)
    const detail = { kind: 'rename', from: issue.title, to: given.title } as const
    changes['title'] = { from: issue.title }
    issue.title = given.title
    recordEvent(world, issue, actor, { event: 'renamed', detail })
  }
  if (given.body !== undefined && (given.body ?? '') !== (issue.body ?? '')) {
    checkBody('Issue', given.body)
    changes['body'] = { from: issue.body ?? '' }
    issue.body = given.body
    issue.lastEditedAt = world.stamp()
    issue.editor = actor.user
  }
  if (Object.keys(changes).length === 0) return
  touch(world, issue)
  emitIssue(world, issue, actor, { action: 'edited', extra: { changes } })
}

/** `commitId` when a commit or merge closed it by keyword. */
export function closeIssue(
  world: World,
  issue: Issue,
  actor: Actor,
  given: { readonly reason?: StateReason; readonly commitId?: string } = {},
): void {
  if (issue.state === 'closed') return
  const reason = issue.pull === null ? (given.reason ?? 'completed') : null
  issue.state = 'closed'
  issue.stateReason = reason
  issue.closedAt = world.stamp()
  issue.closedBy = actor.user
  touch(world, issue)
  recordEvent(world, issue, actor, {
    event: 'closed',
    detail: { kind: 'state', reason },
    ...(given.commitId === undefined ? {} : { commitId: given.commitId }),
  })
  emitIssue(world, issue, actor, { action: 'closed' })
  moveClosed(world, issue)
}

export function reopenIssue(world: World, issue: Issue, actor: Actor): void {
  if (issue.state === 'open') return
  issue.state = 'open'
  issue.stateReason = issue.pull === null ? 'reopened' : null
  issue.closedAt = null
  issue.closedBy = null
  touch(world, issue)
  recordEvent(world, issue, actor, { event: 'reopened', detail: { kind: 'state', reason: null } })
  emitIssue(world, issue, actor, { action: 'reopened' })
}

export function lockIssue(
  world: World,
  issue: Issue,
  actor: Actor,
  reason: LockReason | null,
): void {
  issue.locked = true
  issue.lockReason = reason
  touch(world, issue)
  recordEvent(world, issue, actor, { event: 'locked' })
  emitIssue(world, issue, actor, { action: 'locked' })
}

export function unlockIssue(world: World, issue: Issue, actor: Actor): void {
  issue.locked = false
  issue.lockReason = null
  touch(world, issue)
  recordEvent(world, issue, actor, { event: 'unlocked' })
  emitIssue(world, issue, actor, { action: 'unlocked' })
}

export function assign(world: World, issue: Issue, actor: Actor, users: readonly User[]): void {
  for (const user of users) {
    if (issue.assignees.includes(user)) continue
    issue.assignees = [...issue.assignees, user]
    touch(world, issue)
    recordEvent(world, issue, actor, {
      event: 'assigned',
      detail: { kind: 'assignee', assignee: user },
    })
    emitIssue(world, issue, actor, {
      action: 'assigned',
      extra: { assignee: userJson(world, user) },
    })
  }
}

export function unassign(world: World, issue: Issue, actor: Actor, users: readonly User[]): void {
  for (const user of users) {
    if (!issue.assignees.includes(user)) continue
    issue.assignees = issue.assignees.filter((one) => one !== user)
    touch(world, issue)
    const detail = { kind: 'assignee', assignee: user } as const
    recordEvent(world, issue, actor, { event: 'unassigned', detail })
    emitIssue(world, issue, actor, {
      action: 'unassigned',
      extra: { assignee: userJson(world, user) },
    })
  }
}

export function deleteIssue(world: World, issue: Issue, actor: Actor): void {
  removeContent(world, issue, actor)
  forget(world, issue, 'deleted')
  emitIssue(world, issue, actor, { action: 'deleted' })
}

/** Moves the issue to another repository of the same owner: a new id and number there, 301 here. */
export function transferIssue(world: World, issue: Issue, actor: Actor, to: Repository): Issue {
  if (issue.pull !== null || to.owner !== issue.repo.owner || to === issue.repo) {
    throw invalid({ resource: 'Issue', code: 'custom', message: 'cannot be transferred there' })
  }
  const from = issue.repo
  const moved = addIssue(
    world,
    { user: issue.user, app: issue.app },
    { ...issue, repo: to, pull: null },
  )
  moved.state = issue.state
  moved.stateReason = issue.stateReason
  moved.labels = issue.labels.flatMap((label) => to.labels.get(label.name.toLowerCase()) ?? [])
  for (const comment of issue.comments) {
    addComment(world, moved, comment, comment.body)
  }
  forget(world, issue, moved)
  const changes = { new_issue: issueJson(world, moved), new_repository: repoJson(world, to) }
  emitIssue(world, issue, actor, { action: 'transferred', extra: { changes } })
  const opened = { old_issue: issueJson(world, issue), old_repository: repoJson(world, from) }
  emitIssue(world, moved, actor, { action: 'opened', extra: { changes: opened } })
  return moved
}

function forget(world: World, issue: Issue, where: 'deleted' | Issue): void {
  issue.repo.issues.delete(issue.number)
  issue.repo.pinned.splice(0, Infinity, ...issue.repo.pinned.filter((one) => one !== issue))
  forgetRelations(issue)
  issue.repo.gone.set(issue.number, where)
  world.nodes.delete(issue.nodeId)
  for (const comment of issue.comments) {
    issue.repo.comments.delete(comment.id)
    world.nodes.delete(comment.nodeId)
  }
}

function forgetRelations(issue: Issue): void {
  const without = (list: Issue[]): void => {
    const at = list.indexOf(issue)
    if (at >= 0) list.splice(at, 1)
  }
  if (issue.parent !== null) without(issue.parent.subIssues)
  for (const child of issue.subIssues) child.parent = null
  for (const blocker of issue.blockedBy) without(blocker.blocking)
  for (const blocked of issue.blocking) without(blocked.blockedBy)
}
