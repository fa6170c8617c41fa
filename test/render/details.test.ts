import fc from 'fast-check'
import { visit } from 'unist-util-visit'
import { expect, test } from 'vitest'
import { fenced, folded } from '../../src/render/details.ts'
import { fit } from '../../src/render/fit.ts'
import { hostileBody } from './hostile-bodies.ts'
import { parse } from './harms.ts'

test('no output whatever leaves its fence', () => {
  const holds = (output: string): boolean => {
    let blocks = 0
    let others = 0
    visit(parse(fenced(output)), (node) => {
      if (node.type === 'code') blocks += 1
      else if (node.type !== 'root') others += 1
    })
    return blocks === 1 && others === 0
  }
  expect(
    fc.check(fc.property(hostileBody(12), holds), { numRuns: 2_000 }).counterexample,
  ).toBeNull()
})

test('the end of a long output is shown, because the reason stands there', () => {
  const text = folded('Output', `${'noise\n'.repeat(10_000)}the reason`, 100)
  expect(text).toContain('the reason')
  expect(text.length).toBeLessThan(200)
})

test('what matters least is left out first, and that is said', () => {
  const sections = [
    { text: 'head', keep: 9 },
    { text: 'x'.repeat(100), keep: 1 },
    { text: 'y'.repeat(100), keep: 5 },
    { text: '', keep: 9 },
  ]
  expect(fit(sections)).toBe(`head\n\n${'x'.repeat(100)}\n\n${'y'.repeat(100)}`)
  expect(fit(sections, 200)).toBe(
    `head\n\n${'y'.repeat(100)}\n\n_Some of this was left out, because GitHub takes no longer text._`,
  )
  expect(fit([{ text: 'z'.repeat(300), keep: 1 }], 100)).toHaveLength(99)
})
