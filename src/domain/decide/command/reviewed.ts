/**
 * `/reviewed`: the person has looked at the pull request as it stands, and owes it nothing until something new is
 * pushed. What was pushed after they spoke they cannot have seen, so the word does not cover it.
 */
import { shortSha } from '../../ids.ts'
import { looked, opened } from '../../review.ts'
import { waitsForReview } from '../../review-queue.ts'
import type { Subject } from '../decision.ts'
import { refused, saying } from './outcome.ts'
import type { Order, Outcome } from './outcome.ts'

/** GitHub tells moments in whole seconds. Milliseconds. */
const SECOND = 1_000

export function reviewed({ task }: Subject, order: Order<'reviewed'>): Outcome {
  const { pull } = task
  if (pull === null || !waitsForReview(task)) return refused({ kind: 'no-pull' })
  const review = task.review ?? opened(task.changedAt)
  const { head: seen } = order
  const overtaken =
    seen === undefined ? order.word.at + SECOND <= review.headAt : seen !== pull.head
  if (overtaken) return refused({ kind: 'pushed-since', head: pull.head })
  const { login } = order.by
  return {
    event: 'review.done',
    why: `${saying(order)}: ${shortSha(pull.head)} of #${pull.number}`,
    by: login,
    data: { head: pull.head },
    next: {
      review: looked(review, { login, head: pull.head, verdict: 'reviewed', at: order.word.at }),
    },
    surfaces: [],
  }
}
