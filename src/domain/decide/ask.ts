/**
 * A question to a person: the task parks and holds no slot until somebody who may answers. Agents ask through the end of
 * their attempt, Yardmaster itself where a cap is reached; what an answer means is the asker's to say (`answered.ts`).
 */
import type { ActDetail } from '../act.ts'
import type { TaskFact } from '../fact.ts'
import { later } from '../ids.ts'
import type { Instant } from '../ids.ts'
import { questionName } from '../question.ts'
import type { About, Asked, Question } from '../question.ts'
import { decision, noted } from './decision.ts'
import type { Change, Decision, Subject, World } from './decision.ts'

type Reminder = Extract<TaskFact, { kind: 'timer'; name: 'remind' }>

const HOUR = 3_600_000
/** A timer that rings this much before its time rings in time: clocks differ. Milliseconds; a judgement. */
const EARLY = 60_000

export interface Asking {
  readonly about: About
  /** What else changes with it, such as the report of the attempt that asked. */
  readonly next?: Change['next']
  readonly data?: Change['data']
}

/** An open question gives way: an answer to its name is no answer to this one. */
export const ask = (subject: Subject, world: World, asked: Asked, more: Asking): Decision =>
  decision(subject, world, asking(subject, world, asked, more))

export function asking({ task }: Subject, world: World, asked: Asked, more: Asking): Change {
  const question: Question = {
    ...asked,
    n: task.asked + 1,
    about: more.about,
    askedAt: world.now,
    reminders: 0,
    hinted: false,
  }
  const name = questionName(question)
  const login = task.wish?.by.login
  const notice = login === undefined ? null : ({ kind: 'question', login, question } as const)
  return {
    event: 'question.asked',
    why: `${name}: ${firstLine(asked.text)}`,
    data: { ...more.data, question: question.n, about: more.about, options: asked.options },
    next: {
      ...more.next,
      state: { kind: 'parked', question: name },
      question,
      asked: question.n,
    },
    acts: [
      ...(notice === null ? [] : [{ kind: 'comment', notice, on: null } as const]),
      ...reminderAfter(question, world),
    ],
  }
}

/** The next reminder, if the settings want one more. */
function reminderAfter(question: Question, world: World): readonly ActDetail[] {
  const at = dueOf(question, world)
  return at === null ? [] : [{ kind: 'wake', timer: 'remind', question: question.n, at }]
}

function dueOf({ askedAt, reminders }: Question, world: World): Instant | null {
  const hours = remindHours(world)[reminders]
  return hours === undefined ? null : later(askedAt, hours * HOUR)
}

/** While the settings cannot be read nobody is called twice. */
const remindHours = ({ policy }: World): readonly number[] =>
  policy.kind === 'ready' ? policy.settings.remindHours : []

export function decideReminder(subject: Subject, fact: Reminder, world: World): Decision {
  const { task } = subject
  const { question } = task
  const login = task.wish?.by.login
  if (
    question?.n !== fact.question ||
    task.state.kind !== 'parked' ||
    fact.epoch !== task.epoch ||
    login === undefined
  )
    return noted(subject, world, {
      event: 'timer.late',
      why: `the reminder of Q${fact.question} rang after it was settled; it changes nothing`,
    })
  const due = dueOf(question, world)
  if (due === null || due > later(world.now, EARLY))
    return noted(subject, world, {
      event: 'timer.early',
      why: `${questionName(question)} is not yet due for a reminder`,
      acts: reminderAfter(question, world),
    })
  const reminded: Question = { ...question, reminders: question.reminders + 1 }
  return decision(subject, world, {
    event: 'question.reminded',
    why: `@${login} is reminded of ${questionName(question)}`,
    next: { question: reminded },
    acts: [
      { kind: 'comment', notice: { kind: 'reminder', login, question: reminded }, on: null },
      ...reminderAfter(reminded, world),
    ],
    surfaces: [],
  })
}

/** As the ledger tells it: one line, not the whole of a long question. */
function firstLine(text: string): string {
  const [line = ''] = text.trim().split('\n', 1)
  return line.length <= 200 ? line : `${line.slice(0, 199).toWellFormed()}…`
}
