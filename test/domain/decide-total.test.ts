/** Every fact can meet every state: deliveries come late, twice and out of order, and none may be more than decided. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { UNSTEERED } from '../../src/domain/task.ts'
import type { Decision, Subject } from '../../src/domain/decide/decision.ts'
import { blankTask, decideTask } from '../../src/domain/decide/task.ts'
import type { TaskFact } from '../../src/domain/fact.ts'
import { isTerminal } from '../../src/domain/task.ts'
import type { StateKind } from '../../src/domain/task.ts'
import { FACTS, FACT_KINDS, anyFact, worldFor } from '../support/arbitraries.ts'
import { NOW, REPO, STATE_KINDS, issue, subjectIn } from '../support/builders.ts'

const blank: Subject = { task: blankTask({ repo: REPO, ...issue() }, NOW), live: null }

const pairs = STATE_KINDS.flatMap((state) =>
  FACT_KINDS.map((kind) => [state, kind] as const satisfies [StateKind, TaskFact['kind']]),
)

describe('deciding', () => {
  it.each(pairs)('is possible for a task that is %s and a fact of kind %s', (state, kind) => {
    fc.assert(
      fc.property(withWorld<TaskFact>(FACTS[kind]), ([fact, world]) => {
        const subject = subjectIn(state)
        expect(flaws(subject, decideTask(subject, fact, world), fact)).toEqual([])
      }),
      { numRuns: 60 },
    )
  })

  it.each(FACT_KINDS)('is possible for an issue without a task and a fact of kind %s', (kind) => {
    fc.assert(
      fc.property(withWorld<TaskFact>(FACTS[kind]), ([fact, world]) => {
        expect(flaws(blank, decideTask(blank, fact, world), fact)).toEqual([])
      }),
      { numRuns: 60 },
    )
  })

  it('begins with a task of which nothing is known but its issue', () => {
    expect(blank.task).toEqual({
      id: '1001-9007',
      repo: REPO,
      issue: issue().id,
      number: 7,
      title: issue().title,
      version: 0,
      state: { kind: 'cancelled', reason: 'nothing was asked yet' },
      wish: null,
      edited: false,
      priority: 0,
      attempts: 0,
      epoch: 0,
      failures: 0,
      losses: 0,
      report: null,
      redBase: null,
      pushed: null,
      pull: null,
      ...UNSTEERED,
      createdAt: NOW,
      changedAt: NOW,
    })
  })

  it('leaves no row for issues that nobody asked anything about', () => {
    const harmless = FACT_KINDS.filter(
      (kind) =>
        !['label-added', 'commanded', 'attempt-ended', 'act-done', 'act-failed', 'timer'].includes(
          kind,
        ),
    )
    fc.assert(
      fc.property(
        fc.constantFrom(...harmless).chain((kind) => withWorld<TaskFact>(FACTS[kind])),
        ([fact, world]) => {
          expect(decideTask(blank, fact, world)).toBeNull()
        },
      ),
    )
  })

  it('comes to the same twice, and changes nothing that it was given', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...STATE_KINDS).map((state) => subjectIn(state)),
        withWorld(anyFact),
        (subject, [fact, world]) => {
          const before = structuredClone({ subject, fact, world })
          const first = decideTask(subject, fact, world)
          expect(decideTask(subject, fact, world)).toEqual(first)
          expect({ subject, fact, world }).toEqual(before)
        },
      ),
    )
  })

  it('never starts, pushes or opens anything from a terminal state, whatever comes', () => {
    fc.assert(
      fc.property(
        fc.constantFrom<StateKind>('done', 'failed', 'cancelled').map((state) => subjectIn(state)),
        withWorld(anyFact),
        (subject, [fact, world]) => {
          const acts = decideTask(subject, fact, world)?.acts ?? []
          expect(acts.every(({ detail }) => ['comment', 'react'].includes(detail.kind))).toBe(true)
        },
      ),
      { numRuns: 500 },
    )
  })
})

function withWorld<Fact extends TaskFact>(facts: fc.Arbitrary<Fact>) {
  return facts.chain((fact) => fc.tuple(fc.constant(fact), worldFor(fact)))
}

/** What is wrong with a decision: it must be about this task, say why, and fence its acts by the epoch that it leaves. */
function flaws(
  { task, live }: Subject,
  decided: Decision | null,
  { kind }: TaskFact,
): readonly string[] {
  const commands = kind === 'commanded'
  if (decided === null) return []
  const { next, ledger, acts } = decided
  const kept = ['id', 'repo', 'issue', 'number', 'version', 'attempts', 'createdAt'] as const
  const keys = acts.map((act) => act.key)
  const entry = ledger.at(-1)
  const ends = isTerminal(next.state) && !isTerminal(task.state)
  const holds = {
    'is about this task': kept.every((field) => next[field] === task[field]),
    'does not go back': next.epoch >= task.epoch,
    'has an entry in the ledger, for commands one for each, and says the same':
      (ledger.length === 1 || commands) && entry?.why === decided.why,
    'leaves no field open': Object.values<unknown>({ ...decided, ...entry }).every(
      (field) => field !== undefined,
    ),
    'says something': decided.why.length > 0 && entry?.at === next.changedAt,
    'fences its acts': acts.every((act) => act.task === task.id && act.epoch === next.epoch),
    'names each act once': new Set(keys).size === keys.length,
    'ends or stops no attempt but the live one':
      decided.attempt === null || decided.attempt.id === live?.id,
    'calls off what an ended task was about to do': !ends || decided.callOff,
  }
  return Object.entries(holds).flatMap(([promise, held]) => (held ? [] : [promise]))
}
