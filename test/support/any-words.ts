/** Random words of people: comments as facts, and what a comment may have been read as. */
import fc from 'fast-check'
import { rowOf } from '../../src/commands/table.ts'
import type { Actor } from '../../src/domain/actor.ts'
import type { Command, CommandError } from '../../src/domain/command.ts'
import type { IssueNow, Said, World } from '../../src/domain/decide/decision.ts'
import type { IssueView } from '../../src/domain/fact.ts'
import { instant } from '../../src/domain/ids.ts'
import { holdScope, stop } from '../../src/domain/pause.ts'
import type { Spoken } from '../../src/domain/spoken.ts'
import { NOW, MINUTE, REPO, ana, ben, issue, robot, shaOf } from './builders.ts'

const one = <const T>(...values: readonly T[]): fc.Arbitrary<T> => fc.constantFrom(...values)
const anyMoment = fc.integer({ min: -60, max: 600 }).map((minute) => instant(NOW + minute * MINUTE))
const anySpeaker: fc.Arbitrary<Actor | null> = one(ana, ben, robot, null)

const anySpoken: fc.Arbitrary<Spoken> = fc.record({
  id: fc.integer({ min: 1, max: 9 }),
  on: one<Spoken['on']>('issue', 'pull', 'review'),
  number: one(7, 12),
  text: fc.string(),
  at: anyMoment,
})

const anyCommand: fc.Arbitrary<Command> = fc.oneof(
  one<Command>(
    { kind: 'run' },
    { kind: 'retry' },
    { kind: 'cancel', reason: null },
    { kind: 'cancel', reason: 'not needed' },
    { kind: 'hold', reason: null },
    { kind: 'hold', reason: 'until Monday' },
    { kind: 'unhold' },
    { kind: 'answer', question: null, option: 1, text: '1' },
    { kind: 'answer', question: 1, option: null, text: 'the old name' },
    { kind: 'approve', sha: shaOf('a') },
    { kind: 'reject', reason: null },
    { kind: 'revise', text: 'please rename it' },
    { kind: 'update' },
    { kind: 'priority', priority: 'urgent' },
    { kind: 'status' },
    { kind: 'reviewed' },
    { kind: 'pause', now: false },
    { kind: 'pause', now: true },
    { kind: 'resume' },
    { kind: 'help' },
  ),
)

const anyError: fc.Arbitrary<CommandError> = one<CommandError>(
  { kind: 'unknown', line: 1, typed: 'rnu', meant: 'run' },
  { kind: 'html', line: 1 },
)

const anySaid: fc.Arbitrary<Said> = fc.record({
  commands: fc.array(
    fc.tuple(anyCommand, fc.boolean()).map(([command, forbidden]) => ({
      command,
      line: 1,
      raw: `/${command.kind}`,
      refusal: forbidden
        ? {
            kind: 'no-permission' as const,
            name: command.kind,
            needs: rowOf(command.kind).permission,
          }
        : null,
    })),
    { maxLength: 5 },
  ),
  refused: fc.array(anyError, { maxLength: 2 }),
})

const anyIssueNow: fc.Arbitrary<IssueNow> = fc
  .record({
    view: fc.record({
      open: fc.boolean(),
      labels: fc.uniqueArray(one('yardmaster', 'yardmaster:opus', 'yardmaster:nobody', 'bug')),
    }),
    editedSince: fc.boolean(),
  })
  .map(({ view, editedSince }) => ({ view: issue(view), editedSince }))

/** What was gathered for a comment. */
export const anyHeard: fc.Arbitrary<Pick<World, 'said' | 'genuine' | 'issue' | 'pause' | 'shown'>> =
  fc
    .record({
      said: fc.option(anySaid, { nil: null }),
      genuine: one<World['genuine']>('same', 'same', 'same', 'edited', 'gone', null),
      issue: fc.option(anyIssueNow, { nil: null }),
      pause: one(null, stop(holdScope(REPO), { reason: '', by: 'ana' })),
    })
    .map((heard) => ({
      ...heard,
      shown:
        heard.issue === null
          ? null
          : { title: heard.issue.view.title, body: heard.issue.view.body },
    }))

export const anyCommanded = (anyIssue: fc.Arbitrary<IssueView>) =>
  fc.record({
    kind: one('commanded'),
    spoken: anySpoken,
    actor: anySpeaker,
    issue: fc.option(anyIssue, { nil: null }),
    via: one<'webhook' | 'reconcile'>('webhook', 'reconcile'),
  })

export const anyReplied = fc.record({
  kind: one('replied'),
  spoken: anySpoken,
  actor: anySpeaker,
  via: one<'webhook' | 'reconcile'>('webhook', 'reconcile'),
})
