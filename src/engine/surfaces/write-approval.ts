/**
 * Writes the check `yardmaster/approval`. Who approves is read from GitHub at that moment, and what they may do is asked:
 * nothing of it is stored, so nothing can be out of date. Until then it is under way, because a neutral check would pass.
 */
import { createHash } from 'node:crypto'
import { mayWrite } from '../../domain/actor.ts'
import type { Sha } from '../../domain/ids.ts'
import type { ProjectionRow } from '../../ports/store.ts'
import { approvalWords } from '../../render/approval.ts'
import type { EngineDeps } from '../deps.ts'
import { formerTry, ownCheck } from './marks.ts'
import type { SurfaceDeps } from './surface-deps.ts'
import type { TaskView } from './view.ts'

export const APPROVAL_CHECK = 'yardmaster/approval'

export async function writeApproval(
  row: ProjectionRow,
  view: TaskView,
  deps: SurfaceDeps,
  head: Sha,
): Promise<void> {
  const { store, tracker } = deps
  const { task, repository, policy } = view
  const settle = (hash: string, remoteId: string | null): Promise<void> =>
    store.projections.done(row, { hash, remoteId, written: null })
  const wanted = policy.kind === 'ready' && !policy.settings.ownApproval
  // Of an older head, or one that is not under review any more, nobody waits for it.
  const present = task.pull?.head ?? task.pushed
  if (!wanted || task.wish === null || present !== head)
    return settle(row.writtenHash ?? '', row.remoteId)
  const by = task.pull === null ? null : await approver(view, head, deps)
  const words = approvalWords(head, task.wish.by.login, by)
  const hash = createHash('sha256').update(JSON.stringify(words)).digest('hex')
  if (hash === row.writtenHash && row.triedAt === null) return settle(hash, row.remoteId)
  await deps.begin(row)
  const known = row.remoteId === null ? null : Number(row.remoteId)
  const id = await tracker.publishCheck(
    repository,
    {
      ...ownCheck(task, head),
      name: APPROVAL_CHECK,
      formerTry: await formerTry(row, deps),
      notAfter: deps.notAfter,
      ...words,
      text: null,
    },
    known,
  )
  await settle(hash, String(id))
}

/** The first whose approval of exactly this commit counts. */
async function approver(
  { task, repository }: TaskView,
  head: Sha,
  { tracker }: EngineDeps,
): Promise<string | null> {
  if (task.pull === null || task.wish === null) return null
  for (const approval of await tracker.approvals(repository, task.pull.number)) {
    if (approval.head !== head || approval.by.id === task.wish.by.id) continue
    if (mayWrite(await tracker.permission(repository, approval.by))) return approval.by.login
  }
  return null
}
