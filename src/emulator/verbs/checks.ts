// Verbs about checks: what a CI reports, and the buttons that people press.
import {
  createCheckRun,
  requestAction,
  rerequest,
  updateCheckRun,
  type CheckFields,
} from '../change/checks.ts'
import { otherApp } from '../change/other-app.ts'
import { createStatus } from '../change/statuses.ts'
import { covers } from '../auth/permission.ts'
import { isCommit, readCommit, type Commit } from '../git/commits.ts'
import { notFound, unprocessable } from '../world/refusal.ts'
import type { Annotation, CheckConclusion, CheckRun, CheckStatus } from '../world/check.ts'
import type { Installation } from '../world/installation.ts'
import type { Repository } from '../world/issue.ts'
import type { CommitStatus, StatusState } from '../world/status.ts'
import { acting, type VerbContext } from './context.ts'

export type CheckReport = {
  readonly repo: string
  readonly sha: string
  /** Slug of the App that reports, `github-actions` if left out; made up when there is none. */
  readonly by?: string
  readonly name: string
  /** Completed when a conclusion is given, else in progress. */
  readonly status?: CheckStatus
  readonly conclusion?: CheckConclusion
  readonly title?: string
  readonly summary?: string
  readonly text?: string
  readonly detailsUrl?: string
  readonly annotations?: readonly Annotation[]
}

export function checkVerbs({ world }: VerbContext) {
  const commitAt = async (repo: Repository, sha: string): Promise<Commit> => {
    if (!(await isCommit(repo.gitDir, sha))) throw unprocessable(`No commit found for SHA: ${sha}`)
    return readCommit(repo.gitDir, sha)
  }
  const runAt = (id: number): CheckRun => {
    const run = world.checkRuns.get(id)
    if (run === undefined) throw notFound()
    return run
  }
  /** Where the run's App is installed, for a person who may write there. */
  const pressed = ({ suite }: CheckRun, login: string) => {
    const { user } = acting(world, suite.repo, login, 'write')
    const installation: Installation | undefined = [...world.installations.values()].find(
      (one) => one.app === suite.app && covers(one, suite.repo),
    )
    if (installation === undefined) throw notFound()
    return { user, installation, suite }
  }

  return {
    /** A check run by another App; one of the same name that has not ended yet is carried on. */
    reportCheck: async (given: CheckReport): Promise<CheckRun> => {
      const repo = world.repository(given.repo)
      const app = otherApp(world, given.by ?? 'github-actions')
      const actor = { user: app.bot, app }
      const commit = await commitAt(repo, given.sha)
      const fields = fieldsOf(given)
      const open = [...world.checkRuns.values()].find(
        ({ name, status, suite }) =>
          suite.app === app &&
          suite.repo === repo &&
          suite.headSha === commit.sha &&
          name === given.name &&
          status !== 'completed',
      )
      if (open === undefined) {
        return createCheckRun(world, actor, { repo, commit, name: given.name, fields })
      }
      updateCheckRun(world, open, actor, fields)
      return open
    },

    /** A commit status by a person or a bot who may write. */
    reportStatus: async (given: {
      readonly repo: string
      readonly sha: string
      readonly as: string
      readonly state: StatusState
      readonly context: string
      readonly description?: string
      readonly targetUrl?: string
    }): Promise<CommitStatus> => {
      const repo = world.repository(given.repo)
      const actor = acting(world, repo, given.as, 'write')
      const { context, state } = given
      return createStatus(world, actor, {
        repo,
        commit: await commitAt(repo, given.sha),
        state,
        context,
        description: given.description ?? null,
        targetUrl: given.targetUrl ?? null,
      })
    },

    /** Presses a button of a check run. */
    pressCheckAction: (given: {
      readonly run: number
      readonly as: string
      readonly identifier: string
    }): void => {
      const run = runAt(given.run)
      const by = pressed(run, given.as)
      const { identifier } = given
      if (run.status !== 'completed' || !run.actions.some((one) => one.identifier === identifier)) {
        throw unprocessable(`The check run shows no button ${identifier}`)
      }
      requestAction(world, run, { ...by, identifier })
    },

    /** "Re-run" on one check run. */
    rerunCheck: (given: { readonly run: number; readonly as: string }): void => {
      const run = runAt(given.run)
      rerequest(world, pressed(run, given.as), run)
    },

    /** "Re-run all checks" of the App that made this run. */
    rerunSuite: (given: { readonly run: number; readonly as: string }): void => {
      rerequest(world, pressed(runAt(given.run), given.as), null)
    },

    statuses: (repo: string, sha: string): readonly CommitStatus[] => {
      const found = world.repository(repo)
      return world.statuses.filter((one) => one.repo === found && one.sha === sha)
    },
  }
}

function fieldsOf(given: CheckReport): CheckFields {
  const { annotations = [], conclusion, detailsUrl, summary, text, title } = given
  const said = title !== undefined || summary !== undefined || annotations.length > 0
  return {
    ...(conclusion === undefined
      ? { status: given.status ?? 'in_progress' }
      : { status: 'completed', conclusion }),
    ...(detailsUrl === undefined ? {} : { detailsUrl }),
    ...(said
      ? {
          output: {
            title: title ?? given.name,
            summary: summary ?? '',
            text: text ?? null,
            annotations,
          },
        }
      : {}),
  }
}
