// Check runs. Only Apps make them; each App has one suite per commit, which is completed when all its
// runs are.
import type { Commit } from '../git/commits.ts'
import { checkRunWebhookJson, suiteOutcome, suiteWebhookJson } from '../present/check.ts'
import { invalid, type JsonObject } from '../world/refusal.ts'
import type { Actor, App } from '../world/app.ts'
import type {
  Annotation,
  CheckAction,
  CheckConclusion,
  CheckRun,
  CheckStatus,
  CheckSuite,
} from '../world/check.ts'
import type { Installation } from '../world/installation.ts'
import type { Repository } from '../world/issue.ts'
import type { User } from '../world/people.ts'
import { nodeId, type World } from '../world/world.ts'

const MAX_TEXT = 65_535
const MAX_ANNOTATIONS = 50
const MAX_ACTIONS = 3

export type CheckFields = {
  readonly name?: string
  readonly detailsUrl?: string
  readonly externalId?: string
  readonly status?: CheckStatus
  readonly startedAt?: string
  readonly conclusion?: CheckConclusion
  readonly completedAt?: string
  readonly output?: {
    readonly title: string | null
    readonly summary: string | null
    readonly text: string | null
    readonly annotations: readonly Annotation[]
  }
  readonly actions?: readonly CheckAction[]
}

export function createCheckRun(
  world: World,
  actor: Actor & { readonly app: App },
  given: {
    readonly repo: Repository
    readonly commit: Commit
    readonly name: string
    fields: CheckFields
  },
): CheckRun {
  checkFields(given.fields)
  const suite = suiteFor(world, actor.app, given)
  const id = world.nextId()
  const run: CheckRun = world.born({
    id,
    nodeId: nodeId('CR', id),
    suite,
    annotations: [],
    name: given.name,
    externalId: '',
    detailsUrl: null,
    status: 'queued',
    conclusion: null,
    startedAt: world.stamp(),
    completedAt: null,
    output: { title: null, summary: null, text: null },
    actions: [],
  })
  apply(world, run, given.fields)
  world.checkRuns.set(id, run)
  emitRun(world, run, actor.user, run.status === 'completed' ? 'completed' : 'created')
  if (run.status === 'completed') tellOfSuite(world, suite, actor.user)
  return run
}

export function updateCheckRun(
  world: World,
  run: CheckRun,
  actor: Actor,
  fields: CheckFields,
): void {
  checkFields(fields)
  const before = run.status
  apply(world, run, fields)
  run.suite.updatedAt = world.stamp()
  if (before === 'completed' || run.status !== 'completed') return
  emitRun(world, run, actor.user, 'completed')
  tellOfSuite(world, run.suite, actor.user)
}

/** A person presses one of the run's buttons; only the App that made the run hears it. */
export function requestAction(
  world: World,
  run: CheckRun,
  given: { readonly user: User; readonly identifier: string; readonly installation: Installation },
): void {
  world.emit({
    event: 'check_run',
    action: 'requested_action',
    sender: given.user,
    repo: run.suite.repo,
    only: given.installation,
    payload: () => ({
      check_run: checkRunWebhookJson(world, run),
      requested_action: { identifier: given.identifier },
    }),
  })
}

/** Asks the run's App to do it again, or the whole suite; only that App hears it. */
export function rerequest(
  world: World,
  given: { readonly user: User; readonly installation: Installation; readonly suite: CheckSuite },
  run: CheckRun | null,
): void {
  const { installation, suite, user } = given
  const shared = { sender: user, repo: suite.repo, only: installation, action: 'rerequested' }
  if (run === null) {
    const payload = (): JsonObject => ({ check_suite: suiteWebhookJson(world, suite) })
    world.emit({ ...shared, event: 'check_suite', payload })
    return
  }
  const payload = (): JsonObject => ({ check_run: checkRunWebhookJson(world, run) })
  world.emit({ ...shared, event: 'check_run', payload })
}

/** Says that the suite is completed, once all its runs are. */
function tellOfSuite(world: World, suite: CheckSuite, sender: User): void {
  if (suiteOutcome(world, suite).status !== 'completed') return
  world.emit({
    event: 'check_suite',
    action: 'completed',
    sender,
    repo: suite.repo,
    payload: () => ({ check_suite: suiteWebhookJson(world, suite) }),
  })
}

function suiteFor(
  world: World,
  app: App,
  given: { readonly repo: Repository; readonly commit: Commit },
): CheckSuite {
  const { sha } = given.commit
  const known = [...world.checkSuites.values()].find(
    (one) => one.app === app && one.repo === given.repo && one.headSha === sha,
  )
  if (known !== undefined) return known
  const id = world.nextId()
  const now = world.stamp()
  const suite = {
    id,
    nodeId: nodeId('CS', id),
    repo: given.repo,
    app,
    headSha: sha,
    commit: given.commit,
    createdAt: now,
    updatedAt: now,
  }
  world.checkSuites.set(id, suite)
  return suite
}

function apply(world: World, run: CheckRun, fields: CheckFields): void {
  if (fields.name !== undefined) run.name = fields.name
  if (fields.externalId !== undefined) run.externalId = fields.externalId
  if (fields.detailsUrl !== undefined) run.detailsUrl = fields.detailsUrl
  if (fields.startedAt !== undefined) run.startedAt = fields.startedAt
  if (fields.actions !== undefined) run.actions = fields.actions
  if (fields.output !== undefined) {
    const { annotations, ...texts } = fields.output
    run.output = texts
    run.annotations.push(...annotations)
  }
  // A conclusion or a completion time completes the run, whatever `status` says.
  if (
    fields.conclusion !== undefined ||
    fields.completedAt !== undefined ||
    fields.status === 'completed'
  ) {
    run.status = 'completed'
    run.conclusion = fields.conclusion ?? run.conclusion ?? 'neutral'
    run.completedAt = fields.completedAt ?? world.stamp()
    return
  }
  if (fields.status === undefined) return
  run.status = fields.status
  run.conclusion = null
  run.completedAt = null
}

function checkFields(fields: CheckFields): void {
  const refuse = (field: string, message: string): never => {
    throw invalid({ resource: 'CheckRun', field, code: 'custom', message })
  }
  if (fields.status === 'completed' && fields.conclusion === undefined) {
    refuse('conclusion', 'a completed check run needs a conclusion')
  }
  if ((fields.output?.summary?.length ?? 0) > MAX_TEXT)
    refuse('summary', `Only ${MAX_TEXT} characters are allowed`)
  if ((fields.output?.text?.length ?? 0) > MAX_TEXT)
    refuse('text', `Only ${MAX_TEXT} characters are allowed`)
  if ((fields.output?.annotations.length ?? 0) > MAX_ANNOTATIONS) {
    refuse('annotations', `No more than ${MAX_ANNOTATIONS} annotations per request`)
  }
  if ((fields.actions?.length ?? 0) > MAX_ACTIONS)
    refuse('actions', `No more than ${MAX_ACTIONS} actions`)
}

function emitRun(world: World, run: CheckRun, sender: User, action: 'created' | 'completed'): void {
  world.emit({
    event: 'check_run',
    action,
    sender,
    repo: run.suite.repo,
    payload: () => ({ check_run: checkRunWebhookJson(world, run) }),
  })
}
