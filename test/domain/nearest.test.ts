import { expect, test } from 'vitest'
import { nearest } from '../../src/domain/nearest.ts'

test.each([
  ['verfiy', 'verify'],
  ['VERIFY', 'verify'],
  ['setpu', 'setup'],
  ['vrfy', null],
  ['x', null],
  ['constructor', null],
  ['v'.repeat(10_000), null],
] as const)('%s most likely means %s', (word, meant) => {
  expect(nearest(word, ['trigger', 'setup', 'verify'])).toBe(meant)
})
