/** Posts one of the few comments that are worth a person's attention. */
import type { ActDetail } from '../../domain/act.ts'
import { noticeComment } from '../../render/comments.ts'
import type { EngineDeps } from '../deps.ts'
import { formerTry } from '../surfaces/marks.ts'
import type { ActContext, ActResult } from './act.ts'

type Comment = Extract<ActDetail, { kind: 'comment' }>

export async function postNotice(
  { row, notAfter, task, repository }: ActContext,
  detail: Comment,
  deps: EngineDeps,
): Promise<ActResult> {
  const id = await deps.tracker.createComment(repository, task.number, {
    body: noticeComment(detail.notice),
    marker: row.key,
    formerTry: await formerTry(row, deps.store),
    notAfter,
    lane: 'act',
  })
  return { outcome: { kind: 'commented' }, remoteId: String(id) }
}
