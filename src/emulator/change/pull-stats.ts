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
  // A merged pull request keeps the base it was merged into, else it would show no changes.
  const base = pull.merged
    ? pull.base.sha
    : (repo.refs.get(`refs/heads/${pull.base.ref}`) ?? pull.base.sha)
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

/** The files that the pull request changes, against where it left its base. */
export async function changedFiles(
  issue: PullIssue,
  base: string = issue.pull.base.sha,
): Promise<readonly FileDifference[]> {
  const { gitDir } = issue.repo
  const head = issue.pull.head.sha
  return differences(gitDir, await mergeBase(gitDir, base, head), head)
}

/** The pull request's own commits, oldest first. */
export async function pullCommits(issue: PullIssue): Promise<readonly Commit[]> {
  const { base, head } = issue.pull
  return listCommits(issue.repo.gitDir, [`${base.sha}..${head.sha}`])
}
