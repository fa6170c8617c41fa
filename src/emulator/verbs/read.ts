// Reading verbs: what a person would see on the pages. No role is asked; tests and pages read all.
import { baseCommit, changedFiles, pullCommits, refreshStats } from '../change/pull-stats.ts'
import { blocked, isBehind } from '../change/merge-state.ts'
import { isPull } from '../change/follow-branches.ts'
import { listCommits, mergeBase, type Commit } from '../git/commits.ts'
import { diffText, type FileDifference } from '../git/differences.ts'
import { entriesIn, entryAt, readBlob, type Entry } from '../git/files.ts'
import { resolveCommit } from '../rest/resolve-commit.ts'
import type { CheckRun } from '../world/check.ts'
import type { Comment, Issue, IssueEvent, PullIssue, Repository } from '../world/issue.ts'
import { latestStatuses } from '../change/statuses.ts'
import type { CommitStatus } from '../world/status.ts'
import type { PullStats } from '../world/pull.ts'
import type { User } from '../world/people.ts'
import { issueAt, pullAt, type At, type VerbContext } from './context.ts'

export function readVerbs({ world, webhooks }: VerbContext) {
  return {
    /** All that is there; entities are live and show later changes. */
    repository: (name: string): Repository => world.repository(name),
    repositories: (): readonly Repository[] => [...world.repositories.values()],
    user: (login: string): User => world.user(login),
    issue: (at: At): Issue => issueAt(world, at),
    issues: (repo: string): readonly Issue[] =>
      [...world.repository(repo).issues.values()].filter((issue) => !isPull(issue)),
    comments: (at: At): readonly Comment[] => [...issueAt(world, at).comments],
    /** Names of the labels on an issue, in the order they were added. */
    labels: (at: At): readonly string[] => issueAt(world, at).labels.map((label) => label.name),
    history: (at: At): readonly IssueEvent[] => {
      const issue = issueAt(world, at)
      return issue.repo.events.filter((event) => event.issue === issue)
    },
    pull: (at: At): PullIssue => pullAt(world, at),
    /** Open and closed, oldest first. */
    pulls: (repo: string): readonly PullIssue[] =>
      [...world.repository(repo).issues.values()].filter(isPull),
    /** Size and mergeability, computed anew when a branch has moved. */
    pullStats: async (at: At): Promise<PullStats> => refreshStats(pullAt(world, at)),
    /** Why the base branch's rules forbid the merge; `null` when they do not. */
    whyBlocked: async (at: At): Promise<string | null> => {
      const issue = pullAt(world, at)
      if (issue.state === 'closed') return null
      if (await isBehind(issue)) return 'The head branch is not up to date with the base branch.'
      return blocked(world, issue)
    },
    pullFiles: async (at: At): Promise<readonly FileDifference[]> =>
      changedFiles(pullAt(world, at)),
    pullCommits: async (at: At): Promise<readonly Commit[]> => pullCommits(pullAt(world, at)),
    /** The pull request's difference as unified text. */
    diff: async (at: At): Promise<string> => {
      const issue = pullAt(world, at)
      const { pull, repo } = issue
      const base = baseCommit(issue)
      const fork = await mergeBase(repo.gitDir, base, pull.head.sha)
      return diffText(repo.gitDir, fork ?? base, pull.head.sha)
    },
    /** Check runs of a commit, or of all commits. */
    checks: (repo: string, sha?: string): readonly CheckRun[] => {
      const found = world.repository(repo)
      return [...world.checkRuns.values()].filter(
        (run) => run.suite.repo === found && (sha === undefined || run.suite.headSha === sha),
      )
    },
    /** The newest status of each context on a commit. */
    latestStatuses: (repo: string, sha: string): readonly CommitStatus[] =>
      latestStatuses(world, world.repository(repo), sha),
    /** Branch names and their commits. */
    branches: (repo: string): ReadonlyMap<string, string> => {
      const heads = 'refs/heads/'
      const refs = [...world.repository(repo).refs].filter(([ref]) => ref.startsWith(heads))
      return new Map(refs.map(([ref, sha]) => [ref.slice(heads.length), sha]))
    },
    /** Newest first. */
    commits: async (repo: string, ref: string): Promise<readonly Commit[]> => {
      const found = world.repository(repo)
      const commits = await listCommits(found.gitDir, [await resolveCommit(found, ref)])
      return commits.toReversed()
    },
    /** A file's text, or `null` when it is not there. */
    fileAt: async (repo: string, ref: string, path: string): Promise<string | null> => {
      const { gitDir } = world.repository(repo)
      const entry = await entryAt(gitDir, await resolveCommit(world.repository(repo), ref), path)
      if (entry === null || entry.type !== 'blob') return null
      return (await readBlob(gitDir, entry.sha)).toString()
    },
    filesAt: async (repo: string, ref: string, folder = ''): Promise<readonly Entry[]> => {
      const found = world.repository(repo)
      return entriesIn(found.gitDir, await resolveCommit(found, ref), folder)
    },
    /** Resolves when every webhook has been delivered or given up. */
    whenIdle: async (): Promise<void> => webhooks.whenIdle(),
  }
}
