// What git says of a pull request's branches: size, and whether they merge. Kept on the pull
// request for the pair of commits it was computed from.
import { distance, listCommits, mergeBase, mergeTrees, type Commit } from '../git/commits.ts'
import { differences, type FileDifference } from '../git/differences.ts'
import type { PullIssue } from '../world/issue.ts'
import type { PullStats } from '../world/pull.ts'

/** Brings `pull.stats` up to the present commits of both branches. */
export async function refreshStats(issue: PullIssue): Promise<PullStats> {
  const { pull, repo } = issue
  const head = pull.head.sha
  const base = baseCommit(issue)
  if (pull.stats?.head === head && pull.stats.base === base) return pull.stats
  const [{ ahead }, files, merged] = await Promise.all([
    distance(repo.gitDir, base, head),
    changedFiles(issue, base),
    mergeTrees(repo.gitDir, base, head),
  ])
  const sum = (pick: (file: FileDifference) => number): number =>
    files.reduce((total, file) => total + pick(file), 0)
  pull.stats = {
    head,
    base,
    commits: ahead,
    additions: sum((file) => file.additions),
    deletions: sum((file) => file.deletions),
    changedFiles: files.length,
    mergeable: merged !== null,
  }
  return pull.stats
}

/**
 * What the head is compared with: the base branch as it is now, so that a base merged into the head
 * is no change. A merged pull request keeps the base it went into, else it would show no changes.
 */
export function baseCommit({ pull, repo }: PullIssue): string {
  if (pull.merged) return pull.base.sha
  return repo.refs.get(`refs/heads/${pull.base.ref}`) ?? pull.base.sha
}

/** The files that the pull request changes, against where it left its base. */
export async function changedFiles(
  issue: PullIssue,
  base: string = baseCommit(issue),
): Promise<readonly FileDifference[]> {
  const { gitDir } = issue.repo
  const head = issue.pull.head.sha
  return differences(gitDir, await mergeBase(gitDir, base, head), head)
}

/** The pull request's own commits, oldest first. */
export async function pullCommits(issue: PullIssue): Promise<readonly Commit[]> {
  const { head } = issue.pull
  return listCommits(issue.repo.gitDir, [`${baseCommit(issue)}..${head.sha}`])
}
