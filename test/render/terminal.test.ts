import { expect, test } from 'vitest'
import { phaseLine, progressLine, stateLine } from '../../src/render/terminal.ts'
import { ATTEMPT, NOW, attempt, task } from './sample.ts'

test('a state is one line without colours or full stop', () => {
  const wait = { kind: 'no-slot', used: 1, cap: 1, of: { limit: 'total' } } as const
  expect(stateLine({ task: task(), live: null, wait, now: NOW })).toBe(
    'Waiting: No slot: 1 of 1 busy',
  )
  const running = task({ state: { kind: 'running', attempt: ATTEMPT } })
  const live = attempt({ phase: 'verifying' })
  expect(stateLine({ task: running, live, wait: null, now: NOW })).toBe(
    'Working, attempt 1: Running the checks',
  )
})

test('a stranger’s words in it cannot steer the screen', () => {
  const failed = task({ state: { kind: 'failed', reason: 'red\n\u001B[2J\u001B]0;x\u0007gone' } })
  expect(stateLine({ task: failed, live: null, wait: null, now: NOW })).toBe('Failed: Red gone')
})

test('a phase and the agent’s last word', () => {
  const progress = {
    message: 'Reading\nfiles',
    plan: [],
    usage: { tokens: null, cost: null },
    at: NOW,
  }
  expect(phaseLine({ phase: 'preparing' })).toBe('preparing the worktree')
  expect(progressLine({ progress })).toBe('Reading files')
  expect(progressLine({ progress: null })).toBe('')
})
