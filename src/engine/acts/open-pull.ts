/** Opens the pull request with its evidence, or finds the one that is there already. */
import type { ActDetail } from '../../domain/act.ts'
import { spentBy } from '../../domain/budget.ts'
import { pullBody, pullTitle } from '../../render/pull.ts'
import { jailShown } from '../surfaces/jail-shown.ts'
import type { EngineDeps } from '../deps.ts'
import { ActRefused } from './act.ts'
import type { ActContext, ActResult } from './act.ts'

type OpenPull = Extract<ActDetail, { kind: 'open-pull' }>

export async function openPull(
  context: ActContext,
  detail: OpenPull,
  deps: EngineDeps,
): Promise<ActResult> {
  const { repository, task } = context
  if (task.wish === null || task.report === null)
    throw new ActRefused('there is no evidence to open a pull request with')
  // Somebody may have renamed the default branch since it was read.
  const { defaultBranch } =
    repository.head === null ? await deps.tracker.readHead(repository) : repository
  const attempts = await deps.store.attempts(task.id)
  const pull = await deps.codeHost.openPull(repository, {
    branch: detail.branch,
    base: defaultBranch,
    head: detail.head,
    title: pullTitle(task),
    body: pullBody({
      task,
      wish: task.wish,
      report: task.report,
      jailKind: await jailShown(deps),
      profile: attempts.at(-1)?.profile ?? null,
      spent: attempts.length > 1 ? spentBy(task, attempts) : null,
    }),
    draft: detail.draft,
    notAfter: context.notAfter,
  })
  return { outcome: { kind: 'pull-opened', pull }, remoteId: String(pull.number) }
}
