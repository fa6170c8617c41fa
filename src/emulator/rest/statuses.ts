// Commit statuses and the rules of branches that name them.
import { createStatus, latestStatuses, statusesOf } from '../change/statuses.ts'
import { isCommit, readCommit } from '../git/commits.ts'
import { created, ok, paged, type Call, type Operations } from '../http/operation.ts'
import { repoJson, repoUrl } from '../present/repository.ts'
import { simpleStatusJson, statusJson } from '../present/status.ts'
import { unprocessable } from '../world/refusal.ts'
import type { StatusState } from '../world/status.ts'
import { fullNameOf } from '../world/world.ts'
import { resolveCommit } from './resolve-commit.ts'

export const statusOperations: Operations = {
  'repos/create-commit-status': {
    by: 'installation',
    needs: ['statuses:write'],
    creates: true,
    run: async (call) => {
      const { body, repo, world } = call
      const sha = call.params.text('sha')
      if (!(await isCommit(repo.gitDir, sha))) {
        throw unprocessable(`No commit found for SHA: ${sha}`)
      }
      const made = createStatus(world, call.actor, {
        repo,
        commit: await readCommit(repo.gitDir, sha),
        state: body.text('state') as StatusState,
        context: body.maybe('context') ?? 'default',
        description: body.maybe('description'),
        targetUrl: body.maybe('target_url'),
      })
      return created(statusJson(world, made))
    },
  },
  'repos/list-commit-statuses-for-ref': {
    by: 'installation',
    needs: ['statuses:read'],
    run: async (call) => {
      const { repo, world } = call
      const sha = await resolveCommit(repo, call.params.text('ref'))
      return paged(call, statusesOf(world, repo, sha), (one) => statusJson(world, one))
    },
  },
  'repos/get-combined-status-for-ref': {
    by: 'installation',
    needs: ['statuses:read'],
    run: async (call) => {
      const { repo, world } = call
      const sha = await resolveCommit(repo, call.params.text('ref'))
      const url = `${repoUrl(world, repo)}/commits/${sha}`
      const latest = latestStatuses(world, repo, sha)
      return paged(
        call,
        latest,
        (one) => simpleStatusJson(world, one),
        (page, total) => ({
          state: combined(latest.map(({ state }) => state)),
          statuses: page,
          sha,
          total_count: total,
          repository: repoJson(world, repo),
          commit_url: url,
          url: `${url}/status`,
        }),
      )
    },
  },
  'repos/get-branch-rules': {
    by: 'installation',
    needs: ['metadata:read'],
    run: (call) => ok(rulesOf(call)),
  },
}

/** Without any status GitHub says that it waits for one. */
function combined(states: readonly StatusState[]): string {
  if (states.includes('failure') || states.includes('error')) return 'failure'
  return states.length === 0 || states.includes('pending') ? 'pending' : 'success'
}

/** Rules of rulesets only: those of a classic protection stand with the branch. */
function rulesOf(call: Call): readonly unknown[] {
  const rules = call.repo.protectedBranches.get(call.params.text('branch'))
  if (rules === undefined || rules.by !== 'ruleset') return []
  const source = {
    ruleset_source_type: 'Repository',
    ruleset_source: fullNameOf(call.repo),
    ruleset_id: call.repo.id,
  }
  const pull = {
    type: 'pull_request',
    parameters: {
      dismiss_stale_reviews_on_push: false,
      require_code_owner_review: false,
      require_last_push_approval: false,
      required_approving_review_count: rules.approvals,
      required_review_thread_resolution: false,
    },
    ...source,
  }
  const checks = {
    type: 'required_status_checks',
    parameters: {
      strict_required_status_checks_policy: rules.strict,
      required_status_checks: rules.requiredChecks.map((context) => ({ context })),
    },
    ...source,
  }
  return rules.requiredChecks.length === 0 ? [pull] : [pull, checks]
}
