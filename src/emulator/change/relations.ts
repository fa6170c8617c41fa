// Sub-issues and dependencies between issues. Neither moves `updated_at` here: GitHub promises no
// such thing, so nobody may rely on it.
import { fullIssueJson } from '../present/issue.ts'
import { repoJson } from '../present/repository.ts'
import { invalid, notFound, unprocessable, type JsonObject } from '../world/refusal.ts'
import type { Actor } from '../world/app.ts'
import type { Issue, Repository } from '../world/issue.ts'
import type { World } from '../world/world.ts'

/** From GitHub's documentation: sub-issues per parent, and levels of nesting. */
const MAX_SUB_ISSUES = 100
const MAX_LEVELS = 8
/** Dependencies per issue and direction. */
const MAX_DEPENDENCIES = 50

export function addSubIssue(
  world: World,
  parent: Issue,
  actor: Actor,
  given: { readonly child: Issue; readonly replaceParent: boolean },
): void {
  const { child } = given
  if (child === parent || ancestors(parent).includes(child)) {
    throw unprocessable('A sub-issue cannot be its own ancestor')
  }
  if (child.repo.owner !== parent.repo.owner)
    throw unprocessable('Sub-issue must have the same owner')
  if (child.parent !== null) {
    if (!given.replaceParent) throw unprocessable('Sub-issue may only have one parent')
    removeSubIssue(world, child.parent, actor, child)
  }
  if (parent.subIssues.length >= MAX_SUB_ISSUES) {
    throw unprocessable(`Parent cannot have more than ${MAX_SUB_ISSUES} sub-issues`)
  }
  if (ancestors(parent).length + 1 + depth(child) > MAX_LEVELS) {
    throw unprocessable(`Sub-issues may be nested ${MAX_LEVELS} levels deep`)
  }
  parent.subIssues.push(child)
  child.parent = parent
  emitSubIssue(world, actor, { parent, child, what: 'added' })
}

export function removeSubIssue(world: World, parent: Issue, actor: Actor, child: Issue): void {
  if (child.parent !== parent) throw notFound()
  parent.subIssues.splice(parent.subIssues.indexOf(child), 1)
  child.parent = null
  emitSubIssue(world, actor, { parent, child, what: 'removed' })
}

/** Moves a sub-issue before or after another of the same parent. */
export function moveSubIssue(
  parent: Issue,
  child: Issue,
  to: { readonly after: Issue } | { readonly before: Issue },
): void {
  const other = 'after' in to ? to.after : to.before
  if (child.parent !== parent || other.parent !== parent || other === child) throw notFound()
  parent.subIssues.splice(parent.subIssues.indexOf(child), 1)
  const at = parent.subIssues.indexOf(other)
  parent.subIssues.splice('after' in to ? at + 1 : at, 0, child)
}

export function addBlockedBy(world: World, issue: Issue, actor: Actor, blocker: Issue): void {
  if (issue.pull !== null || blocker.pull !== null || issue === blocker) {
    throw invalid({ resource: 'IssueDependency', field: 'issue_id', code: 'invalid' })
  }
  if (issue.blockedBy.includes(blocker)) {
    throw invalid({ resource: 'IssueDependency', field: 'issue_id', code: 'already_exists' })
  }
  if (issue.blockedBy.length >= MAX_DEPENDENCIES || blocker.blocking.length >= MAX_DEPENDENCIES) {
    throw unprocessable(`An issue may have at most ${MAX_DEPENDENCIES} dependencies`)
  }
  issue.blockedBy.push(blocker)
  blocker.blocking.push(issue)
  emitDependency(world, actor, { issue, blocker, what: 'added' })
}

export function removeBlockedBy(world: World, issue: Issue, actor: Actor, blocker: Issue): void {
  if (!issue.blockedBy.includes(blocker)) throw notFound()
  issue.blockedBy.splice(issue.blockedBy.indexOf(blocker), 1)
  blocker.blocking.splice(blocker.blocking.indexOf(issue), 1)
  emitDependency(world, actor, { issue, blocker, what: 'removed' })
}

function ancestors(issue: Issue): readonly Issue[] {
  return issue.parent === null ? [] : [issue.parent, ...ancestors(issue.parent)]
}

function depth(issue: Issue): number {
  return 1 + Math.max(0, ...issue.subIssues.map(depth))
}

type What = 'added' | 'removed'

/** Both ends are told, each in its own repository. */
function emitSubIssue(
  world: World,
  actor: Actor,
  given: { readonly parent: Issue; readonly child: Issue; readonly what: What },
): void {
  const { parent, child, what } = given
  const shared = (): JsonObject => ({
    parent_issue_id: parent.id,
    parent_issue: fullIssueJson(world, parent),
    sub_issue_id: child.id,
    sub_issue: fullIssueJson(world, child),
  })
  const tell = (repo: Repository, action: string, extra: () => JsonObject): void =>
    world.emit({
      event: 'sub_issues',
      action,
      sender: actor.user,
      repo,
      payload: () => ({ ...shared(), ...extra() }),
    })
  tell(child.repo, `parent_issue_${what}`, () => ({
    parent_issue_repo: repoJson(world, parent.repo),
  }))
  tell(parent.repo, `sub_issue_${what}`, () => ({ sub_issue_repo: repoJson(world, child.repo) }))
}

function emitDependency(
  world: World,
  actor: Actor,
  given: { readonly issue: Issue; readonly blocker: Issue; readonly what: What },
): void {
  const { issue, blocker, what } = given
  const shared = (): JsonObject => ({
    blocked_issue_id: issue.id,
    blocked_issue: fullIssueJson(world, issue),
    blocking_issue_id: blocker.id,
    blocking_issue: fullIssueJson(world, blocker),
  })
  const tell = (repo: Repository, action: string, extra: () => JsonObject): void =>
    world.emit({
      event: 'issue_dependencies',
      action,
      sender: actor.user,
      repo,
      payload: () => ({ ...shared(), ...extra() }),
    })
  tell(issue.repo, `blocked_by_${what}`, () => ({
    blocking_issue_repo: repoJson(world, blocker.repo),
  }))
  tell(blocker.repo, `blocking_${what}`, () => ({
    blocked_issue_repo: repoJson(world, issue.repo),
  }))
}
