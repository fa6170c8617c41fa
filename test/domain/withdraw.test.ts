/** A wish is taken back in four ways; each fences what was under way, keeps the work, and says who did it. */
import { describe, expect, it } from 'vitest'
import { blankTask, decideTask } from '../../src/domain/decide/task.ts'
import type { TaskFact } from '../../src/domain/fact.ts'
import { actKey, later } from '../../src/domain/ids.ts'
import { TERMINAL } from '../../src/domain/task.ts'
import {
  HEAD,
  MINUTE,
  NOW,
  REPO,
  STATE_KINDS,
  ana,
  attempt,
  ben,
  ended,
  issue,
} from '../support/builders.ts'
import { pull, ready, shaOf, subjectIn, taskIn, wish, world } from '../support/builders.ts'

const unlabelled = (labels: readonly string[] = []): TaskFact => ({
  kind: 'label-removed',
  label: 'yardmaster',
  actor: ana,
  issue: issue({ labels }),
  at: later(NOW, MINUTE),
  via: 'webhook',
})
const closed: TaskFact = {
  kind: 'issue-closed',
  actor: ana,
  issue: issue({ open: false }),
  at: later(NOW, MINUTE),
  via: 'webhook',
}
const gone: TaskFact = { kind: 'issue-gone', how: 'transferred', actor: null }

const LIVE = STATE_KINDS.filter((kind) => !TERMINAL.has(kind))
const ENDED = STATE_KINDS.filter((kind) => TERMINAL.has(kind))

describe('taking the label off', () => {
  it.each(LIVE)('cancels a task that is %s, and fences what was under way', (state) => {
    const before = subjectIn(state)
    const decided = decideTask(before, unlabelled(), world())
    expect(decided?.next).toMatchObject({
      state: { kind: 'cancelled' },
      epoch: before.task.epoch + 1,
    })
    expect(decided).toMatchObject({
      acts: [],
      callOff: true,
      why: '@ana took the label off',
      surfaces: ['status', 'labels'],
    })
  })

  it('takes nothing back that the same person had set again by then, whichever delivery came first', () => {
    const before = subjectIn('running')
    const set = (actor: typeof ana): TaskFact => ({
      kind: 'label-added',
      label: 'yardmaster',
      actor,
      issue: issue(),
      at: later(NOW, 2 * MINUTE),
      via: 'webhook',
      editedSince: false,
    })
    const again = decideTask(before, set(ana), world())
    if (again === null) throw new Error('it is recorded')
    const late = decideTask({ ...before, task: again.next }, unlabelled(), world())
    expect(late?.next.state).toEqual(before.task.state)
    const others = decideTask(before, set(ben), world())
    if (others === null) throw new Error('it is recorded')
    const taken = decideTask({ ...before, task: others.next }, unlabelled(), world())
    expect(taken?.next.state.kind).toBe('cancelled')
  })

  it('stops the attempt that a process executes, and waits for its report', () => {
    const decided = decideTask(subjectIn('running'), unlabelled(), world())
    expect(decided?.attempt).toEqual({ id: attempt().id, stop: '@ana took the label off' })
  })

  it('ends the attempt that nobody has taken yet: its start is called off, so nobody else would', () => {
    const before = { ...subjectIn('running'), live: attempt({ runner: null }) }
    const decided = decideTask(before, unlabelled(), world())
    expect(decided?.attempt).toMatchObject({
      id: attempt().id,
      ended: { end: { kind: 'cancelled' }, error: '@ana took the label off' },
    })
  })

  it('leaves the pull request to people, and says that it stays', () => {
    const decided = decideTask(subjectIn('in-review'), unlabelled(), world())
    expect(decided?.next.state).toEqual({
      kind: 'cancelled',
      reason: '@ana took the label off; pull request #12 stays as it is',
    })
    expect(decided?.next.pull).toEqual(pull)
  })

  it('changes nothing while another trigger label stays', () => {
    const before = subjectIn('running')
    const decided = decideTask(before, unlabelled(['yardmaster:opus']), world())
    expect(decided?.next.state).toEqual(before.task.state)
    expect(decided?.why).toBe('the label `yardmaster` was taken off; another one stays')
  })

  it.each(ENDED)('changes nothing of a task that is %s', (state) => {
    const before = subjectIn(state)
    const decided = decideTask(before, unlabelled(), world())
    expect(decided?.next.state).toEqual(before.task.state)
    expect(decided?.next.epoch).toBe(before.task.epoch)
    expect(decided?.why).toBe('the label `yardmaster` was taken off after the end')
  })

  it('changes nothing when it happened before the label was set again, and its delivery was overtaken', () => {
    const before = subjectIn('running')
    const stale = { ...unlabelled(), at: later(NOW, -1_000) } as TaskFact
    const decided = decideTask(before, stale, world())
    expect(decided?.next).toEqual({ ...before.task, changedAt: world().now })
    expect(decided?.attempt).toBeNull()
    expect(decided?.why).toBe('the label `yardmaster` was taken off before it was set again')
  })

  it.each([
    ['cannot be read any more', { kind: 'broken', problems: [] }],
    ['name another word by now', ready({ trigger: 'robot' })],
  ] as const)('counts for the label of the wish, though the settings %s', (_how, policy) => {
    const before = subjectIn('running', { wish: wish({ label: 'Helper' }) })
    const removed = { ...unlabelled(), label: 'helper' } as TaskFact
    expect(decideTask(before, removed, world({ policy }))?.next.state.kind).toBe('cancelled')
    const other = decideTask(before, { ...removed, label: 'bug' } as TaskFact, world({ policy }))
    expect(other).toBeNull()
  })

  it('means nothing for a label that is not ours', () => {
    const other = { ...unlabelled(), label: 'bug' } as TaskFact
    expect(decideTask(subjectIn('running'), other, world())).toBeNull()
  })

  it('says so when nobody knows who did it', () => {
    const found = { ...unlabelled(), actor: null, via: 'reconcile' } as TaskFact
    expect(decideTask(subjectIn('queued'), found, world())?.why).toBe('someone took the label off')
  })
})

describe('closing the issue', () => {
  it.each(LIVE.filter((kind) => kind !== 'in-review'))('cancels a task that is %s', (state) => {
    const decided = decideTask(subjectIn(state), closed, world())
    expect(decided?.next.state).toEqual({ kind: 'cancelled', reason: '@ana closed the issue' })
    expect(decided?.callOff).toBe(true)
  })

  it('is the good end of a task whose pull request was under review', () => {
    const decided = decideTask(subjectIn('in-review'), closed, world())
    expect(decided?.next.state).toEqual({ kind: 'done', reason: '@ana closed the issue' })
  })

  it('changes nothing when it happened before the label was set again', () => {
    const before = subjectIn('queued')
    const stale = { ...closed, at: later(NOW, -1_000) } as TaskFact
    const decided = decideTask(before, stale, world())
    expect(decided?.next.state).toEqual({ kind: 'queued' })
    expect(decided?.why).toBe('@ana closed the issue before the label was set again')
  })

  it.each(ENDED)('changes nothing of a task that is %s', (state) => {
    const before = subjectIn(state)
    const decided = decideTask(before, closed, world())
    expect(decided?.next.state).toEqual(before.task.state)
    expect(decided?.why).toBe('@ana closed the issue after the end')
  })
})

describe('an issue that moves away', () => {
  it.each(LIVE)('cancels a task that is %s, and writes nowhere any more', (state) => {
    const decided = decideTask(subjectIn(state), gone, world())
    expect(decided?.next.state.kind).toBe('cancelled')
    expect(decided).toMatchObject({ surfaces: [], acts: [], callOff: true })
    expect(decided?.why).toBe('the issue was transferred')
  })

  it('is only noted after the end', () => {
    const decided = decideTask(subjectIn('done'), { ...gone, how: 'deleted' } as TaskFact, world())
    expect(decided?.next.state.kind).toBe('done')
    expect(decided?.why).toBe('the issue was deleted after the end')
  })
})

describe('an issue that is edited or reopened', () => {
  const shown = { title: 'New words', body: 'Another wish.' }
  const edited: TaskFact = { kind: 'issue-edited', actor: ana, issue: issue(shown) }

  it.each(LIVE)(
    'keeps the approved text for a task that is %s, and says that it changed',
    (state) => {
      const before = subjectIn(state)
      const decided = decideTask(before, edited, world({ shown }))
      expect(decided?.next).toMatchObject({ edited: true, wish: before.task.wish })
      expect(decided?.next.state).toEqual(before.task.state)
      expect(decided?.surfaces).toEqual(['status'])
    },
  )

  it('says nothing of an edit that was taken back, or was made before the text was approved', () => {
    const back = decideTask(subjectIn('running', { edited: true }), edited, world())
    expect(back?.next.edited).toBe(false)
    expect(back?.surfaces).toEqual(['status'])
    expect(back?.why).toBe('the issue was edited, and reads as it was approved')
    expect(decideTask(subjectIn('running'), edited, world())?.surfaces).toEqual([])
  })

  it('takes the new title once nothing is under way', () => {
    const decided = decideTask(subjectIn('failed'), edited, world())
    expect(decided?.next).toMatchObject({ edited: false, title: 'New words' })
  })

  it('does not start anything by being reopened', () => {
    const reopened: TaskFact = { kind: 'issue-reopened', actor: ana, issue: issue() }
    const before = subjectIn('cancelled')
    const decided = decideTask(before, reopened, world())
    expect(decided?.next.state).toEqual(before.task.state)
    expect(decided?.acts).toEqual([])
  })
})

describe('what comes in after the wish was taken back', () => {
  const cancelled = taskIn('cancelled', { epoch: 3 })

  it('keeps the report of the attempt that was stopped, and frees its slot', () => {
    const stopping = { task: cancelled, live: attempt({ stop: 'taken back' }) }
    const decided = decideTask(stopping, ended(), world())
    expect(decided?.next.state).toEqual(cancelled.state)
    expect(decided?.attempt).toMatchObject({ id: attempt().id, ended: { head: HEAD } })
    expect(decided?.ledger[0]).toMatchObject({ event: 'attempt.late', data: { head: HEAD } })
  })

  it('remembers what was pushed all the same: the next push must expect it', () => {
    const pushed: TaskFact = {
      kind: 'act-done',
      act: actKey('push:x'),
      epoch: 2,
      outcome: { kind: 'pushed', head: shaOf('c') },
    }
    const decided = decideTask({ task: cancelled, live: null }, pushed, world())
    expect(decided?.next).toMatchObject({ state: cancelled.state, pushed: shaOf('c') })
    expect(decided).toMatchObject({ acts: [], surfaces: [] })
    expect(decided?.why).toBe('ccccccc was pushed after the wish was taken back')
  })

  it('remembers the pull request that was opened all the same', () => {
    const opened: TaskFact = {
      kind: 'act-done',
      act: actKey('pull:x'),
      epoch: 2,
      outcome: { kind: 'pull-opened', pull },
    }
    const decided = decideTask({ task: cancelled, live: null }, opened, world())
    expect(decided?.next).toMatchObject({ state: cancelled.state, pull })
  })

  it('is nothing for an issue that never was a task', () => {
    const blank = { task: blankTask({ repo: REPO, ...issue() }, NOW), live: null }
    for (const fact of [unlabelled(), closed, gone]) {
      expect(decideTask(blank, fact, world())).toBeNull()
    }
  })
})
