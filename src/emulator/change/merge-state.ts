// What stands on a commit, what its branch requires, and so whether a pull request may be merged.
import { isAncestor } from '../git/commits.ts'
import type { CheckRun } from '../world/check.ts'
import type { PullIssue, Repository } from '../world/issue.ts'
import type { CommitStatus } from '../world/status.ts'
import type { World } from '../world/world.ts'
import { baseCommit, refreshStats } from './pull-stats.ts'
import { decisionOf } from './review-decision.ts'
import { latestStatuses } from './statuses.ts'

export type Outcome = 'SUCCESS' | 'FAILURE' | 'ERROR' | 'PENDING'
export type Context =
  | {
      readonly kind: 'run'
      readonly name: string
      readonly outcome: Outcome
      readonly run: CheckRun
    }
  | {
      readonly kind: 'status'
      readonly name: string
      readonly outcome: Outcome
      readonly status: CommitStatus
    }

export type MergeState = 'BEHIND' | 'BLOCKED' | 'CLEAN' | 'DIRTY' | 'DRAFT' | 'UNKNOWN' | 'UNSTABLE'

/** The newest run of each name and App, and the newest status of each context. */
export function contextsOf(world: World, repo: Repository, sha: string): readonly Context[] {
  const runs = [...world.checkRuns.values()].filter(
    ({ suite }) => suite.repo === repo && suite.headSha === sha,
  )
  const latest = new Map(runs.map((run) => [`${run.suite.app.id} ${run.name}`, run]))
  return [
    ...[...latest.values()].map((run): Context => ({
      kind: 'run',
      name: run.name,
      outcome: outcomeOfRun(run),
      run,
    })),
    ...latestStatuses(world, repo, sha).map((status): Context => {
      const outcome = status.state.toUpperCase() as Outcome
      return { kind: 'status', name: status.context, outcome, status }
    }),
  ]
}

/** One word for all of them; `null` where nothing stands. */
export function rollupOf(contexts: readonly Context[]): Outcome | null {
  const has = (outcome: Outcome): boolean => contexts.some((one) => one.outcome === outcome)
  if (contexts.length === 0) return null
  if (has('ERROR')) return 'ERROR'
  if (has('FAILURE')) return 'FAILURE'
  return has('PENDING') ? 'PENDING' : 'SUCCESS'
}

export function isRequired({ pull, repo }: PullIssue, name: string): boolean {
  return repo.protectedBranches.get(pull.base.ref)?.requiredChecks.includes(name) ?? false
}

/** Why the base branch's rules forbid the merge, in GitHub's words; `null` when they do not. */
export async function blocked(world: World, issue: PullIssue): Promise<string | null> {
  const { pull, repo } = issue
  const rules = repo.protectedBranches.get(pull.base.ref)
  if (rules === undefined) return null
  const decision = decisionOf(issue)
  if (decision === 'CHANGES_REQUESTED') return 'Changes have been requested.'
  if (decision === 'REVIEW_REQUIRED') {
    return `At least ${rules.approvals} approving review is required by reviewers with write access.`
  }
  const contexts = contextsOf(world, repo, pull.head.sha)
  for (const name of rules.requiredChecks) {
    const found = contexts.filter((one) => one.name === name)
    if (found.length === 0) return `Required status check "${name}" is expected.`
    if (found.some(({ outcome }) => outcome === 'PENDING'))
      return `Required status check "${name}" is in progress.`
    if (found.some(({ outcome }) => outcome !== 'SUCCESS'))
      return `Required status check "${name}" is failing.`
  }
  return null
}

export async function mergeStateOf(world: World, issue: PullIssue): Promise<MergeState> {
  const { pull, repo } = issue
  if (issue.state === 'closed') return 'UNKNOWN'
  const { mergeable } = await refreshStats(issue)
  if (!mergeable) return 'DIRTY'
  if (pull.draft) return 'DRAFT'
  if ((await blocked(world, issue)) !== null) return 'BLOCKED'
  if (await isBehind(issue)) return 'BEHIND'
  const contexts = contextsOf(world, repo, pull.head.sha)
  return contexts.every(({ outcome }) => outcome === 'SUCCESS') ? 'CLEAN' : 'UNSTABLE'
}

/** Only a strict branch minds. */
export async function isBehind(issue: PullIssue): Promise<boolean> {
  const { pull, repo } = issue
  if (repo.protectedBranches.get(pull.base.ref)?.strict !== true) return false
  return !(await isAncestor(repo.gitDir, baseCommit(issue), pull.head.sha))
}

function outcomeOfRun({ conclusion, status }: CheckRun): Outcome {
  if (status !== 'completed') return 'PENDING'
  switch (conclusion) {
    case 'success':
    case 'neutral':
    case 'skipped':
      return 'SUCCESS'
    case 'failure':
    case 'cancelled':
    case 'timed_out':
    case 'action_required':
    case 'stale':
    case null:
      return 'FAILURE'
  }
}
