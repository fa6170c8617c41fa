/** Words, row by row: what the task was, what somebody said, what comes of it, and what they see in return. */
import { describe, expect, it } from 'vitest'
import { refusalFor } from '../../src/commands/may-give.ts'
import type { Actor, Permission } from '../../src/domain/actor.ts'
import type { Command } from '../../src/domain/command.ts'
import type { Said, Subject, World } from '../../src/domain/decide/decision.ts'
import { blankTask, decideTask } from '../../src/domain/decide/task.ts'
import { later } from '../../src/domain/ids.ts'
import type { Decision } from '../../src/domain/decide/decision.ts'
import { holdScope, stop } from '../../src/domain/pause.ts'
import type { StateKind } from '../../src/domain/task.ts'
import { actsIn } from '../support/acts-in.ts'
import {
  MINUTE,
  NOW,
  REPO,
  STATES,
  STATE_KINDS,
  ana,
  attempt,
  ben,
  issue,
  robot,
} from '../support/builders.ts'
import { snapshot, subjectIn, world } from '../support/builders.ts'

const blank: Subject = { task: blankTask({ repo: REPO, ...issue() }, NOW), live: null }

interface Words {
  readonly as?: Actor
  readonly may?: Permission | null
  readonly id?: number
  /** Minutes after the wish. */
  readonly after?: number
  readonly seen?: Partial<World>
}

/** One comment with these commands, a line each. */
function say(subject: Subject, commands: readonly Command[], words: Words = {}): Decision | null {
  const { as = ana, may = 'write', id = 1, after = 5, seen = {} } = words
  const giver = { permission: may ?? 'none', isRequester: false, requesterBarred: false }
  const said: Said = {
    commands: commands.map((command, index) => ({
      command,
      line: index + 1,
      raw: `/${command.kind}`,
      refusal: refusalFor(command.kind, giver),
    })),
    refused: [],
  }
  const at = later(NOW, after * MINUTE)
  const spoken = { id, on: 'issue', number: 7, text: '…', at } as const
  return decideTask(
    subject,
    { kind: 'commanded', spoken, actor: as, issue: issue({ labels: [] }), via: 'webhook' },
    world({
      permission: may,
      said,
      genuine: 'same',
      issue: { view: issue({ labels: [] }), editedSince: false },
      shown: snapshot,
      ...seen,
    }),
  )
}

const after = (decided: Decision | null): Subject => ({
  task: { ...(decided?.next ?? blank.task), version: 4 },
  live: null,
})

describe('/run and /retry', () => {
  it.each<StateKind>(['done', 'failed', 'cancelled'])('start a task anew that is %s', (kind) => {
    const decided = say(subjectIn(kind), [{ kind: 'retry' }])
    expect(decided?.next).toMatchObject({
      state: { kind: 'queued' },
      wish: { by: ana, label: null },
      epoch: 3,
    })
    expect(decided?.why).toBe('@ana said `/retry`')
    expect(actsIn(decided)).toEqual(['react eyes, +1'])
  })

  it.each(
    STATE_KINDS.filter(
      (kind) => !['done', 'failed', 'cancelled', 'held', 'retrying'].includes(kind),
    ),
  )('change nothing while a task is %s', (kind) => {
    const before = subjectIn(kind)
    const decided = say(before, [{ kind: 'run' }])
    expect(decided?.next.state).toEqual(before.task.state)
    expect(actsIn(decided)).toEqual(['react eyes, confused', 'comment reply to ana: no run (live)'])
  })

  it('approve a text that was held because it had been edited; with a hold of a person they wait', () => {
    expect(say(subjectIn('held'), [{ kind: 'run' }])?.next.state.kind).toBe('queued')
    const hold = { by: 'ben', reason: 'not yet', at: NOW }
    expect(actsIn(say(subjectIn('held', { hold }), [{ kind: 'run' }]))).toContain(
      'comment reply to ana: no run (held)',
    )
  })

  it.each([
    ['the issue is closed', { view: issue({ open: false }), editedSince: false }, 'issue-closed'],
    ['its text was edited after the words', { view: issue(), editedSince: true }, 'text-edited'],
    [
      'it wears two labels',
      { view: issue({ labels: ['yardmaster', 'yardmaster:opus'] }), editedSince: false },
      'two-profiles',
    ],
    [
      'it names nobody’s profile',
      { view: issue({ labels: ['yardmaster:gpt'] }), editedSince: false },
      'unknown-profile',
    ],
    ['it is not there any more', null, 'issue-gone'],
  ] as const)('start nothing when %s', (_, now, because) => {
    const decided = say(blank, [{ kind: 'run' }], { seen: { issue: now } })
    expect(decided?.next.wish).toBeNull()
    expect(actsIn(decided)).toEqual([
      'react eyes, confused',
      `comment reply to ana: no run (${because})`,
    ])
  })

  it('try at once what waits for its next try', () => {
    expect(say(subjectIn('retrying'), [{ kind: 'retry' }])?.next.state.kind).toBe('queued')
  })
})

describe('/hold', () => {
  it('holds what waits, and /unhold lets it go', () => {
    for (const kind of ['queued', 'retrying'] as const) {
      const held = say(subjectIn(kind), [{ kind: 'hold', reason: 'not yet' }])
      expect(held?.next.state).toEqual({ kind: 'held', by: 'ana', reason: 'not yet' })
      expect(say(after(held), [{ kind: 'unhold' }], { id: 2 })?.next).toMatchObject({
        hold: null,
        state: { kind: 'queued' },
      })
    }
  })

  it('stops what runs, and what ends then does not start again', () => {
    const held = say(subjectIn('running'), [{ kind: 'hold', reason: null }])
    expect(held?.attempt).toMatchObject({ stop: '@ana said `/hold`' })
    expect(held?.next.state.kind).toBe('running')
  })

  it('ends an attempt that nobody has taken', () => {
    const subject = { ...subjectIn('running'), live: attempt({ runner: null }) }
    const held = say(subject, [{ kind: 'hold', reason: null }])
    expect(held?.attempt).toMatchObject({ ended: { end: { kind: 'stopped' } } })
    expect(held?.next.state.kind).toBe('held')
  })

  it.each<StateKind>(['in-review', 'parked', 'gated', 'publishing'])(
    'leaves a task where it is that is %s',
    (kind) => {
      const held = say(subjectIn(kind), [{ kind: 'hold', reason: null }])
      expect(held?.next).toMatchObject({ state: STATES[kind], hold: { by: 'ana' } })
    },
  )
})

describe('several words', () => {
  it('of one comment are carried out in order, each with its line, in one decision', () => {
    const decided = say(subjectIn('queued'), [
      { kind: 'hold', reason: null },
      { kind: 'priority', priority: 'urgent' },
      { kind: 'unhold' },
    ])
    expect(decided?.next).toMatchObject({ state: { kind: 'queued' }, hold: null, priority: 2 })
    expect(decided?.ledger.map(({ event, data }) => [event, data['line']])).toEqual([
      ['task.held', 1],
      ['task.priority', 2],
      ['task.unheld', 3],
    ])
  })

  it('that take each other back end alike, whichever delivery comes first', () => {
    const hold = [{ kind: 'hold', reason: null }] as const
    const unhold = [{ kind: 'unhold' }] as const
    const inOrder = say(after(say(subjectIn('queued'), hold, { id: 1, after: 1 })), unhold, {
      id: 2,
      after: 2,
    })
    const turned = say(after(say(subjectIn('queued'), unhold, { id: 2, after: 2 })), hold, {
      id: 1,
      after: 1,
    })
    expect(turned?.next.state).toEqual(inOrder?.next.state)
    expect(turned?.ledger[0]?.event).toBe('command.overtaken')
  })

  it('/cancel that is told before the /run that it followed keeps that from starting', () => {
    const cancelled = say(blank, [{ kind: 'cancel', reason: null }], { id: 2, after: 2 })
    expect(say(after(cancelled), [{ kind: 'run' }], { id: 1, after: 1 })?.next.wish).toBeNull()
  })
})

describe('/pause and /resume', () => {
  it('hold the repository, and let it go', () => {
    expect(say(blank, [{ kind: 'pause', now: false }])?.pause).toMatchObject({
      scope: holdScope(REPO),
      until: null,
      by: 'ana',
    })
    const pause = stop(holdScope(REPO), { reason: '', by: 'ben' })
    const resumed = say(blank, [{ kind: 'resume' }], { seen: { pause } })
    expect(resumed?.resume).toBe(holdScope(REPO))
    expect(actsIn(say(blank, [{ kind: 'resume' }]))).toContain(
      'comment reply to ana: no resume (not-paused)',
    )
  })

  it('now is confirmed once nothing runs', () => {
    const decided = say(blank, [{ kind: 'pause', now: true }])
    expect(decided?.pause?.now).toBe(true)
    expect(actsIn(decided)).toEqual(['react eyes', 'react +1 once nothing runs'])
  })
})

describe('words of nobody who may', () => {
  it('are answered once for each person, and then leave no trace', () => {
    const first = say(subjectIn('queued'), [{ kind: 'cancel', reason: null }], {
      as: ben,
      may: 'read',
    })
    expect(actsIn(first)).toEqual(['comment reply to ben: forbidden cancel'])
    expect(first?.next.state.kind).toBe('queued')
    expect(say(after(first), [{ kind: 'run' }], { as: ben, may: 'read', id: 2 })).toBeNull()
    expect(actsIn(say(after(first), [{ kind: 'run' }], { may: 'none', id: 3 }))).toEqual([
      'comment reply to ana: forbidden run',
    ])
  })

  it('with triage get no reaction either to what they may not say', () => {
    const decided = say(subjectIn('queued'), [{ kind: 'cancel', reason: null }], { may: 'triage' })
    expect(actsIn(decided)).toEqual(['comment reply to ana: forbidden cancel'])
  })

  it('with triage may ask, and nothing else', () => {
    const decided = say(
      subjectIn('queued'),
      [{ kind: 'status' }, { kind: 'cancel', reason: null }],
      { may: 'triage' },
    )
    expect(decided?.next.state.kind).toBe('queued')
    expect(actsIn(decided)).toEqual([
      'react eyes, confused',
      'comment reply to ana: status; forbidden cancel',
    ])
  })

  it.each([
    [robot, 'admin'],
    [ana, null],
  ] as const)('do nothing for %o', (as, may) => {
    const decided = say(subjectIn('queued'), [{ kind: 'cancel', reason: null }], { as, may })
    expect(decided?.next.state.kind ?? 'queued').toBe('queued')
  })

  it.each(['edited', null] as const)(
    'are refused when they do not stand there as they were said (%s)',
    (genuine) => {
      const decided = say(subjectIn('queued'), [{ kind: 'cancel', reason: null }], {
        seen: { genuine },
      })
      expect(decided?.next.state.kind).toBe('queued')
      expect(actsIn(decided)).toEqual(['react confused', 'comment reply to ana: edited'])
    },
  )
})

describe('the breaker (T4)', () => {
  it('lets five comments of ours pass within ten minutes; then the task is held, says so once, and answers no more', () => {
    let subject = subjectIn('queued')
    const told: string[] = []
    for (let id = 1; id <= 1_000; id += 1) {
      const decided = say(subject, [{ kind: 'status' }], { id, after: 5 })
      told.push(...actsIn(decided).filter((act) => !act.startsWith('react')))
      subject = after(decided)
    }
    expect(told).toEqual([
      ...Array<string>(5).fill('comment reply to ana: status'),
      'comment breaker to ana',
    ])
    expect(subject.task.state).toMatchObject({ kind: 'held', by: 'yardmaster' })
  })

  it('shows the hold on the label and the board as well, although a reply changes neither', () => {
    const notices = Array(5).fill(later(NOW, 9 * MINUTE))
    const decided = say(subjectIn('queued', { notices }), [{ kind: 'status' }])
    expect(decided?.next.state.kind).toBe('held')
    expect(decided?.surfaces).toEqual(['status', 'labels'])
  })

  it('never keeps back what nobody can echo: that a task has failed is said', () => {
    const notices = Array(6).fill(later(NOW, 9 * MINUTE))
    const decided = decideTask(
      subjectIn('publishing', { notices }),
      { kind: 'act-failed', act: 'x' as never, epoch: 2, name: 'push', reason: 'no' },
      world(),
    )
    expect(actsIn(decided)).toEqual(['comment failed to ana: no'])
  })
})
