/** Questions and their answers: who is heard, what counts, and that one answer counts however many come. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Actor, Permission } from '../../src/domain/actor.ts'
import type { Decision, Said, World } from '../../src/domain/decide/decision.ts'
import { decideTask } from '../../src/domain/decide/task.ts'
import type { TaskFact } from '../../src/domain/fact.ts'
import { later } from '../../src/domain/ids.ts'
import type { Instant } from '../../src/domain/ids.ts'
import type { Because } from '../../src/domain/reply.ts'
import type { Question } from '../../src/domain/question.ts'
import type { Task } from '../../src/domain/task.ts'
import {
  MINUTE,
  NOW,
  TASK,
  ana,
  ben,
  ended,
  ready,
  report,
  robot,
  subjectIn,
  taskIn,
  world,
} from '../support/builders.ts'
import { actsIn } from '../support/acts-in.ts'

const HOUR = 60 * MINUTE
const question: Question = {
  n: 1,
  about: 'work',
  text: 'Which greeting?',
  options: ['Hello', 'Good day'],
  recommended: 2,
  askedAt: NOW,
  reminders: 0,
  hinted: false,
}
const resume = { attempt: `${TASK}.1`, base: null, head: null, session: 's' } as Task['resume'] &
  object
const asked = (over: Partial<Question> = {}): Partial<Task> => ({
  question: { ...question, ...over },
  asked: 1,
  resume,
})
const parked = (over: Partial<Question> = {}): Task => taskIn('parked', asked(over))

interface Words {
  readonly by?: Actor
  readonly at?: Instant
  readonly id?: number
  readonly option?: number | null
  readonly text?: string
  readonly question?: number | null
}

const fact = ({ by = ben, at = later(NOW, MINUTE), id = 5 }: Words): TaskFact => ({
  kind: 'commanded',
  spoken: { id, on: 'issue', number: 7, text: '/answer', at },
  actor: by,
  issue: null,
  via: 'webhook',
})

const heard = (words: Words, over: Partial<World> = {}): World => {
  const { option = null, text = String(option ?? 'Hi'), question: meant = null } = words
  const said: Said = {
    commands: [
      {
        command: { kind: 'answer', question: meant, option, text },
        line: 1,
        raw: '/answer',
        refusal: null,
      },
    ],
    refused: [],
  }
  return world({ permission: 'write', said, genuine: 'same', now: later(NOW, 2 * MINUTE), ...over })
}

function say(task: Task, words: Words, over: Partial<World> = {}): Decision {
  const decided = decideTask({ task, live: null }, fact(words), heard(words, over))
  if (decided === null) throw new Error('nothing was decided')
  return decided
}

const refusal = ({ acts }: Decision): Because | null => {
  for (const { detail } of acts)
    if (detail.kind === 'comment' && detail.notice.kind === 'reply')
      for (const reply of detail.notice.replies) if (reply.kind === 'refused') return reply.because
  return null
}

describe('a question', () => {
  it('parks the task that it stopped, and keeps what is needed to go on', () => {
    const fact = ended({
      end: { kind: 'parked' },
      question: { text: 'Which greeting?', options: ['Hello', 'Good day'], recommended: 2 },
      session: 's-1',
    })
    const decided = decideTask(subjectIn('running'), fact, world({ policy: ready() }))
    expect(decided?.next).toMatchObject({
      state: { kind: 'parked', question: 'Q1' },
      question: { n: 1, text: 'Which greeting?', about: 'work', reminders: 0 },
      asked: 1,
      resume: { attempt: `${TASK}.1`, session: 's-1' },
    })
    expect(decided?.attempt).toMatchObject({ ended: { end: { kind: 'parked' } } })
  })

  it('is never called by the name of an earlier one', () => {
    const task = taskIn('running', { asked: 3 })
    const fact = ended({ end: { kind: 'needs' }, question: { ...question } })
    const decided = decideTask({ ...subjectIn('running'), task }, fact, world())
    expect(decided?.next.question?.n).toBe(4)
  })

  it('is reminded of after 4 and 24 hours, and then it is quiet', () => {
    let task = parked()
    const rang: (readonly [number, Instant | null])[] = []
    for (const hours of [4, 24]) {
      const now = later(NOW, hours * HOUR)
      const timer = { kind: 'timer', name: 'remind', question: 1, epoch: task.epoch } as const
      const decided = decideTask({ task, live: null }, timer, world({ now }))
      if (decided === null) throw new Error('nothing was decided')
      const told = actsIn(decided).filter((act) => act.includes('reminder')).length
      const next = decided.acts.find(({ detail }) => detail.kind === 'wake')
      rang.push([told, next?.notBefore ?? null])
      task = decided.next
    }
    expect(rang).toEqual([
      [1, later(NOW, 24 * HOUR)],
      [1, null],
    ])
  })

  it('is not reminded of before its time, and the timer is set for that', () => {
    const task = parked()
    const timer = { kind: 'timer', name: 'remind', question: 1, epoch: task.epoch } as const
    const decided = decideTask({ task, live: null }, timer, world({ now: later(NOW, HOUR) }))
    expect(actsIn(decided)).toEqual(['wake for remind'])
    expect(decided?.acts[0]?.notBefore).toBe(later(NOW, 4 * HOUR))
    expect(decided?.next.question?.reminders).toBe(0)
  })

  it.each([
    ['it was answered', taskIn('queued', { asked: 1 })],
    ['another one is open', taskIn('parked', { ...asked({ n: 2 }), asked: 2 })],
    ['the wish was taken back', taskIn('cancelled', { asked: 1 })],
  ])('is not reminded of once %s', (_why, task) => {
    const timer = { kind: 'timer', name: 'remind', question: 1, epoch: task.epoch } as const
    const decided = decideTask({ task, live: null }, timer, world())
    expect(decided?.acts).toEqual([])
    expect(decided?.ledger[0]?.event).toBe('timer.late')
  })
})

describe('an answer', () => {
  it('by a number is the option with that number, and the work goes on where it was', () => {
    const { next, ledger } = say(parked(), { option: 2 })
    expect(next).toMatchObject({ state: { kind: 'queued' }, question: null, asked: 1, resume })
    expect(next.answers).toEqual([
      { n: 1, question: 'Which greeting?', text: 'Good day', choice: 2, by: ben, at: NOW + MINUTE },
    ])
    expect(ledger[0]).toMatchObject({ event: 'question.answered', by: 'ben' })
  })

  it('in words is those words, also where there are options', () => {
    expect(say(parked(), { text: 'Hi\nthere' }).next.answers[0]).toMatchObject({
      text: 'Hi\nthere',
      choice: null,
    })
  })

  it('that is a number is words where there are no options', () => {
    const { next } = say(parked({ options: [] }), { option: 42, text: '42' })
    expect(next.answers[0]).toMatchObject({ text: '42', choice: null })
  })

  it('may name the question', () => {
    expect(say(parked(), { question: 1, option: 1 }).next.answers).toHaveLength(1)
  })

  it('that names the question is taken although our clock was ahead when it was asked', () => {
    const words = { question: 1, option: 1, at: later(NOW, -60 * MINUTE) }
    expect(say(parked(), words).next.answers).toHaveLength(1)
  })

  it('to a held task is taken, and what it would start waits', () => {
    const hold = { by: 'ana', reason: 'not yet', at: NOW }
    const { next } = say({ ...parked(), hold }, { option: 1 })
    expect(next).toMatchObject({ state: { kind: 'held' }, question: null })
  })

  const before: readonly (readonly [string, Task, Words, Because])[] = [
    [
      'chooses what is not offered',
      parked(),
      { option: 3 },
      { kind: 'no-such-option', question: 1, options: 2 },
    ],
    ['chooses zero', parked(), { option: 0 }, { kind: 'no-such-option', question: 1, options: 2 }],
    [
      'was written before the question',
      parked(),
      { option: 1, at: later(NOW, -MINUTE) },
      { kind: 'asked-later', question: 1 },
    ],
    [
      'names an earlier question',
      taskIn('parked', { ...asked({ n: 2 }), asked: 2 }),
      { question: 1, option: 1 },
      { kind: 'question-closed', question: 1, by: null, open: 2 },
    ],
    [
      'names one that nobody asked',
      parked(),
      { question: 9, option: 1 },
      { kind: 'no-such-question', open: 1 },
    ],
    ['finds no question', taskIn('in-review'), { option: 1 }, { kind: 'nothing-asked' }],
    [
      'comes second',
      say(parked(), { by: ana, option: 1 }).next,
      { option: 2 },
      { kind: 'question-closed', question: 1, by: 'ana', open: null },
    ],
  ]
  it.each(before)('that %s changes nothing, and is told so', (_how, task, words, because) => {
    const decided = say(task, words)
    expect(refusal(decided)).toEqual(because)
    const { changedAt: _, notices: __, ...after } = decided.next
    const { changedAt: ___, notices: ____, ...known } = task
    expect(after).toEqual(known)
  })

  it('that was edited since changes nothing', () => {
    const { next, acts } = say(parked(), { option: 1 }, { genuine: 'edited' })
    expect(next.question).not.toBeNull()
    expect(JSON.stringify(acts)).toContain('"edited"')
  })

  it.each<Permission | null>(['none', 'read', null])(
    'by somebody with %s changes nothing',
    (may) => {
      const words: Words = { option: 1 }
      const world = heard(words, { permission: may })
      const needs = 'write' as const
      const commands = (world.said?.commands ?? []).map((one) => ({
        ...one,
        refusal: { kind: 'no-permission', name: 'answer', needs } as const,
      }))
      const said = { commands, refused: [] }
      const decided = decideTask({ task: parked(), live: null }, fact(words), { ...world, said })
      expect(decided?.next.question).not.toBeNull()
    },
  )

  it('by a bot is nothing', () => {
    expect(
      decideTask({ task: parked(), live: null }, fact({ by: robot }), heard({ option: 1 })),
    ).toBeNull()
  })
})

describe('a plain reply', () => {
  const replied = (over: { readonly by?: Actor; readonly at?: Instant } = {}): TaskFact => ({
    kind: 'replied',
    spoken: {
      id: 9,
      on: 'issue',
      number: 7,
      text: 'The second.',
      at: over.at ?? later(NOW, MINUTE),
    },
    actor: over.by ?? ben,
    via: 'webhook',
  })
  const reply = (task: Task, permission: Permission | null = 'write', said = replied()) =>
    decideTask({ task, live: null }, said, world({ permission }))

  it('is told once how to answer', () => {
    const first = reply(parked())
    expect(actsIn(first)).toEqual(['comment how-to-answer Q1 to ben: Which greeting?'])
    expect(first?.next.state).toEqual(parked().state)
    expect(reply(first?.next ?? parked())).toBeNull()
  })

  it.each([
    ['no question is open', reply(taskIn('running'))],
    ['a stranger talks', reply(parked(), 'read')],
    ['a bot talks', reply(parked(), 'write', replied({ by: robot }))],
    [
      'it was said before the question',
      reply(parked(), 'write', replied({ at: later(NOW, -1_000) })),
    ],
  ])('is nothing where %s', (_when, decided) => {
    expect(decided).toBeNull()
  })
})

describe('of answers that arrive together', () => {
  /** A row, and a compare-and-set on its version: what the store promises of a commit. */
  const storeOf = (task: Task) => {
    let row = task
    const entries: string[] = []
    return {
      load: () => row,
      entries,
      commit(decided: Decision, expected: number): boolean {
        if (row.version !== expected) return false
        row = { ...decided.next, version: expected + 1 }
        entries.push(...decided.ledger.map(({ event }) => event))
        return true
      },
    }
  }

  it('exactly one counts, in whatever order they are decided and committed', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        fc.integer({ min: 2, max: 5 }),
        async (scheduler, people) => {
          const store = storeOf(parked())
          const step = scheduler.scheduleFunction(async () => {})
          const answering = Array.from({ length: people }, async (_, at) => {
            const by: Actor = { id: 100 + at, login: `p${at}`, kind: 'person' }
            const words = { by, id: 50 + at, option: 1 + (at % 2) }
            for (;;) {
              const task = store.load()
              await step()
              const decided = say(task, words)
              await step()
              if (store.commit(decided, task.version)) return
            }
          })
          await scheduler.waitFor(Promise.all(answering))
          const count = (event: string) => store.entries.filter((one) => one === event).length
          expect(count('question.answered')).toBe(1)
          expect(count('command.refused')).toBe(people - 1)
          expect(store.load()).toMatchObject({ state: { kind: 'queued' }, question: null })
          expect(store.load().answers).toHaveLength(1)
        },
      ),
      { numRuns: 1_000 },
    )
  })
})

it('what ended through nobody’s fault after an answer goes on from where it came to', () => {
  const task = taskIn('running', { asked: 1, resume })
  const fact = ended({ ...report(), end: { kind: 'failed', failure: 'rate' }, session: 'x' })
  const decided = decideTask({ ...subjectIn('running'), task }, fact, world())
  expect(decided?.next.resume).toEqual({
    attempt: `${TASK}.1`,
    base: report().base,
    head: report().head,
    session: 'x',
    profile: expect.any(String),
    failed: 'rate',
    told: 0.02,
  })
})
