// Verbs about branches and pull requests.
import { closeIssue, reopenIssue } from '../change/issues.ts'
import { mergePull, openPull, setDraft } from '../change/pulls.ts'
import { commitToBranch, moveRef } from '../change/refs.ts'
import type { FileChange } from '../git/import-commit.ts'
import { invalid, unprocessable } from '../world/refusal.ts'
import type { PullIssue } from '../world/issue.ts'
import type { MergeMethod } from '../world/pull.ts'
import { acting, actingOnOwn, pullAt, type AsAt, type VerbContext } from './context.ts'

export type Push = {
  readonly repo: string
  readonly as: string
  readonly branch: string
  /** By path; `null` deletes the file. */
  readonly files: Readonly<Record<string, FileChange>>
  readonly message: string
  /** Where a new branch starts; the default branch if left out. */
  readonly from?: string
}

export function pullVerbs({ world }: VerbContext) {
  return {
    /** Commits straight to a branch (made if need be); gives the new commit's id. */
    pushFiles: async (given: Push): Promise<string> => {
      const repo = world.repository(given.repo)
      const actor = acting(world, repo, given.as, 'write')
      const ref = `refs/heads/${given.branch}`
      if (repo.protectedBranches.has(given.branch)) {
        throw unprocessable(`GH006: Protected branch update failed for ${ref}.`)
      }
      const start =
        repo.refs.get(ref) ?? repo.refs.get(`refs/heads/${given.from ?? repo.defaultBranch}`)
      const { files, message } = given
      return commitToBranch(world, repo, actor, { ref, parent: start ?? null, files, message })
    },

    /** Points a branch anywhere, as a forced push does. */
    forceBranch: async (given: {
      readonly repo: string
      readonly as: string
      readonly branch: string
      readonly sha: string
    }): Promise<void> => {
      const repo = world.repository(given.repo)
      const actor = acting(world, repo, given.as, 'write')
      await moveRef(world, repo, actor, { ref: `refs/heads/${given.branch}`, to: given.sha })
    },

    deleteBranch: async (given: {
      readonly repo: string
      readonly as: string
      readonly branch: string
    }): Promise<void> => {
      const repo = world.repository(given.repo)
      const actor = acting(world, repo, given.as, 'write')
      if (given.branch === repo.defaultBranch)
        throw unprocessable('Cannot delete the default branch')
      await moveRef(world, repo, actor, { ref: `refs/heads/${given.branch}`, to: null })
    },

    openPull: async (given: {
      readonly repo: string
      readonly as: string
      readonly title: string
      readonly body?: string | null
      readonly head: string
      readonly base?: string
      readonly draft?: boolean
    }): Promise<PullIssue> => {
      const repo = world.repository(given.repo)
      const actor = acting(world, repo, given.as, 'write')
      const base = given.base ?? repo.defaultBranch
      return openPull(world, actor, { ...given, repo, base, body: given.body ?? null })
    },

    /** Gives the id of the base branch's new tip. Refused when the head is not `sha` any more. */
    merge: async (
      at: AsAt & { readonly method?: MergeMethod; readonly sha?: string },
    ): Promise<string> => {
      const issue = pullAt(world, at)
      const actor = acting(world, issue.repo, at.as, 'write')
      return mergePull(world, issue, actor, {
        method: at.method ?? 'merge',
        ...(at.sha === undefined ? {} : { sha: at.sha }),
      })
    },

    closePull: (at: AsAt): void => {
      const issue = pullAt(world, at)
      const actor = actingOnOwn(world, issue.repo, at.as, {
        owner: issue.user,
        otherwise: 'triage',
      })
      closeIssue(world, issue, actor)
    },

    reopenPull: (at: AsAt): void => {
      const issue = pullAt(world, at)
      const actor = actingOnOwn(world, issue.repo, at.as, {
        owner: issue.user,
        otherwise: 'triage',
      })
      if (issue.pull.merged || !issue.repo.refs.has(`refs/heads/${issue.pull.head.ref}`)) {
        throw invalid({ resource: 'PullRequest', field: 'state', code: 'invalid' })
      }
      reopenIssue(world, issue, actor)
    },

    markReady: (at: AsAt): void => {
      const issue = pullAt(world, at)
      const actor = actingOnOwn(world, issue.repo, at.as, { owner: issue.user, otherwise: 'write' })
      setDraft(world, issue, actor, false)
    },

    convertToDraft: (at: AsAt): void => {
      const issue = pullAt(world, at)
      const actor = actingOnOwn(world, issue.repo, at.as, { owner: issue.user, otherwise: 'write' })
      setDraft(world, issue, actor, true)
    },
  }
}
