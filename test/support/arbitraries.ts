/** Random but well-formed values of the domain: whatever the store, GitHub and runners could hand to a decision. */
import { COLUMN_NAMES } from '../../src/domain/board.ts'
import fc from 'fast-check'
import type { AttemptEnd, AttemptReport, CommandResult, Failure } from '../../src/domain/attempt.ts'
import type { World } from '../../src/domain/decide/decision.ts'
import { BUTTONS } from '../../src/domain/button.ts'
import type { Command } from '../../src/domain/command.ts'
import type { ActOutcome, IssueView, TaskFact } from '../../src/domain/fact.ts'
import { actKey, attemptId, instant } from '../../src/domain/ids.ts'
import type { Instant } from '../../src/domain/ids.ts'
import type { Asked } from '../../src/domain/question.ts'
import type { RepoPolicy } from '../../src/domain/settings.ts'
import { anyCommanded, anyHeard, anyReplied } from './any-words.ts'
import {
  MINUTE,
  NOW,
  ROLES,
  TASK,
  ana,
  ben,
  issue,
  ran,
  ready,
  robot,
  shaOf,
  world,
} from './builders.ts'
import { HEAD, pull, report } from './builders.ts'

export const FAILURES: readonly Failure[] = [
  'auth',
  'rate',
  'overload',
  'network',
  'program',
  'world',
  'context',
  'crash',
  'stall',
  'timeout',
  'budget',
  'refusal',
  'protocol',
  'no-result',
  'setup',
  'verify',
]

const one = <const T>(...values: readonly T[]): fc.Arbitrary<T> => fc.constantFrom(...values)
const maybe = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(value, { nil: null })

/** Moments around the builders' evening, on both sides. */
const anyInstant: fc.Arbitrary<Instant> = fc
  .integer({ min: -60, max: 600 })
  .map((minutes) => instant(NOW + minutes * MINUTE))
const anySha = one(shaOf('a'), shaOf('b'), shaOf('c'))
const anyActor = one(ana, ben, robot, null)
export const anyPermission = fc.option(fc.constantFrom(...ROLES), { nil: null })
const anyLabel = one('yardmaster', 'Yardmaster', 'yardmaster:opus', 'yardmaster:nobody', 'bug')
const anyVia = one<'webhook' | 'reconcile'>('webhook', 'reconcile')

const anyIssue: fc.Arbitrary<IssueView> = fc.record({
  ...fixed(issue()),
  title: fc.string(),
  body: fc.string(),
  open: fc.boolean(),
  labels: fc.uniqueArray(anyLabel, { maxLength: 3 }),
})

const anyEnd: fc.Arbitrary<AttemptEnd> = fc.oneof(
  one('completed', 'parked', 'stopped', 'needs', 'handoff', 'cancelled', 'lost').map((kind) => ({
    kind,
  })),
  fc.constantFrom(...FAILURES).map((failure) => ({ kind: 'failed' as const, failure })),
)

const anyRuns: fc.Arbitrary<readonly CommandResult[]> = fc.array(one(ran(0), ran(1), ran(null)), {
  maxLength: 3,
})

const anyAsked: fc.Arbitrary<Asked> = fc.record({
  text: fc.string(),
  options: fc.array(fc.string(), { maxLength: 9 }),
  recommended: maybe(fc.integer({ min: 1, max: 9 })),
})

export const anyReport: fc.Arbitrary<AttemptReport> = fc.record({
  end: anyEnd,
  summary: fc.string(),
  error: maybe(fc.string()),
  question: maybe(anyAsked),
  session: maybe(fc.string()),
  until: maybe(anyInstant),
  base: maybe(anySha),
  head: maybe(anySha),
  files: one([], report().files),
  setup: anyRuns,
  verify: anyRuns,
  baseVerify: anyRuns,
  usage: one({ tokens: null, cost: null }, { tokens: 10, cost: 0.1 }),
})

const LEAK = { where: { kind: 'message' }, name: 'an npm token', live: false } as const

const anyOutcome: fc.Arbitrary<ActOutcome> = fc.oneof(
  anySha.map((head) => ({ kind: 'pushed' as const, head })),
  anySha.map((found) => ({ kind: 'moved' as const, found })),
  one<ActOutcome>({ kind: 'pull-opened', pull }, { kind: 'commented' }, { kind: 'nothing' }),
  anySha.map((head) => ({ kind: 'secrets' as const, head, base: shaOf('d'), leaks: [LEAK] })),
)

/** Epochs near the one that is current: facts of the past, of now, and some that cannot be. */
const anyEpoch = fc.integer({ min: 0, max: 12 })
const anyAttempt = fc.integer({ min: 1, max: 6 }).map((n) => attemptId(TASK, n))
const anyPull = one(pull.number, 99)
const anyAct = one(actKey(`push:${TASK}:${HEAD}`), actKey('start:x'), actKey('comment:x'))
const anyActName = one('push', 'open-pull', 'comment', 'wake')

/** Columns of the board in the builders' settings, and one that somebody made up. */
const anyColumn = one(...Object.values(COLUMN_NAMES), 'Someday')

/** One arbitrary per kind of fact; the table is checked for completeness by its type. */
export const FACTS: {
  readonly [Kind in TaskFact['kind']]: fc.Arbitrary<Extract<TaskFact, { kind: Kind }>>
} = {
  'card-moved': fc.record({
    kind: one('card-moved'),
    card: one({ owner: 'octo', project: 7, item: 41 }),
    to: maybe(anyColumn),
    actor: anyActor,
    issue: anyIssue,
    at: anyInstant,
  }),
  'label-added': fc.record({
    kind: one('label-added'),
    label: anyLabel,
    actor: anyActor,
    issue: anyIssue,
    at: anyInstant,
    via: anyVia,
    editedSince: fc.boolean(),
  }),
  'label-removed': fc.record({
    kind: one('label-removed'),
    label: anyLabel,
    actor: anyActor,
    issue: anyIssue,
    at: anyInstant,
    via: anyVia,
  }),
  'issue-edited': fc.record({ kind: one('issue-edited'), actor: anyActor, issue: anyIssue }),
  'issue-closed': fc.record({
    kind: one('issue-closed'),
    actor: anyActor,
    issue: anyIssue,
    at: anyInstant,
    via: anyVia,
  }),
  'issue-reopened': fc.record({ kind: one('issue-reopened'), actor: anyActor, issue: anyIssue }),
  'issue-gone': fc.record({
    kind: one('issue-gone'),
    how: one('transferred', 'deleted'),
    actor: anyActor,
  }),
  'pull-closed': fc.record({
    kind: one('pull-closed'),
    number: anyPull,
    merged: fc.boolean(),
    actor: anyActor,
    via: anyVia,
  }),
  'pull-reopened': fc.record({ kind: one('pull-reopened'), number: anyPull, actor: anyActor }),
  'attempt-ended': fc.record({
    kind: one('attempt-ended'),
    attempt: anyAttempt,
    epoch: anyEpoch,
    report: anyReport,
  }),
  'act-done': fc.record({
    kind: one('act-done'),
    act: anyAct,
    epoch: anyEpoch,
    outcome: anyOutcome,
  }),
  'act-failed': fc.record({
    kind: one('act-failed'),
    act: anyAct,
    epoch: anyEpoch,
    name: anyActName,
    reason: fc.string({ minLength: 1 }),
  }),
  'failed-alike': fc.record({
    kind: one('failed-alike'),
    attempt: anyAttempt,
    issues: one<readonly number[]>([12, 7, 4]),
    error: fc.string(),
    line: one('E1', null),
  }),
  'budget-spent': fc.record({
    kind: one('budget-spent'),
    epoch: anyEpoch,
    raised: one(0, 1),
    why: fc.string(),
  }),
  paused: fc.record({
    kind: one('paused'),
    attempt: anyAttempt,
    epoch: anyEpoch,
    reason: fc.string(),
    by: one('ana', null),
  }),
  timer: fc.oneof(
    fc.record({ kind: one('timer'), name: one('retry'), epoch: anyEpoch }),
    fc.record({
      kind: one('timer'),
      name: one('remind'),
      question: fc.integer({ min: 1, max: 3 }),
      epoch: anyEpoch,
    }),
  ),
  commanded: anyCommanded(anyIssue),
  replied: anyReplied,
  'review-submitted': fc.record({
    kind: one('review-submitted'),
    pull: anyPull,
    review: fc.integer({ min: 1, max: 3 }),
    says: one('approved', 'changes', 'commented', 'dismissed'),
    head: anySha,
    actor: anyActor,
    at: anyInstant,
    via: anyVia,
  }),
  'pull-pushed': fc.record({
    kind: one('pull-pushed'),
    pull: anyPull,
    head: anySha,
    actor: anyActor,
    via: anyVia,
  }),
  ordered: fc.record({
    kind: one('ordered'),
    command: one<Command>(...BUTTONS.map(({ command }) => command)),
    route: one('button', 'cli'),
    actor: anyActor,
    head: fc.oneof(anySha, one(null)),
  }),
  'checks-changed': fc.record({ kind: one('checks-changed'), via: anyVia }),
  'merges-changed': fc.record({ kind: one('merges-changed'), via: anyVia }),
}

export const FACT_KINDS = Object.keys(FACTS) as readonly TaskFact['kind'][]
export const anyFact: fc.Arbitrary<TaskFact> = fc.oneof(...Object.values(FACTS))

const anyPolicy: fc.Arbitrary<RepoPolicy> = one<RepoPolicy>(
  ready(),
  ready({ draft: true, verify: [] }),
  ready({
    limits: { parallel: 1, attempts: 1, minutes: 5, stallMinutes: 1, openReviews: 1, ciFixes: 1 },
  }),
  { kind: 'missing' },
  { kind: 'broken', problems: [{ line: 1, path: 'verify', message: 'must be a list' }] },
)

/** A world that fits the fact: the text is shown where there is an issue to show. */
export const worldFor = (fact: TaskFact): fc.Arbitrary<World> =>
  fact.kind === 'commanded'
    ? fc.tuple(plainWorldFor(fact), anyHeard).map(([world, heard]) => ({ ...world, ...heard }))
    : plainWorldFor(fact)

const plainWorldFor = (fact: TaskFact): fc.Arbitrary<World> =>
  fc.record({
    ...fixed(world()),
    now: anyInstant,
    policy: anyPolicy,
    permission: anyPermission,
    shown: fc.constant(
      'issue' in fact && fact.issue !== null
        ? { title: fact.issue.title, body: fact.issue.body }
        : null,
    ),
  })

function fixed<T extends object>(value: T): { [Key in keyof T]: fc.Arbitrary<T[Key]> } {
  const entries = Object.entries(value).map(([key, field]) => [key, fc.constant(field)])
  return Object.fromEntries(entries) as { [Key in keyof T]: fc.Arbitrary<T[Key]> }
}
