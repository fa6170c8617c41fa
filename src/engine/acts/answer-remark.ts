/** Tells the reviewers what came of a revision: a reply in the thread of each remark, and one request for another look. */
import type { ActDetail } from '../../domain/act.ts'
import { remarkReply } from '../../render/revision.ts'
import type { EngineDeps } from '../deps.ts'
import { formerTry } from '../surfaces/marks.ts'
import type { ActContext, ActResult } from './act.ts'

type AnswerRemark = Extract<ActDetail, { kind: 'answer-remark' }>
type AskReview = Extract<ActDetail, { kind: 'ask-review' }>

export async function answerRemark(
  { row, notAfter, repository }: ActContext,
  { pull, comment, head, why }: AnswerRemark,
  deps: EngineDeps,
): Promise<ActResult> {
  const id = await deps.codeHost.replyToRemark(
    repository,
    { pull, comment },
    {
      body: remarkReply({ head, why }),
      marker: row.key,
      formerTry: await formerTry(row, deps),
      notAfter,
    },
  )
  return { outcome: { kind: 'commented' }, remoteId: id === null ? null : String(id) }
}

/** Nobody waits for it: where GitHub takes no request for that person, the status comment still says what waits. */
export async function askReview(
  { notAfter, repository }: ActContext,
  { pull, login }: AskReview,
  { codeHost }: EngineDeps,
): Promise<ActResult> {
  await codeHost.requestReview(repository, { pull, login, notAfter })
  return { outcome: { kind: 'nothing' }, remoteId: null }
}
