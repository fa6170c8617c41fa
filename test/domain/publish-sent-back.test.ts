/** Work that was sent back at a gate before it had a pull request: it publishes as a first way does, although it is a revision. */
import { describe, expect, it } from 'vitest'
import { decideTask } from '../../src/domain/decide/task.ts'
import type { ActOutcome, TaskFact } from '../../src/domain/fact.ts'
import { actKey } from '../../src/domain/ids.ts'
import type { Revision } from '../../src/domain/revision.ts'
import { opened, sizeOf } from '../../src/domain/review.ts'
import { actsIn } from '../support/acts-in.ts'
import { BASE, NOW, ana, ended, pull, ready, report } from '../support/builders.ts'
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
