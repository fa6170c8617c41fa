/**
 * Asks one person for a look at a pull request: an owner of the changed files, else one of the repository's reviewers in
 * turn. Whoever is asked already, by GitHub or by a former try, stays.
 */
import type { ActDetail } from '../../domain/act.ts'
import { assign } from '../../domain/assign.ts'
import { samePerson } from '../../domain/review.ts'
import { reviewQueue } from '../../domain/review-queue.ts'
import type { RepoPolicy, RepoSettings } from '../../domain/settings.ts'
import { OPEN } from '../../domain/task.ts'
import { codeOwners } from '../../policy/code-owners.ts'
import type { EngineDeps } from '../deps.ts'
import type { ActContext, ActResult } from './act.ts'

type AssignReview = Extract<ActDetail, { kind: 'assign-review' }>

/** Whom GitHub refuses, somebody else stands in for; a repository of many such tells of a wrong setting. */
const TRIES = 3

export async function assignReview(
  context: ActContext,
  { pull }: AssignReview,
  {
    deps,
    policyOf,
  }: { readonly deps: EngineDeps; readonly policyOf: (config: string | null) => RepoPolicy },
): Promise<ActResult> {
  const { repository, notAfter } = context
  const policy = policyOf(repository.config)
  const asked = (reviewers: readonly string[], teams: readonly string[]): ActResult => ({
    outcome: { kind: 'review-assigned', pull, reviewers, teams },
    remoteId: reviewers.join(' '),
  })
  if (policy.kind !== 'ready') return asked([], [])
  const asking = await deps.codeHost.reviewAsked(repository, pull)
  if (asking === null) return asked([], [])
  if (asking.reviewers.length > 0) return asked(asking.reviewers, [])
  const paths = (context.task.report?.files ?? []).map(({ path }) => path)
  const owners = codeOwners(asking.codeOwners ?? '', paths)
  for (const login of (await candidates(context, owners.people, policy.settings, deps)).slice(
    0,
    TRIES,
  ))
    if (await deps.codeHost.requestReview(repository, { pull, login, notAfter }))
      return asked([login], owners.teams)
  return asked([], owners.teams)
}

async function candidates(
  { task, repository, row }: ActContext,
  owners: readonly string[],
  settings: RepoSettings,
  { store, clock }: EngineDeps,
): Promise<readonly string[]> {
  const requester = task.wish === null ? [] : [task.wish.by.login]
  const named = owners.length > 0 ? owners : settings.reviewers
  const open = await store.list({ repo: repository.id, states: OPEN })
  const owed = reviewQueue(
    open.filter(({ id }) => id !== task.id),
    clock.now(),
  ).flatMap(({ login }) => login ?? [])
  return assign({
    logins: named,
    authors: settings.ownApproval ? [] : requester,
    owes: (login) => owed.filter((one) => samePerson(one, login)).length,
    capacity: settings.reviewerCapacity,
    turn: row.detail.kind === 'assign-review' ? row.detail.pull : 0,
  })
}
