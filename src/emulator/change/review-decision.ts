// What GitHub makes of all reviews: only the last verdict of each reviewer with write access counts,
// and a branch that asks for no reviews gets no decision at all.
import { hasRole, roleOf } from '../auth/role.ts'
import type { PullIssue } from '../world/issue.ts'
import type { User } from '../world/people.ts'
import type { ReviewState } from '../world/pull.ts'

export type Decision = 'APPROVED' | 'CHANGES_REQUESTED' | 'REVIEW_REQUIRED'

export function decisionOf(issue: PullIssue): Decision | null {
  const { pull, repo } = issue
  const needed = repo.protectedBranches.get(pull.base.ref)?.approvals ?? 0
  if (needed === 0) return null
  const verdicts = new Map<User, ReviewState>()
  for (const { state, user } of pull.reviews) {
    if (!hasRole(roleOf(repo, user), 'write')) continue
    if (state === 'APPROVED' || state === 'CHANGES_REQUESTED') verdicts.set(user, state)
    if (state === 'DISMISSED') verdicts.delete(user)
  }
  const all = [...verdicts.values()]
  if (all.includes('CHANGES_REQUESTED')) return 'CHANGES_REQUESTED'
  const approvals = all.filter((state) => state === 'APPROVED').length
  return approvals >= needed ? 'APPROVED' : 'REVIEW_REQUIRED'
}
