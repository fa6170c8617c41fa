/** Looking at boards stays within a twentieth of the hour's budget, whatever they cost. */
import { expect, test } from 'vitest'
import { installationId } from '../../src/domain/ids.ts'
import { boardRest } from '../../src/engine/board-pace.ts'

const HOUR = 3_600_000
const [one, other] = [installationId(1), installationId(2)]

test.each([1, 8, 21, 60, 400])('a pass of %i requests', (requests) => {
  const rest = boardRest([{ installation: one, requests }])
  expect((HOUR / rest) * requests).toBeLessThan(250.001)
  expect(rest).toBeGreaterThanOrEqual(120_000)
})

test('boards of one installation share its budget, and another has its own', () => {
  const ten = { installation: one, requests: 10 }
  expect(boardRest([ten, ten])).toBe(boardRest([{ installation: one, requests: 20 }]))
  expect(boardRest([ten, { ...ten, installation: other }])).toBe(boardRest([ten]))
})
