/** How an attempt ended decides what follows; what counts is evidence, never what the agent claims. */
import { describe, expect, it } from 'vitest'
import type { AttemptReport } from '../../src/domain/attempt.ts'
import { PROVIDER_REST, WORLD_REST } from '../../src/domain/backoff.ts'
import { decideTask } from '../../src/domain/decide/task.ts'
import { attemptId, instant, later } from '../../src/domain/ids.ts'
import { rest, worldScope } from '../../src/domain/pause.ts'
import { askedInWords } from '../../src/domain/question.ts'
import type { Task } from '../../src/domain/task.ts'
import { actsIn } from '../support/acts-in.ts'
import { BASE, HEAD, MINUTE, REPO, TASK, attempt, ended, ran, ready } from '../support/builders.ts'
import { report, settings, subjectIn, wish, world } from '../support/builders.ts'

const after = (over: Partial<AttemptReport>, task: Partial<Task> = {}, seen = world()) =>
  decideTask(subjectIn('running', task), ended(over), seen)

interface Row {
  readonly story: string
  readonly report: Partial<AttemptReport>
  readonly task?: Partial<Task>
  readonly state: string
  readonly failures?: number
  readonly acts?: readonly string[]
  readonly why: string
}

const rows: readonly Row[] = [
  {
    story: 'commits, and a green check',
    report: {},
    state: 'publishing',
    acts: ['push aaaaaaa to yardmaster/7, where nothing is'],
    why: '1 file changed; `npm test` passed',
  },
  {
    story: 'a second attempt after a first push',
    report: {},
    task: { pushed: BASE, failures: 2 },
    state: 'publishing',
    acts: ['push aaaaaaa to yardmaster/7, where bbbbbbb is'],
    why: '1 file changed; `npm test` passed',
  },
  {
    story: 'commits where no check is configured',
    report: { verify: [] },
    state: 'publishing',
    acts: ['push aaaaaaa to yardmaster/7, where nothing is'],
    why: '1 file changed; no check is configured',
  },
  {
    story: 'a claim without a commit',
    report: { head: null, files: [] },
    state: 'retrying',
    failures: 1,
    acts: ['wake for retry'],
    why: 'the agent said that it was done, but changed nothing',
  },
  {
    story: 'a commit without a change',
    report: { files: [] },
    state: 'retrying',
    failures: 1,
    acts: ['wake for retry'],
    why: 'the agent said that it was done, but changed nothing',
  },
  {
    story: 'a claim over a red check',
    report: { verify: [ran(0, 'npm run lint'), ran(1)], error: '`npm test` failed' },
    state: 'retrying',
    failures: 1,
    acts: ['wake for retry'],
    why: '`npm test` failed',
  },
  {
    story: 'a claim over a check that was stopped at its limit',
    report: { verify: [ran(null)], error: '`npm test` took too long' },
    state: 'retrying',
    failures: 1,
    acts: ['wake for retry'],
    why: '`npm test` took too long',
  },
  {
    story: 'a check that was red before anyone touched it',
    report: { end: { kind: 'failed', failure: 'verify' }, verify: [ran(1)], baseVerify: [ran(1)] },
    state: 'queued',
    failures: 0,
    why: 'the base is already red at bbbbbbb; the task waits until the branch moves',
  },
  {
    story: 'a claim over a check that was red before',
    report: { verify: [ran(1)], baseVerify: [ran(1)] },
    state: 'queued',
    failures: 0,
    why: 'the base is already red at bbbbbbb; the task waits until the branch moves',
  },
  {
    story: 'a red check on a green base',
    report: { end: { kind: 'failed', failure: 'verify' }, verify: [ran(1)], baseVerify: [ran(0)] },
    state: 'retrying',
    failures: 1,
    acts: ['wake for retry'],
    why: 'verify',
  },
  {
    story: 'a red check on a base whose check was cut off at its time limit',
    report: {
      end: { kind: 'failed', failure: 'verify' },
      verify: [ran(1)],
      baseVerify: [ran(null)],
    },
    state: 'retrying',
    failures: 1,
    acts: ['wake for retry'],
    why: 'verify',
  },
  {
    story: 'the third failure of three',
    report: { end: { kind: 'failed', failure: 'crash' }, error: 'exit code 9' },
    task: { failures: 2 },
    state: 'failed',
    failures: 2,
    acts: ['comment failed to ana: exit code 9 (attempt 3 of 3)'],
    why: 'exit code 9 (attempt 3 of 3)',
  },
  {
    story: 'an agent that declines',
    report: { end: { kind: 'failed', failure: 'refusal' }, error: 'I will not write that' },
    state: 'failed',
    acts: ['comment failed to ana: I will not write that'],
    why: 'I will not write that',
  },
  {
    story: 'an agent that asks',
    report: { end: { kind: 'needs' }, question: askedInWords('Which greeting?') },
    state: 'parked',
    acts: ['comment question Q1 to ana: Which greeting?', 'wake for remind'],
    why: 'Q1: Which greeting?',
  },
  {
    story: 'an agent that asks without words',
    report: { end: { kind: 'parked' }, question: askedInWords(' ') },
    state: 'parked',
    acts: [
      'comment question Q1 to ana: The agent stopped, and did not say for what.',
      'wake for remind',
    ],
    why: 'Q1: The agent stopped, and did not say for what.',
  },
  {
    story: 'a stop of ours',
    report: { end: { kind: 'stopped' }, error: 'Yardmaster is stopping' },
    task: { failures: 1 },
    state: 'queued',
    failures: 1,
    why: 'Yardmaster is stopping',
  },
  {
    story: 'a process that died',
    report: { end: { kind: 'lost' } },
    task: { losses: 1 },
    state: 'queued',
    why: 'the process that ran the attempt is gone; it starts again',
  },
  {
    story: 'a task that kills its third process',
    report: { end: { kind: 'lost' } },
    task: { losses: 2 },
    state: 'failed',
    acts: [
      'comment failed to ana: the process that ran it died 3 times; it is set aside so that it harms nothing else',
    ],
    why: 'the process that ran it died 3 times; it is set aside so that it harms nothing else',
  },
]

describe('an attempt ends', () => {
  it.each(rows)('with $story → $state', (row) => {
    const decided = after(row.report, row.task)
    expect({
      state: decided?.next.state.kind,
      failures: row.failures === undefined ? undefined : decided?.next.failures,
      acts: actsIn(decided),
      why: decided?.why,
    }).toEqual({ state: row.state, failures: row.failures, acts: row.acts ?? [], why: row.why })
    expect(decided?.attempt).toMatchObject({ id: attempt().id, ended: {} })
    expect(decided?.next.epoch).toBe(2)
  })

  it('keeps the evidence of an attempt that was the last one', () => {
    const decided = after({ end: { kind: 'failed', failure: 'refusal' } })
    expect(decided?.next.report).toEqual(report({ end: { kind: 'failed', failure: 'refusal' } }))
  })

  it('forgets failures and losses once there is something to publish', () => {
    const decided = after({}, { failures: 2, losses: 1 })
    expect(decided?.next).toMatchObject({ failures: 0, losses: 0, report: { head: HEAD } })
  })

  it('records what really was the end, not what was claimed', () => {
    const decided = after({ head: null })
    expect(decided?.attempt).toMatchObject({
      ended: { end: { kind: 'failed', failure: 'no-result' } },
    })
  })

  it('waits longer after each failure of its own, and rings at that moment', () => {
    const waits = [0, 1].map((failures) => {
      const decided = after({ end: { kind: 'failed', failure: 'stall' } }, { failures })
      const { state } = decided?.next ?? {}
      const at = state?.kind === 'retrying' ? state.at : null
      expect(decided?.acts[0]?.notBefore).toBe(at)
      return (at ?? 0) - world().now
    })
    expect(waits).toEqual([10_000, 20_000])
  })

  it('gives up at once where the repository allows one attempt, and does not count aloud', () => {
    const policy = ready({ limits: { ...settings().limits, attempts: 1 } })
    const decided = after(
      { end: { kind: 'failed', failure: 'setup' }, error: 'npm ci: no' },
      {},
      world({ policy }),
    )
    expect(decided?.next.state).toEqual({ kind: 'failed', reason: 'npm ci: no' })
  })

  it('tries three times where the settings cannot be read', () => {
    const seen = world({ policy: { kind: 'missing' } })
    const kinds = [0, 1, 2].map(
      (failures) =>
        after({ end: { kind: 'failed', failure: 'crash' } }, { failures }, seen)?.next.state.kind,
    )
    expect(kinds).toEqual(['retrying', 'retrying', 'failed'])
  })
})

describe('a provider that is not well', () => {
  const failing = (
    failure: 'auth' | 'rate' | 'overload' | 'network' | 'program',
    over: Partial<AttemptReport> = {},
  ) => after({ end: { kind: 'failed', failure }, error: 'no', ...over }, { failures: 1 })

  /** At its limit somebody may stand in for it; who was refused is the operator's to mend. */
  it.each([
    ['auth', 'profile:claude'],
    ['rate', 'limit:claude'],
    ['overload', 'limit:claude'],
    ['network', 'profile:claude'],
    ['program', 'profile:claude'],
  ] as const)('rests after %s, and the task loses nothing', (failure, scope) => {
    const decided = failing(failure)
    expect(decided?.next).toMatchObject({ state: { kind: 'queued' }, failures: 1, losses: 0 })
    expect(decided?.pause).toMatchObject({
      scope,
      until: later(world().now, PROVIDER_REST[failure]),
    })
    expect(decided?.acts).toEqual([])
  })

  it('rests until the moment that it told', () => {
    const until = later(world().now, 90 * MINUTE)
    expect(failing('rate', { until })?.pause?.until).toBe(until)
  })

  it('is not believed when that moment is past: the next attempt would start at once', () => {
    const until = later(world().now, -MINUTE)
    expect(failing('rate', { until })?.pause?.until).toBe(later(world().now, PROVIDER_REST.rate))
  })

  it('is the one that the attempt ran with, whatever the wish says by now', () => {
    const before = {
      ...subjectIn('running', { wish: wish({ profile: 'opus' }) }),
      live: attempt({ profile: 'patch' }),
    }
    const decided = decideTask(before, ended({ end: { kind: 'failed', failure: 'rate' } }), world())
    expect(decided?.pause?.scope).toBe('limit:patch')
    const unknown = { ...before, live: null }
    const guessed = decideTask(
      unknown,
      ended({ end: { kind: 'failed', failure: 'rate' } }),
      world(),
    )
    expect(guessed?.pause?.scope).toBe('limit:opus')
  })
})

describe('a fault of the world', () => {
  const faulty = (over: Partial<AttemptReport> = {}) =>
    after(
      { end: { kind: 'failed', failure: 'world' }, error: 'git fetch: no', ...over },
      { failures: 1 },
    )

  it('rests the repository and no profile, says why, and costs the task nothing', () => {
    const decided = faulty()
    expect(decided?.next).toMatchObject({ state: { kind: 'queued' }, failures: 1, losses: 0 })
    const until = later(world().now, WORLD_REST.passing)
    expect(decided?.pause).toEqual(rest(worldScope(REPO), until, 'git fetch: no'))
    expect(decided?.acts).toEqual([])
  })

  it('rests it until the moment that was told, unless that is past', () => {
    const until = later(world().now, 10 * MINUTE)
    expect(faulty({ until })?.pause?.until).toBe(until)
    const past = later(world().now, -MINUTE)
    expect(faulty({ until: past })?.pause?.until).toBe(later(world().now, WORLD_REST.passing))
  })
})

describe('a report that is not awaited', () => {
  const late = [
    ['of another attempt', { attempt: attemptId(TASK, 9) }],
    ['of an old epoch', { epoch: 1 }],
    ['of an epoch that never was', { epoch: 3 }],
  ] as const

  it.each(late)('%s changes nothing, ends nothing, publishes nothing', (_which, fact) => {
    const before = subjectIn('running')
    const decided = decideTask(before, ended({}, fact), world())
    expect(decided?.next).toEqual({ ...before.task, changedAt: world().now })
    expect(decided).toMatchObject({
      acts: [],
      surfaces: [],
      attempt: null,
      callOff: false,
      pause: null,
    })
  })

  it('is kept in the ledger with its head', () => {
    const decided = decideTask(subjectIn('done'), ended(), world({ now: instant(5) }))
    expect(decided?.ledger).toEqual([
      {
        event: 'attempt.late',
        why: `the report of ${TASK}.1 came after it no longer counted; kept as evidence`,
        by: null,
        at: 5,
        data: { state: 'done', attempt: `${TASK}.1`, end: report().end, head: HEAD },
      },
    ])
  })
})
