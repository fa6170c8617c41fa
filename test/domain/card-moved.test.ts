/** A card that was moved: what it means from whom, for a task in which state, and where it may lie. */
import { describe, expect, test } from 'vitest'
import { COLUMN_NAMES, keyOf, liesRight, wishOfMove } from '../../src/domain/board.ts'
import type { ColumnKey } from '../../src/domain/board.ts'
import { decideTask } from '../../src/domain/decide/task.ts'
import type { Decision, World } from '../../src/domain/decide/decision.ts'
import type { TaskFact } from '../../src/domain/fact.ts'
import { instant } from '../../src/domain/ids.ts'
import type { Task } from '../../src/domain/task.ts'
import {
  MINUTE,
  NOW,
  ROLES,
  STATE_KINDS,
  ana,
  issue,
  ready,
  robot,
  subjectIn,
  task,
  taskIn,
  world,
} from '../support/builders.ts'

const board = { project: 7, columns: COLUMN_NAMES }
const at = instant(NOW + 5 * MINUTE)

const moved = (
  key: ColumnKey | null,
  over: Partial<Extract<TaskFact, { kind: 'card-moved' }>> = {},
): Extract<TaskFact, { kind: 'card-moved' }> => ({
  kind: 'card-moved',
  card: { owner: 'octo', project: 7, item: 41 },
  to: key === null ? null : COLUMN_NAMES[key],
  actor: ana,
  issue: issue(),
  at,
  ...over,
})

const on = (key: ColumnKey | null, over: Partial<World> = {}): World =>
  world({
    policy: ready({ board }),
    card: { column: key === null ? null : COLUMN_NAMES[key] },
    issue: { view: issue(), editedSince: false },
    ...over,
  })

function decide(
  kind: (typeof STATE_KINDS)[number],
  key: ColumnKey | null,
  over: { readonly world?: Partial<World>; readonly task?: Partial<Task> } = {},
): Decision | null {
  return decideTask(subjectIn(kind, over.task), moved(key), on(key, over.world))
}

describe('a move by a writer', () => {
  test.each([
    ['failed', 'queued', 'task.queued', 'queued'],
    ['cancelled', 'queued', 'task.queued', 'queued'],
    ['done', 'queued', 'task.queued', 'queued'],
    ['queued', 'held', 'task.held', 'held'],
    ['in-review', 'held', 'task.held', 'in-review'],
    ['queued', 'done', 'task.cancelled', 'cancelled'],
    ['running', 'backlog', 'task.cancelled', 'cancelled'],
    ['in-review', 'done', 'task.cancelled', 'cancelled'],
    ['running', 'queued', 'card.written-back', 'running'],
    ['queued', 'working', 'card.written-back', 'queued'],
    ['failed', 'done', 'card.moved', 'failed'],
    ['failed', 'held', 'card.written-back', 'failed'],
    ['queued', 'queued', 'card.moved', 'queued'],
  ] as const)('of a task that is %s to %s: %s, and it is %s', (kind, key, event, after) => {
    const decided = decide(kind, key)
    expect(decided?.ledger.map((entry) => entry.event)).toEqual([event])
    expect(decided?.next.state.kind).toBe(after)
    expect(decided?.surfaces).toContain('board')
  })

  test('is recorded as theirs, by the card', () => {
    const decided = decide('queued', 'done')
    expect(decided?.ledger[0]).toMatchObject({ by: 'ana', data: { route: 'card' } })
    expect(decided?.next.card).toEqual({ column: 'Done', at, obeyed: true })
    expect(decided?.why).toBe('@ana moved the card, which means `/cancel`')
  })

  test('lets a held task go on', () => {
    const hold = { by: 'ben', reason: 'not yet', at: NOW }
    const decided = decide('held', 'queued', { task: { hold } })
    expect(decided?.next).toMatchObject({ hold: null, state: { kind: 'queued' } })
  })

  test('starts no text that was edited after it', () => {
    const edited = { view: issue(), editedSince: true }
    const decided = decide('failed', 'queued', { world: { issue: edited } })
    expect(decided?.next.state.kind).toBe('failed')
    expect(decided?.ledger[0]?.event).toBe('card.written-back')
  })

  test('does not take back a word that was said after it', () => {
    const heard = { wish: { at: instant(at + MINUTE), id: 9 } }
    const decided = decide('queued', 'done', { task: { heard } })
    expect(decided?.next.state.kind).toBe('queued')
  })

  test('of which the card tells nothing any more is nothing', () => {
    expect(decide('queued', 'done', { world: { card: null } })).toBeNull()
    const elsewhere = { policy: ready({ board: { ...board, project: 8 } }) }
    expect(decide('queued', 'done', { world: elsewhere })).toBeNull()
    expect(decide('queued', 'done', { world: { policy: ready() } })).toBeNull()
  })
})

describe('a move by anybody else', () => {
  const without = ROLES.filter((role) => role === 'none' || role === 'read' || role === 'triage')
  const cases = STATE_KINDS.flatMap((kind) => without.map((role) => [kind, role] as const))
  test.each(cases)('of a task that is %s, by somebody with %s, goes back', (kind, permission) => {
    for (const key of ['queued', 'held', 'done', 'backlog', 'working'] as const) {
      const decided = decide(kind, key, { world: { permission } })
      expect(decided?.next).toMatchObject({ state: taskIn(kind).state, hold: null })
      expect(decided?.next.card).toMatchObject({ obeyed: false })
      expect([decided?.acts, decided?.surfaces]).toEqual([[], ['board']])
    }
  })

  test.each([
    ['a bot', robot],
    ['nobody known', null],
  ])('by %s goes back, and starts nothing', (_, actor) => {
    const decided = decideTask(subjectIn('failed'), moved('queued', { actor }), on('queued'))
    expect(decided?.next.state.kind).toBe('failed')
    const blank = { task: task({ version: 0, wish: null }), live: null }
    expect(decideTask(blank, moved('queued', { actor }), on('queued'))).toBeNull()
  })
})

describe('where a card may lie', () => {
  test('is where its state belongs, whatever case the column is written in', () => {
    for (const kind of STATE_KINDS) {
      const own = task({ state: taskIn(kind).state })
      expect(liesRight(own, COLUMN_NAMES[keyOf(own.state)].toUpperCase(), board)).toBe(true)
      expect(liesRight(own, 'Someday', board)).toBe(false)
    }
  })

  test('is also where a writer put what has ended, but not where just anybody did', () => {
    const card = { column: 'Done', at, obeyed: true }
    const ended = taskIn('cancelled', { card })
    expect(liesRight(ended, 'Done', board)).toBe(true)
    expect(liesRight({ ...ended, card: { ...card, obeyed: false } }, 'Done', board)).toBe(false)
    expect(liesRight(taskIn('queued', { card }), 'Done', board)).toBe(false)
  })

  test('a withdrawn task needs no column at all', () => {
    expect(liesRight(taskIn('cancelled'), null, board)).toBe(true)
  })

  test('columns may share a name: the state decides first', () => {
    const shared = { ...board, columns: { ...COLUMN_NAMES, held: 'Todo', 'needs-answer': 'Todo' } }
    expect(wishOfMove(taskIn('parked'), 'Todo', shared)).toBe('stay')
    expect(wishOfMove(taskIn('failed'), 'Todo', shared)).toBe('run')
  })
})
