// Check runs and suites.
import { createCheckRun, rerequest, updateCheckRun, type CheckFields } from '../change/checks.ts'
import { isCommit, readCommit } from '../git/commits.ts'
import type { Fields } from '../http/fields.ts'
import { created, ok, paged, type Call, type Operations } from '../http/operation.ts'
import { checkRunJson, suiteJson } from '../present/check.ts'
import { forbidden, notFound, unprocessable } from '../world/refusal.ts'
import type {
  Annotation,
  CheckAction,
  CheckConclusion,
  CheckRun,
  CheckSuite,
  CheckStatus,
} from '../world/check.ts'
import { resolveCommit } from './resolve-commit.ts'

const READ = ['checks:read'] as const
const WRITE = ['checks:write'] as const

export const checkOperations: Operations = {
  'checks/create': {
    by: 'installation',
    needs: WRITE,
    creates: true,
    run: async (call) => {
      const { actor, body, repo, world } = call
      if (actor.app === null) throw forbidden('You must authenticate via a GitHub App.')
      const headSha = body.text('head_sha')
      if (!(await isCommit(repo.gitDir, headSha)))
        throw unprocessable(`No commit found for SHA: ${headSha}`)
      const commit = await readCommit(repo.gitDir, headSha)
      const given = { repo, commit, name: body.text('name'), fields: fields(body) }
      return created(
        checkRunJson(world, createCheckRun(world, { ...actor, app: actor.app }, given)),
      )
    },
  },
  'checks/get': {
    by: 'installation',
    needs: READ,
    run: (call) => ok(checkRunJson(call.world, checkRun(call))),
  },
  'checks/update': {
    by: 'installation',
    needs: WRITE,
    run: (call) => {
      const run = checkRun(call)
      if (run.suite.app !== call.actor.app) {
        throw forbidden(
          'Invalid app_id `id` - check run can only be modified by the GitHub App that created it.',
        )
      }
      updateCheckRun(call.world, run, call.actor, fields(call.body))
      return ok(checkRunJson(call.world, run))
    },
  },
  'checks/list-for-ref': {
    by: 'installation',
    needs: READ,
    run: async (call) => {
      const sha = await resolveCommit(call.repo, call.params.text('ref'))
      const runs = runsOf(call).filter((run) => run.suite.headSha === sha)
      return paged(
        call,
        chosen(call, runs),
        (run) => checkRunJson(call.world, run),
        (page, total) => ({ total_count: total, check_runs: page }),
      )
    },
  },
  'checks/rerequest-run': {
    by: 'installation',
    needs: WRITE,
    run: (call) => {
      const run = checkRun(call)
      rerequest(call.world, ownSuite(call, run.suite), run)
      return created({})
    },
  },
  'checks/rerequest-suite': {
    by: 'installation',
    needs: WRITE,
    run: (call) => {
      rerequest(call.world, ownSuite(call, checkSuite(call)), null)
      return created({})
    },
  },
  'checks/get-suite': {
    by: 'installation',
    needs: READ,
    run: (call) => ok(suiteJson(call.world, checkSuite(call))),
  },
  'checks/list-suites-for-ref': {
    by: 'installation',
    needs: READ,
    run: async (call) => {
      const sha = await resolveCommit(call.repo, call.params.text('ref'))
      const app = call.query.has('app_id') ? call.query.number('app_id') : null
      const suites = [...call.world.checkSuites.values()].filter(
        (one) =>
          one.repo === call.repo && one.headSha === sha && (app === null || one.app.id === app),
      )
      return paged(
        call,
        suites,
        (suite) => suiteJson(call.world, suite),
        (page, total) => ({ total_count: total, check_suites: page }),
      )
    },
  },
  'checks/list-annotations': {
    by: 'installation',
    needs: READ,
    run: (call) =>
      paged(call, checkRun(call).annotations, (annotation) => ({
        start_column: null,
        end_column: null,
        title: null,
        raw_details: null,
        blob_href: '',
        ...annotation,
      })),
  },
}

function runsOf(call: Call): readonly CheckRun[] {
  return [...call.world.checkRuns.values()].filter(
    (run) => run.suite.repo === call.repo && call.world.listed(run),
  )
}

function chosen(call: Call, runs: readonly CheckRun[]): readonly CheckRun[] {
  const { query } = call
  const name = query.maybe('check_name')
  const status = query.maybe('status')
  const app = query.has('app_id') ? query.number('app_id') : null
  const matching = runs.filter(
    (run) =>
      (name === null || run.name === name) &&
      (status === null || run.status === status) &&
      (app === null || run.suite.app.id === app),
  )
  if (query.maybe('filter') === 'all') return matching
  // `latest`: of each name (and App) only the newest run.
  const latest = new Map(matching.map((run) => [`${run.suite.app.id} ${run.name}`, run]))
  return [...latest.values()]
}

function checkRun(call: Call): CheckRun {
  const found = call.world.checkRuns.get(call.params.number('check_run_id'))
  if (found === undefined || found.suite.repo !== call.repo) throw notFound()
  return found
}

function checkSuite(call: Call): CheckSuite {
  const found = call.world.checkSuites.get(call.params.number('check_suite_id'))
  if (found === undefined || found.repo !== call.repo) throw notFound()
  return found
}

/** An App asks itself only. */
function ownSuite(call: Call, suite: CheckSuite) {
  const { credential } = call
  if (credential.kind !== 'installation' || suite.app !== call.actor.app) {
    throw forbidden('This check suite is not rerequestable')
  }
  return { suite, user: call.actor.user, installation: credential.installation }
}

/** The schema has checked the forms; what is left is to name them. */
function fields(body: Fields): CheckFields {
  const output = body.object('output')
  return {
    ...(body.has('name') ? { name: body.text('name') } : {}),
    ...(body.has('details_url') ? { detailsUrl: body.text('details_url') } : {}),
    ...(body.has('external_id') ? { externalId: body.text('external_id') } : {}),
    ...(body.has('status') ? { status: body.text('status') as CheckStatus } : {}),
    ...(body.has('started_at') ? { startedAt: body.text('started_at') } : {}),
    ...(body.has('conclusion') ? { conclusion: body.text('conclusion') as CheckConclusion } : {}),
    ...(body.has('completed_at') ? { completedAt: body.text('completed_at') } : {}),
    ...(body.has('actions') ? { actions: body.list('actions') as readonly CheckAction[] } : {}),
    ...(body.has('output')
      ? {
          output: {
            title: output.maybe('title'),
            summary: output.maybe('summary'),
            text: output.maybe('text'),
            annotations: output.list('annotations') as readonly Annotation[],
          },
        }
      : {}),
  }
}
