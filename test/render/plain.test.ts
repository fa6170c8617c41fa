import fc from 'fast-check'
import { expect, test } from 'vitest'
import { plainText } from '../../src/domain/plain-text.ts'
import { plain, plainLine } from '../../src/render/plain.ts'

test.each([
  ['colours', '\u001B[31mred\u001B[0m', 'red'],
  ['a window title', '\u001B]0;owned\u0007text', 'text'],
  ['the cursor', 'a\u001B[2Jb\u009B1;1Hc', 'abc'],
  ['a direction override', 'a\u202Eb', 'ab'],
  ['a carriage return that hides a line', 'evil\rgood', 'evil\ngood'],
  ['an annotation of a CI runner', '::error::x\n  ##[group]y', '| ::error::x\n  | ##[group]y'],
  ['tabs and lines', 'a\tb\nc', 'a\tb\nc'],
])('%s', (_what, text, shown) => {
  expect(plain(text)).toBe(shown)
})

test('no escape, no control character, no annotation survives in any text', () => {
  const piece = fc.constantFrom(
    '\u001B',
    '[',
    ']',
    '0;',
    'm',
    '\u009B',
    '\u0090',
    '\u009C',
    '\u0007',
    '\\',
    ':',
    '#',
    '\n',
    'a',
    '\u202E',
    '\u0000',
  )
  const clean = (pieces: readonly string[]): boolean => {
    const shown = plain(pieces.join(''))
    return !/[^\P{Cc}\n\t]|\u202E|^[ \t]*(::|##\[)/mu.test(shown)
  }
  const property = fc.property(fc.array(piece, { maxLength: 20 }), clean)
  expect(fc.check(property, { numRuns: 10_000 }).counterexample).toBeNull()
})

test('one line stays one line and within its limit', () => {
  expect(plainLine('a\n\n b\tc')).toBe('a b c')
  expect(plainLine('x'.repeat(300), 10)).toBe('xxxxxxxxx…')
})

test('a flood of openers of terminal strings is stripped in time that grows with its length only', () => {
  const started = performance.now()
  expect(plainText('\u0090'.repeat(65_536))).toBe('')
  expect(plainText(`${'\u0090'.repeat(65_536)}\u001B`)).toBe('')
  // Measured: 3 ms; it took 2,200 ms when each opener looked for its own end.
  expect(performance.now() - started).toBeLessThan(1_000)
})
