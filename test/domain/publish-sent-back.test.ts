/** Work that was sent back at a gate on its first way to a pull request: it goes on as a first way does, also beside one of an earlier wish. */
import { describe, expect, it } from 'vitest'
import { obey } from '../../src/domain/decide/command/obey.ts'
import type { Order } from '../../src/domain/decide/command/outcome.ts'
import { decideTask } from '../../src/domain/decide/task.ts'
import type { ActOutcome, TaskFact } from '../../src/domain/fact.ts'
import { actKey } from '../../src/domain/ids.ts'
import type { Gate } from '../../src/domain/gate.ts'
import type { Revision } from '../../src/domain/revision.ts'
import { opened, sizeOf } from '../../src/domain/review.ts'
import { isRevising, pushesOver } from '../../src/domain/task.ts'
import type { Task } from '../../src/domain/task.ts'
import { actsIn } from '../support/acts-in.ts'
import { BASE, HEAD, NOW, ana, ended, pull, ready, report } from '../support/builders.ts'
import { shaOf, subjectIn, world } from '../support/builders.ts'

const remark = { comment: null, login: 'ana', path: null, line: null, text: 'Shorter.' }
const revision: Revision = {
  reason: 'review',
  head: BASE,
  onto: null,
  remarks: [remark],
  log: '',
  by: ana,
  at: NOW,
}
const done = (outcome: ActOutcome): TaskFact => ({
  kind: 'act-done',
  act: actKey('x'),
  epoch: 2,
  outcome,
})
const moved = done({ kind: 'moved', found: shaOf('f') })

describe('work that was sent back at a gate', () => {
  it('is pushed to a branch that must not be there yet', () => {
    const decided = decideTask(subjectIn('running', { revision }), ended(), world())
    expect(actsIn(decided)).toEqual(['push aaaaaaa to yardmaster/7, where nothing is'])
  })

  it.each([revision, null])(
    'fails where somebody’s own commits hold the branch, as any first work does: nobody is left waiting (%#)',
    (at) => {
      const decided = decideTask(subjectIn('publishing', { revision: at }), moved, world())
      const reason =
        'the branch `yardmaster/7` holds `fffffff`, which Yardmaster did not put there, so nothing was pushed over it; rename or delete that branch, then set the label again'
      expect(decided?.next.state).toEqual({ kind: 'failed', reason })
      expect(actsIn(decided)).toEqual([`comment failed to ana: ${reason}`])
      expect(decided?.callOff).toBe(true)
    },
  )

  it('heard of after the wish was taken back is noted, and no more', () => {
    const before = subjectIn('publishing', { revision, epoch: 3 })
    const decided = decideTask(before, moved, world())
    expect(decided?.next).toEqual({ ...before.task, changedAt: world().now })
    expect(decided?.acts).toEqual([])
  })

  it('opens its first pull request: the review begins with it, and somebody is asked to look', () => {
    const seen = world({ policy: ready({ reviewers: ['ben'] }) })
    const before = subjectIn('publishing', { revision })
    const decided = decideTask(before, done({ kind: 'pull-opened', pull }), seen)
    expect(decided?.next).toMatchObject({
      state: { kind: 'in-review', pull },
      revision: null,
      review: opened(seen.now, { size: sizeOf(report().files), findings: [] }),
    })
    expect(decided?.why).toBe('#12 waits for review')
    expect(actsIn(decided)).toEqual(['ask somebody to look at #12'])
  })
})

describe('beside the pull request of an earlier wish', () => {
  const gate: Gate = { kind: 'protected', head: HEAD, base: BASE, paths: ['.npmrc'], askedAt: NOW }
  const order: Order = {
    command: { kind: 'revise', text: 'Shorter.' },
    by: ana,
    word: { at: NOW, id: 5 },
    route: 'comment',
    spoken: null,
  }
  const gated = (over: Partial<Task> = {}) =>
    subjectIn('gated', { gate, pull, pushed: shaOf('c'), report: report(), ...over })
  /** What it is after the word, once and again. */
  function sentBack(over: Partial<Task> = {}): Task {
    const subject = gated(over)
    const outcome = obey(subject, order, world())
    if (!('next' in outcome)) throw new Error('it was refused')
    return { ...subject.task, ...outcome.next }
  }

  it('work that is sent back, however often, is no revision of that: it goes where the branch was left', () => {
    const once = sentBack()
    const twice = sentBack({ revision: once.revision })
    for (const task of [once, twice]) {
      expect(isRevising(task)).toBe(false)
      expect(pushesOver(task)).toBe(shaOf('c'))
      expect(task.revision?.head).toBe(BASE)
    }
    expect(twice.revision?.remarks).toHaveLength(2)
  })

  it('what is at work on that pull request stays a revision of it', () => {
    const task = sentBack({ revision: { ...revision, head: shaOf('c') } })
    expect(isRevising(task)).toBe(true)
    expect(pushesOver(task)).toBe(shaOf('c'))
  })

  it('sent-back work fails as a first way does, and does not wait for a review of what was there before', () => {
    const { revision: sent } = sentBack()
    const refusal = ended({ end: { kind: 'failed', failure: 'refusal' }, error: 'I decline' })
    const before = subjectIn('running', { pull, pushed: shaOf('c'), revision: sent })
    const decided = decideTask(before, refusal, world())
    expect(decided?.next.state).toEqual({ kind: 'failed', reason: 'I decline' })
  })

  it('changes that somebody asks of that one meanwhile are the round after it', () => {
    const { revision: sent } = sentBack()
    const before = subjectIn('queued', { pull, pushed: shaOf('c'), revision: sent })
    const decided = decideTask(
      before,
      {
        kind: 'review-submitted',
        pull: pull.number,
        review: 5,
        says: 'changes',
        head: HEAD,
        actor: ana,
        at: NOW,
        via: 'webhook',
      },
      world({ remarks: [remark] }),
    )
    expect(decided?.next.revision).toEqual(sent)
    expect(decided?.next.nextRevision?.remarks).toEqual([remark])
  })
})
