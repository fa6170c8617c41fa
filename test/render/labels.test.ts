import { expect, test } from 'vitest'
import { instant } from '../../src/domain/ids.ts'
import type { TaskState } from '../../src/domain/task.ts'
import { stateLabel } from '../../src/render/labels.ts'
import { ATTEMPT, HEAD } from './sample.ts'

const EXPECTED: readonly (readonly [state: TaskState, label: string | null])[] = [
  [{ kind: 'blocked', by: [] }, 'yard:queued'],
  [{ kind: 'queued' }, 'yard:queued'],
  [{ kind: 'retrying', failures: 1, at: instant(0) }, 'yard:queued'],
  [{ kind: 'running', attempt: ATTEMPT }, 'yard:working'],
  [{ kind: 'publishing' }, 'yard:working'],
  [{ kind: 'parked', question: 'q' }, 'yard:needs-answer'],
  [{ kind: 'gated', gate: 'g' }, 'yard:needs-approval'],
  [{ kind: 'in-review', pull: { number: 1, url: '', head: HEAD } }, 'yard:needs-review'],
  [{ kind: 'held', by: 'ana', reason: '' }, 'yard:held'],
  [{ kind: 'failed', reason: '' }, 'yard:failed'],
  [{ kind: 'done', reason: '' }, 'yard:done'],
  [{ kind: 'cancelled', reason: '' }, null],
]

test.each(EXPECTED)('%o wears %s', (state, name) => {
  expect(stateLabel(state)?.name ?? null).toBe(name)
})

test('every label keeps to what GitHub takes', () => {
  for (const [state] of EXPECTED) {
    const label = stateLabel(state)
    expect(label?.color ?? '000000').toMatch(/^[0-9a-f]{6}$/)
    expect(label?.name.length ?? 0).toBeLessThanOrEqual(50)
    expect(label?.description.length ?? 0).toBeLessThanOrEqual(100)
  }
})
