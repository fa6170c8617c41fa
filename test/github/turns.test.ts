import { describe, expect, test } from 'vitest'
import * as turns from '../../src/github/turns.ts'
import type { Turns, Waiter } from '../../src/ports/pace-book.ts'
import type { Lane } from '../../src/ports/tracker.ts'

const PACE = 1_000
const mine = (by: string, ...waiting: readonly (readonly [Lane, number])[]): turns.Mine => ({
  by,
  waiting: waiting.map(([lane, since]) => ({ by, lane, since })),
})
const write = (state: Turns, who: turns.Mine, now: number): Turns => {
  const turn = turns.whoseTurn(state, who, now)
  if (turn?.kind !== 'ours') throw new Error(`it is not ${who.by}'s turn: ${JSON.stringify(turn)}`)
  return turns.taken(state, who, { lane: turn.lane, now, paceMilliseconds: PACE })
}

describe('one process alone', () => {
  test('writes its best lane first, paced from the answer', () => {
    const who = mine('a', ['projection', 0], ['people', 5])
    expect(turns.whoseTurn(turns.NOBODY, who, 10)).toEqual({ kind: 'ours', lane: 'people' })
    const answered = turns.ended(write(turns.NOBODY, who, 10), 'a', 400 + PACE)
    expect(turns.whoseTurn(answered, who, 500)).toEqual({ kind: 'paced', until: 1_400 })
    expect(turns.whoseTurn(answered, who, 1_400)).toMatchObject({ kind: 'ours' })
  })
})

describe('two processes', () => {
  test('never write at once: the other waits for the answer, or until the turn of a dead one is void', () => {
    const state = write(turns.NOBODY, mine('a', ['act', 0]), 0)
    const other = mine('b', ['people', 1])
    expect(turns.whoseTurn(state, other, 5_000)).toEqual({ kind: 'others', until: turns.LEASE })
    expect(turns.whoseTurn(state, other, turns.LEASE + 1)).toMatchObject({ kind: 'ours' })
    const answered = turns.ended(state, 'a', 3_000)
    expect(turns.whoseTurn(answered, other, 3_000)).toMatchObject({ kind: 'ours' })
  })

  test('an answer that comes after the turn was taken over ends nobody else’s', () => {
    const first = write(turns.NOBODY, mine('a', ['act', 0]), 0)
    const second = write(first, mine('b', ['act', 1]), turns.LEASE)
    expect(turns.ended(second, 'a', 0).holder?.by).toBe('b')
  })

  test('let the better lane go first, whoever’s it is, and then who has waited longest', () => {
    const busy = write(turns.NOBODY, mine('a', ['projection', 0], ['act', 7]), 0)
    const waiting = turns.registered(busy, mine('b', ['act', 3]), 100)
    if (waiting === null) throw new Error('nothing was registered')
    const answered = turns.ended(waiting, 'a', 1_000)
    const a = (...lanes: readonly (readonly [Lane, number])[]) =>
      turns.whoseTurn(answered, mine('a', ...lanes), 1_000)
    expect(a(['projection', 0])).toMatchObject({ kind: 'others' })
    expect(a(['act', 2])).toMatchObject({ kind: 'ours', lane: 'act' })
    expect(a(['act', 4])).toMatchObject({ kind: 'others' })
    expect(a(['people', 900])).toMatchObject({ kind: 'ours', lane: 'people' })
  })

  test('that have waited equally long agree on who is first', () => {
    const [a, b] = [mine('a', ['act', 5]), mine('b', ['act', 5])]
    const state = turns.registered(turns.registered(turns.NOBODY, a, 5) ?? turns.NOBODY, b, 5)
    if (state === null) throw new Error('nothing was registered')
    expect(turns.whoseTurn(state, a, 10)).toMatchObject({ kind: 'ours' })
    expect(turns.whoseTurn(state, b, 10)).toMatchObject({ kind: 'others' })
  })

  test('what a dead process wanted is void after a moment', () => {
    const waiting = turns.registered(turns.NOBODY, mine('dead', ['people', 0]), 0)
    if (waiting === null) throw new Error('nothing was registered')
    const a = mine('a', ['projection', 0])
    expect(turns.whoseTurn(waiting, a, turns.WANT - 1)).toMatchObject({ kind: 'others' })
    expect(turns.whoseTurn(waiting, a, turns.WANT)).toMatchObject({ kind: 'ours' })
  })

  test('what is registered is not written again until it must be renewed', () => {
    const who = mine('b', ['act', 0])
    const waiting = turns.registered(turns.NOBODY, who, 0)
    if (waiting === null) throw new Error('nothing was registered')
    expect(turns.registered(waiting, who, 1_000)).toBeNull()
    expect(turns.registered(waiting, who, 2_000)).not.toBeNull()
    expect(turns.registered(waiting, mine('b', ['act', 0], ['people', 9]), 10)).not.toBeNull()
  })
})

describe('under a flood of people’s writes', () => {
  test('one in eleven is somebody’s who waits below, the longest first', () => {
    let [state, now] = [turns.NOBODY, 0]
    const below: Waiter[] = [
      { by: 'a', lane: 'act', since: 1 },
      { by: 'a', lane: 'projection', since: 2 },
    ]
    const went: Lane[] = []
    for (let n = 0; n < 33; n += 1) {
      const who = { by: 'a', waiting: [{ by: 'a', lane: 'people' as const, since: now }, ...below] }
      const turn = turns.whoseTurn(state, who, now)
      if (turn?.kind !== 'ours') throw new Error('it waits')
      went.push(turn.lane)
      state = turns.ended(write(state, who, now), 'a', now)
      const index = below.findIndex(({ lane }) => lane === turn.lane)
      if (index !== -1) below.splice(index, 1)
      now += PACE
    }
    expect(went.indexOf('act')).toBe(turns.OVERTAKES)
    expect(went.indexOf('projection')).toBe(2 * turns.OVERTAKES + 1)
    expect(went.filter((lane) => lane === 'people')).toHaveLength(31)
  })
})

test('moments that a clock set back has made future are not believed', () => {
  const state = write(turns.NOBODY, mine('a', ['act', 0]), 9e9)
  const waiting = turns.registered(state, mine('b', ['act', 9e9]), 9e9) ?? state
  const believed = turns.believableTurns(waiting, 5_000, PACE)
  expect(believed.nextAt).toBe(6_000)
  expect(believed.holder?.until).toBe(5_000 + turns.LEASE)
  expect(believed.wants[0]).toMatchObject({ since: 5_000, until: 5_000 + turns.WANT })
})
