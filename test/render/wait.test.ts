import { describe, expect, test } from 'vitest'
import { instant, sha } from '../../src/domain/ids.ts'
import type { Wait } from '../../src/domain/wait.ts'
import { sayDuration, sayMoment } from '../../src/render/time.ts'
import { sayWait } from '../../src/render/wait.ts'
import { NOW } from './sample.ts'

const AT_410 = instant(Date.UTC(2026, 10, 20, 4, 10))

describe('a wait is one sentence', () => {
  const cases: readonly (readonly [wait: Wait, said: string])[] = [
    [
      { kind: 'no-slot', used: 8, cap: 8, of: { limit: 'total' }, ahead: 0 },
      'no slot: 8 of 8 busy',
    ],
    [
      { kind: 'no-slot', used: 3, cap: 3, of: { limit: 'repository' }, ahead: 1 },
      'no slot: 3 of 3 busy in this repository; one of this repository’s tasks goes first',
    ],
    [
      { kind: 'no-slot', used: 8, cap: 8, of: { limit: 'total' }, ahead: 3 },
      'no slot: 8 of 8 busy; 3 of this repository’s tasks go first',
    ],
    [
      { kind: 'no-slot', used: 8, cap: 8, of: { limit: 'tier', tier: 'sonnet' }, ahead: 11 },
      'no slot: 8 of 8 sonnet busy; more than 10 of this repository’s tasks go first',
    ],
    [
      { kind: 'no-configuration', branch: 'main' },
      'no configuration: commit .github/yardmaster.yml to main',
    ],
    [
      {
        kind: 'broken-configuration',
        branch: 'main',
        problems: [
          { line: 3, path: 'limits.minuts', message: 'there is no such key' },
          { line: 9, path: 'x', message: 'y' },
        ],
      },
      '.github/yardmaster.yml on main cannot be used: line 3: limits.minuts: there is no such key (and 1 more)',
    ],
    [
      { kind: 'unknown-profile', name: 'gpt', known: ['claude', 'patch'] },
      'there is no profile "gpt"; the operator offers claude, patch',
    ],
    [
      { kind: 'no-runner', profile: 'claude', tier: 'opus', up: 2 },
      'no runner takes claude (tier opus) in this repository: start one, or widen what one of them takes',
    ],
    [
      { kind: 'no-runner', profile: 'patch', tier: null, up: 0 },
      'no runner is up: start Yardmaster, or a runner beside it',
    ],
    [
      { kind: 'runners-busy', profile: 'claude', runners: 2, places: 8 },
      'no slot: all 8 places of the 2 runners that take claude are busy',
    ],
    [
      { kind: 'runners-busy', profile: 'claude', runners: 1, places: 1 },
      'no slot: the one place of the runner that takes claude is busy',
    ],
    [
      { kind: 'runner-too-old', name: 'attic', version: '0.0.9' },
      'the runner attic is too old (0.0.9): update it',
    ],
    [
      { kind: 'red-base', branch: 'main', sha: sha('abc1234'.padEnd(40, '0')) },
      'main is already red at abc1234',
    ],
    [
      { kind: 'profile-paused', profile: 'claude', reason: 'it is at its limit', until: AT_410 },
      'claude is at its limit until 04:10 UTC',
    ],
    [
      { kind: 'profile-paused', profile: 'claude', reason: 'its login was refused', until: AT_410 },
      'claude’s login was refused; next try at 04:10 UTC',
    ],
    [
      {
        kind: 'profile-paused',
        profile: 'claude',
        reason: 'it is at its limit',
        until: AT_410,
        fallbacks: [{ profile: 'codex', reason: 'its provider is overloaded', until: AT_410 }],
      },
      'claude is at its limit until 04:10 UTC; its fallback codex’s provider is overloaded; next try at 04:10 UTC',
    ],
    [
      {
        kind: 'repository-paused',
        scope: 'hold:1',
        reason: '3 tasks failed alike',
        until: null,
        by: null,
      },
      'this repository is paused: 3 tasks failed alike; the comment /resume ends that',
    ],
    [
      { kind: 'repository-paused', scope: 'hold:1', reason: '', until: null, by: 'ana' },
      '@ana has paused this repository; the comment /resume ends that',
    ],
    [
      { kind: 'repository-paused', scope: 'repo:1', reason: 'no answer', until: AT_410, by: null },
      'this repository is paused until 04:10 UTC: no answer',
    ],
    [
      { kind: 'yard-paused', scope: 'all', reason: 'a release', by: null },
      'the operator has paused all work: a release',
    ],
    [
      { kind: 'yard-paused', scope: 'file:here', reason: '', by: null },
      'the operator has paused all work with the kill switch',
    ],
    [
      { kind: 'actor-quota', login: 'ana', cap: 100 },
      '@ana has started 100 attempts in 24 hours, which is all the operator allows',
    ],
    [{ kind: 'not-allowed' }, 'this repository is not among those that the operator serves'],
    [
      { kind: 'gone', reason: 'the App is suspended' },
      'nothing can run here: the App is suspended',
    ],
    [
      { kind: 'no-jail', profile: 'claude', fix: 'apt-get install bubblewrap' },
      'claude does not run without a sandbox, and this host has none: apt-get install bubblewrap',
    ],
    [{ kind: 'former-attempt' }, 'the attempt before this one is still being ended'],
    [
      { kind: 'suspect', losses: 2 },
      'its process died 2 times, as did that of a task which runs now; such tasks run one at a time, to find the cause',
    ],
    [{ kind: 'no-room' }, 'the disk of the host is full; work goes on when there is room'],
    [{ kind: 'unread' }, 'the default branch has not been read yet'],
  ]
  test.each(cases)('%#', (wait, said) => {
    expect(sayWait(wait, NOW)).toBe(said)
  })

  test('that no stranger’s text can break into lines', () => {
    const said = sayWait({ kind: 'gone', reason: 'a\n\u001B[2Jb' }, NOW)
    expect(said).toBe('nothing can run here: a b')
  })
})

test.each([
  [Date.UTC(2026, 10, 20, 23, 59), '23:59 UTC'],
  [Date.UTC(2026, 10, 21, 0, 5), '00:05 UTC on 21 Nov'],
  [Date.UTC(2027, 0, 1), '00:00 UTC on 1 Jan 2027'],
])('a moment has its day when it is not today’s', (at, said) => {
  expect(sayMoment(instant(at), NOW)).toBe(said)
})

test.each([
  [0, '0 ms'],
  [420, '420 ms'],
  [999.6, '1.0 s'],
  [3_240, '3.2 s'],
  [9_960, '10 s'],
  [59_400, '59 s'],
  [59_600, '1 min'],
  [65_000, '1 min 5 s'],
  [720_000, '12 min'],
  [3_600_000, '1 h'],
  [3_900_000, '1 h 5 min'],
])('%d ms is said as %s', (span, said) => {
  expect(sayDuration(span)).toBe(said)
})
