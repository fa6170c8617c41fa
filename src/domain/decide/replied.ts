/**
 * Words of a person that hold no command. They mean something only while a question is open: then somebody who may
 * answer it probably just did, and is told once how. Strangers' talk is no business of ours.
 */
import { mayWrite } from '../actor.ts'
import type { TaskFact } from '../fact.ts'
import { isBefore, questionName } from '../question.ts'
import type { Question } from '../question.ts'
import { decision } from './decision.ts'
import type { Decision, Subject, World } from './decision.ts'

type Replied = Extract<TaskFact, { kind: 'replied' }>

/** Whose words they are matters only now; null: they are nothing to us. */
export function openFor(
  { task }: Subject,
  { actor, spoken }: Omit<Replied, 'kind'>,
): Question | null {
  const { question } = task
  if (question === null || question.hinted || task.state.kind !== 'parked') return null
  if (actor === null || actor.kind === 'bot' || isBefore(spoken.at, question)) return null
  return question
}

export function decideReplied(subject: Subject, fact: Replied, world: World): Decision | null {
  const question = openFor(subject, fact)
  if (question === null || fact.actor === null) return null
  if (world.permission === null || !mayWrite(world.permission)) return null
  const { login } = fact.actor
  const { spoken } = fact
  return decision(subject, world, {
    event: 'question.hinted',
    why: `@${login} replied in plain words while ${questionName(question)} is open, and is told how to answer`,
    by: login,
    data: { comment: spoken.id },
    next: { question: { ...question, hinted: true } },
    surfaces: [],
    acts: [
      {
        kind: 'comment',
        notice: { kind: 'how-to-answer', login, question },
        on: spoken.on === 'issue' ? null : spoken.number,
      },
    ],
  })
}
