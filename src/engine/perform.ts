/**
 * Performs acts: executed at least once, visible at most once. Each outcome comes back as a fact. A passing fault
 * of the world defers the act; one that only a person can mend ends it with the reason in plain words.
 */
import { isOwed } from '../domain/act.ts'
import type { ActDetail } from '../domain/act.ts'
import { mayWrite } from '../domain/actor.ts'
import type { Actor } from '../domain/actor.ts'
import type { TaskFact } from '../domain/fact.ts'
import { GOES_OUT, deadlineIn } from '../domain/deadline.ts'
import { later, steady } from '../domain/ids.ts'
import type { ActKey } from '../domain/ids.ts'
import { WorldFault, isPassing } from '../ports/fault.ts'
import type { ActRow } from '../ports/store.ts'
import type { EngineDeps } from './deps.ts'
import { ActRefused, NotYet } from './acts/act.ts'
import type { ActContext, ActResult } from './acts/act.ts'
import { answerRemark, askReview } from './acts/answer-remark.ts'
import { assignReview } from './acts/assign-review.ts'
import { openPull } from './acts/open-pull.ts'
import { postNotice } from './acts/post-notice.ts'
import type { Telling } from './acts/post-notice.ts'
import { push } from './acts/push.ts'
import { react } from './acts/react.ts'

const SECOND = 1_000
/** Our own credentials are refused: only the operator can mend that, and a hot loop would not help (F9). */
const UNAUTHORISED_REST = 60 * SECOND
const MAX_REST = 300 * SECOND

export function createPerformer(
  deps: EngineDeps,
  telling: Telling,
): (key: ActKey) => Promise<void> {
  const { store, clock, log } = deps

  async function settle(
    row: ActRow,
    status: 'done' | 'failed',
    remoteId: string | null,
    fact: TaskFact | null,
  ): Promise<void> {
    const key = `act:${row.key}:${row.epoch}:${status}`
    const aggregate = `task:${row.task}` as const
    await store.settle(row.key, {
      status,
      remoteId,
      fact: fact === null ? null : { source: 'act', key, aggregate, repo: null, fact },
    })
  }

  async function failed(row: ActRow, reason: string): Promise<void> {
    await settle(row, 'failed', null, {
      kind: 'act-failed',
      act: row.key,
      epoch: row.epoch,
      name: row.detail.kind,
      reason,
    })
  }

  async function onError(row: ActRow, error: unknown): Promise<void> {
    if (error instanceof ActRefused) return failed(row, error.message)
    if (error instanceof NotYet) return store.defer(row.key, error.at, row.triedAt)
    if (error instanceof WorldFault) {
      const { kind, message, retryAt } = error
      if (!isPassing(error) && kind !== 'unauthorised') return failed(row, message)
      const rest =
        kind === 'unauthorised' ? UNAUTHORISED_REST : Math.min(SECOND * 2 ** row.tries, MAX_REST)
      const at = retryAt ?? later(clock.now(), rest)
      log.warn({ act: row.key, tries: row.tries, at, error: message }, 'an act waits for the world')
      return store.defer(
        row.key,
        at,
        error.applied === 'no' ? row.triedAt : steady(clock.monotonic()),
      )
    }
    log.error({ act: row.key, error }, 'an act failed through a fault of ours')
    return failed(
      row,
      `a fault of Yardmaster itself: ${error instanceof Error ? error.message : String(error)}`,
    )
  }

  return async (key) => {
    const notAfter = deadlineIn(GOES_OUT, clock)
    const row = await store.begin(key)
    if (row === null) return
    try {
      if (row.detail.kind === 'wake') {
        return await settle(row, 'done', null, timerFact(row.detail, row.epoch))
      }
      const context = await contextOf({ row, notAfter }, deps)
      const result = await perform(context, deps, telling)
      const { key: act, epoch } = row
      const { outcome } = result
      // Nothing waits for what people were answered, so that it is worth no entry of its own.
      const done = isOwed(row.key) ? null : ({ kind: 'act-done', act, epoch, outcome } as const)
      await settle(row, 'done', result.remoteId, done)
    } catch (error) {
      await onError(row, error)
    }
  }
}

const timerFact = (detail: Extract<ActDetail, { kind: 'wake' }>, epoch: number): TaskFact =>
  detail.timer === 'remind'
    ? { kind: 'timer', name: 'remind', question: detail.question, epoch }
    : { kind: 'timer', name: detail.timer, epoch }

async function contextOf(
  begun: Pick<ActContext, 'row' | 'notAfter'>,
  deps: EngineDeps,
): Promise<ActContext> {
  const { row } = begun
  const { task } = await deps.store.load(row.task)
  if (task === null) throw new Error(`the act ${row.key} has no task`)
  const repository = await deps.store.repositories.get(task.repo)
  if (repository === null) throw new Error(`the task ${task.id} has no repository`)
  return { ...begun, task, repository }
}

async function perform(
  context: ActContext,
  deps: EngineDeps,
  telling: Telling,
): Promise<ActResult> {
  const { detail } = context.row
  switch (detail.kind) {
    case 'push':
      await stillAuthorised(context, deps)
      if (detail.approver !== undefined) await stillMayApprove(context, detail.approver, deps)
      return push(context, detail, deps)
    case 'open-pull':
      await stillAuthorised(context, deps)
      return openPull(context, detail, deps)
    case 'comment':
      return postNotice(context, detail, { deps, telling })
    case 'react':
      return react(context, detail, deps)
    case 'answer-remark':
      await stillAuthorised(context, deps)
      return answerRemark(context, detail, deps)
    case 'assign-review':
      return assignReview(context, detail, { deps, policyOf: telling.policyOf })
    case 'ask-review':
      await stillAuthorised(context, deps)
      return askReview(context, detail, deps)
    case 'wake':
      throw new Error('wake has no effect on GitHub')
    default:
      return detail satisfies never
  }
}

/** The person who asked must still be allowed to, at this moment (I7, T13). */
async function stillAuthorised({ task, repository }: ActContext, deps: EngineDeps): Promise<void> {
  const by = task.wish?.by
  if (by === undefined) throw new ActRefused('nobody asked for this')
  const permission = await deps.tracker.permission(repository, by)
  if (!mayWrite(permission)) {
    throw new ActRefused(
      `@${by.login} asked for this work and has no write access any more; nothing was published`,
    )
  }
}

async function stillMayApprove(
  { repository }: ActContext,
  approver: Actor,
  deps: EngineDeps,
): Promise<void> {
  if (mayWrite(await deps.tracker.permission(repository, approver))) return
  throw new ActRefused(
    `@${approver.login} approved this and has no write access any more; nothing was published`,
  )
}
