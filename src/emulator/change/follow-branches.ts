// Pull requests follow their branches: a push to the head moves them, a deleted head closes them,
// and a base that already holds all their commits means that they are merged.
import type { RefChange } from '../git/bare-repository.ts'
import { isAncestor } from '../git/commits.ts'
import { git } from '../git/run-git.ts'
import type { Issue, PullIssue, Repository } from '../world/issue.ts'
import type { Actor } from '../world/app.ts'
import type { World } from '../world/world.ts'
import { closeIssue } from './issues.ts'
import { refreshStats } from './pull-stats.ts'
import { emitIssue, recordEvent, touch } from './record.ts'
import { followThreads } from './threads.ts'

/** `refs/pull/<n>/head` always shows where a pull request's head is. */
export async function writePullRef(issue: PullIssue): Promise<void> {
  const ref = `refs/pull/${issue.number}/head`
  await git(issue.repo.gitDir, ['update-ref', ref, issue.pull.head.sha])
}

export async function followHead(
  world: World,
  repo: Repository,
  actor: Actor,
  given: { readonly branch: string; readonly change: RefChange },
): Promise<void> {
  const { after, before } = given.change
  for (const issue of openPulls(repo).filter(({ pull }) => pull.head.ref === given.branch)) {
    if (after === null) {
      closeIssue(world, issue, actor)
      continue
    }
    issue.pull.head.sha = after
    touch(world, issue)
    await writePullRef(issue)
    await refreshStats(issue)
    await followThreads(issue)
    const extra = { before: before ?? '0'.repeat(40), after }
    emitIssue(world, issue, actor, { action: 'synchronize', extra })
  }
}

export async function followBase(
  world: World,
  repo: Repository,
  actor: Actor,
  branch: string,
): Promise<void> {
  const tip = repo.refs.get(`refs/heads/${branch}`)
  if (tip === undefined) return
  for (const issue of openPulls(repo).filter(({ pull }) => pull.base.ref === branch)) {
    if (await isAncestor(repo.gitDir, issue.pull.head.sha, tip)) {
      markMerged(world, issue, actor, tip)
    }
  }
}

/** The state change of a merge; the branches have been moved by then. */
export function markMerged(world: World, issue: PullIssue, actor: Actor, sha: string): void {
  const { pull } = issue
  pull.merged = true
  pull.mergedAt = world.stamp()
  pull.mergedBy = actor.user
  pull.mergeCommitSha = sha
  recordEvent(world, issue, actor, { event: 'merged', commitId: sha })
  closeIssue(world, issue, actor, { commitId: sha })
}

export function isPull(issue: Issue): issue is PullIssue {
  return issue.pull !== null
}

function openPulls(repo: Repository): readonly PullIssue[] {
  return [...repo.issues.values()].filter(isPull).filter((issue) => issue.state === 'open')
}
