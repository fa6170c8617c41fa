/** Whose turn it is to be asked for a look. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { assign } from '../../src/domain/assign.ts'
import type { Candidates } from '../../src/domain/assign.ts'

const owing =
  (counts: Readonly<Record<string, number>>) =>
  (login: string): number =>
    counts[login] ?? 0
const first = (over: Partial<Candidates>) =>
  assign({
    logins: ['ana', 'ben', 'cleo'],
    authors: [],
    owes: () => 0,
    capacity: 5,
    turn: 0,
    ...over,
  })[0]

describe('who is asked', () => {
  it('goes round with the number of the pull request, while all owe alike', () => {
    expect([0, 1, 2, 3].map((turn) => first({ turn }))).toEqual(['ana', 'ben', 'cleo', 'ana'])
  })

  it('is who owes fewest', () => {
    expect(first({ owes: owing({ ana: 2, ben: 1, cleo: 2 }) })).toBe('ben')
  })

  it('is nobody who has no room', () => {
    expect(first({ owes: owing({ ana: 5, ben: 5, cleo: 4 }) })).toBe('cleo')
    expect(first({ owes: () => 5 })).toBeUndefined()
  })

  it('is the author only where there is nobody else', () => {
    expect(first({ authors: ['Ana'] })).toBe('ben')
    expect(first({ logins: ['ana'], authors: ['ana'] })).toBe('ana')
    expect(first({ logins: [] })).toBeUndefined()
  })

  it('over many pull requests is everybody equally often', () => {
    const numbers = fc.integer({ min: 0, max: 1_000 })
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.string({ minLength: 1 }), { minLength: 1 }),
        numbers,
        (logins, from) => {
          const owed = new Map<string, number>()
          for (let turn = from; turn < from + logins.length * 3; turn += 1) {
            const owes = (login: string): number => owed.get(login) ?? 0
            const [login = ''] = assign({ logins, authors: [], owes, capacity: Infinity, turn })
            owed.set(login, owes(login) + 1)
          }
          expect([...owed.values()].every((count) => count === 3)).toBe(true)
        },
      ),
    )
  })
})
