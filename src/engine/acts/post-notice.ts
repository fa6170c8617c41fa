/** Posts one of the few comments that are worth a person's attention. */
import { manuals } from '../../commands/table.ts'
import { budgetsIn, spentBy } from '../../domain/budget.ts'
import type { ActDetail } from '../../domain/act.ts'
import type { Notice } from '../../domain/notice.ts'
import type { RepoPolicy } from '../../domain/settings.ts'
import type { TaskId } from '../../domain/ids.ts'
import type { Wait } from '../../domain/wait.ts'
import { saySpent } from '../../render/budget.ts'
import { noticeComment } from '../../render/comments.ts'
import { replyComment } from '../../render/replies.ts'
import { stateWords } from '../../render/state-words.ts'
import { gateComment } from '../../render/gate.ts'
import { leakComment } from '../../render/leak.ts'
import type { EngineDeps } from '../deps.ts'
import { formerTry } from '../surfaces/marks.ts'
import type { ActContext, ActResult } from './act.ts'
import { bringHere } from './bring-here.ts'

type Comment = Extract<ActDetail, { kind: 'comment' }>
type ReplyNotice = Extract<Notice, { kind: 'reply' }>

/** What a reply may have to tell beyond the task itself. */
export interface Telling {
  readonly policyOf: (config: string | null) => RepoPolicy
  readonly waits: () => Promise<ReadonlyMap<TaskId, Wait>>
}

export async function postNotice(
  context: ActContext,
  detail: Comment,
  { deps, telling }: { readonly deps: EngineDeps; readonly telling: Telling },
): Promise<ActResult> {
  const { row, notAfter, task, repository } = context
  const { notice } = detail
  // Acts of before there were replies do not say where.
  const on = detail.on ?? task.number
  const id = await deps.tracker.createComment(repository, on, {
    body: await bodyOf(context, notice, { deps, telling }),
    marker: row.key,
    formerTry: await formerTry(row, deps),
    notAfter,
    lane: isAsked(notice) ? 'people' : 'act',
  })
  return { outcome: { kind: 'commented' }, remoteId: String(id) }
}

/** Somebody who may be answered waits for it. */
const isAsked = (notice: Notice): boolean =>
  notice.kind === 'reply' && notice.replies.some(({ kind }) => kind !== 'forbidden')

/** How commands are written there. */
const styleOf = (policy: RepoPolicy): 'bare' | 'prefixed' =>
  policy.kind === 'ready' ? policy.settings.commands : 'bare'

async function reply(
  { task, repository }: ActContext,
  notice: ReplyNotice,
  { deps, telling }: { readonly deps: EngineDeps; readonly telling: Telling },
): Promise<string> {
  const policy = telling.policyOf(repository.config)
  const asksStatus = notice.replies.some(({ kind }) => kind === 'status')
  const { live } = await deps.store.load(task.id)
  const wait = asksStatus ? ((await telling.waits()).get(task.id) ?? null) : null
  const attempts = asksStatus ? await deps.store.attempts(task.id) : []
  const budget = budgetsIn(policy, deps.operator.caps.budget, task.purse)?.task ?? null
  return replyComment(notice, {
    book: {
      manuals: manuals(),
      commands: styleOf(policy),
    },
    slug: deps.slug,
    trigger: policy.kind === 'ready' ? policy.settings.trigger : 'yardmaster',
    spent: asksStatus && attempts.length > 0 ? saySpent(spentBy(task, attempts), budget) : null,
    state: task.wish === null ? null : stateWords({ task, live, wait, now: deps.clock.now() }),
  })
}

/** Bytes; what GitHub shows of a comment is 65,536 characters. */
const MAX_DIFF = 50_000

async function bodyOf(
  context: ActContext,
  notice: Notice,
  given: { readonly deps: EngineDeps; readonly telling: Telling },
): Promise<string> {
  if (notice.kind === 'reply') return reply(context, notice, given)
  if (notice.kind === 'gate') return gate(context, notice, given.deps)
  return noticeComment(notice, styleOf(given.telling.policyOf(context.repository.config)))
}

/** It shows what it asks about, as trusted git sees it at this moment. */
async function gate(
  context: ActContext,
  notice: Extract<Notice, { kind: 'gate' }>,
  deps: EngineDeps,
): Promise<string> {
  const { task } = context
  const { head, base, paths } = notice.gate
  if (notice.gate.kind === 'secrets') return leakComment({ notice, task })
  await bringHere(context, head, deps)
  const diff = await deps.git.diff(task.id, { base, head, paths, maxBytes: MAX_DIFF })
  return gateComment({ notice, task, diff })
}
