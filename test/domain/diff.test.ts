/** With every webhook lost, looking again finds the same wishes and withdrawals, and never what was dealt with. */
import { describe, expect, it } from 'vitest'
import { decideTask } from '../../src/domain/decide/task.ts'
import {
  isNewWish,
  labelToAskAbout,
  missedClosing,
  missedWithdrawal,
} from '../../src/domain/diff.ts'
import { later } from '../../src/domain/ids.ts'
import { TERMINAL } from '../../src/domain/task.ts'
import { MINUTE, NOW, STATE_KINDS, ana, issue, pull, subjectIn } from '../support/builders.ts'
import { taskIn, wish, world } from '../support/builders.ts'

const LIVE = STATE_KINDS.filter((kind) => !TERMINAL.has(kind))
const ENDED = STATE_KINDS.filter((kind) => TERMINAL.has(kind))
const look = { trigger: 'yardmaster', at: later(NOW, 5 * MINUTE) }

describe('a label that no webhook told of', () => {
  it('is asked about where no task is, or none that is live', () => {
    expect(labelToAskAbout(issue({ labels: ['bug', 'Yardmaster:opus'] }), null, 'yardmaster')).toBe(
      'Yardmaster:opus',
    )
    for (const state of ENDED)
      expect(labelToAskAbout(issue(), taskIn(state), 'yardmaster')).toBe('yardmaster')
  })

  it.each(LIVE)('changes nothing while the task is %s, so nobody asks', (state) => {
    expect(labelToAskAbout(issue(), taskIn(state), 'yardmaster')).toBeNull()
  })

  it('is no wish on a closed issue, and another label is none at all', () => {
    expect(labelToAskAbout(issue({ open: false }), null, 'yardmaster')).toBeNull()
    expect(labelToAskAbout(issue({ labels: ['bug'] }), null, 'yardmaster')).toBeNull()
    expect(labelToAskAbout(issue(), null, 'robot')).toBeNull()
  })

  it('counts when it is newer than the wish that is known, and no older than the first sight', () => {
    const known = taskIn('failed', { wish: wish({ at: later(NOW, MINUTE) }) })
    const unwished = taskIn('cancelled', { wish: null })
    const sight = { firstSeen: NOW, listed: false }
    expect(isNewWish(later(NOW, -1_000), null, sight)).toBe(false)
    expect(isNewWish(NOW, null, sight)).toBe(true)
    expect(isNewWish(NOW, unwished, sight)).toBe(true)
    expect(isNewWish(later(NOW, MINUTE), known, sight)).toBe(false)
    expect(isNewWish(later(NOW, MINUTE + 1), known, sight)).toBe(true)
  })

  it('from the second of the first sight, of which GitHub tells no more than that, counts unless it was listed then', () => {
    const at = later(NOW, -999)
    expect(isNewWish(at, null, { firstSeen: NOW, listed: false })).toBe(true)
    expect(isNewWish(at, null, { firstSeen: NOW, listed: true })).toBe(false)
  })
})

describe('a withdrawal that no webhook told of', () => {
  it.each(LIVE)('is found for a task that is %s, and decided like the webhook', (state) => {
    const subject = subjectIn(state)
    const removed = missedWithdrawal(issue({ labels: ['bug'] }), subject.task, look)
    expect(removed).toMatchObject({
      kind: 'label-removed',
      label: 'yardmaster',
      actor: null,
      at: look.at,
    })
    const closed = missedWithdrawal(issue({ open: false }), subject.task, look)
    expect(closed).toMatchObject({ kind: 'issue-closed', actor: null, via: 'reconcile' })
    for (const fact of [removed, closed]) {
      const decided = fact === null ? null : decideTask(subject, fact, world())
      expect(['cancelled', 'done']).toContain(decided?.next.state.kind)
    }
  })

  it.each(ENDED)('means nothing for a task that is %s', (state) => {
    expect(missedWithdrawal(issue({ open: false }), taskIn(state), look)).toBeNull()
  })

  it('is none while a label of ours is there, or where no task is', () => {
    expect(missedWithdrawal(issue({ labels: ['YARDMASTER'] }), taskIn('queued'), look)).toBeNull()
    expect(
      missedWithdrawal(issue({ labels: ['yardmaster:opus'] }), taskIn('queued'), look),
    ).toBeNull()
    expect(missedWithdrawal(issue({ labels: [] }), null, look)).toBeNull()
    const unwished = taskIn('queued', { wish: null })
    expect(missedWithdrawal(issue({ labels: [] }), unwished, look)).toBeNull()
  })

  it('is none when only the settings changed: the wish’s own label is still there', () => {
    const other = { ...look, trigger: 'robot' }
    expect(missedWithdrawal(issue(), taskIn('running'), other)).toBeNull()
    expect(missedWithdrawal(issue({ labels: [] }), taskIn('running'), other)).toMatchObject({
      kind: 'label-removed',
      label: 'yardmaster',
    })
  })

  it('takes back nothing that was wished for after the look', () => {
    const early = { ...look, at: later(NOW, -1_000) }
    const subject = subjectIn('queued')
    const fact = missedWithdrawal(issue({ labels: [] }), subject.task, early)
    const decided = fact === null ? null : decideTask(subject, fact, world())
    expect(decided?.next.state.kind).toBe('queued')
  })
})

describe('a pull request that was closed unheard', () => {
  const seen = { number: pull.number, open: false, merged: true, mergedBy: ana }

  it('ends the review as the webhook would', () => {
    const subject = subjectIn('in-review')
    const fact = missedClosing(seen, { ...subject.task, revising: false })
    const decided = fact === null ? null : decideTask(subject, fact, world())
    expect(decided?.next.state).toEqual({ kind: 'done', reason: '@ana merged #12' })
  })

  it('is nothing while it is open, unknown, or not under review', () => {
    const inReview = { ...taskIn('in-review'), revising: false }
    expect(missedClosing({ ...seen, open: true }, inReview)).toBeNull()
    expect(missedClosing(null, inReview)).toBeNull()
    for (const state of STATE_KINDS.filter((kind) => kind !== 'in-review'))
      expect(missedClosing(seen, { ...taskIn(state, { pull }), revising: false })).toBeNull()
  })
})
