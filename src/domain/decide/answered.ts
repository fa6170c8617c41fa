/** What an answer leads to. Each asker has its line here; the options of a question mean what its asker says they mean. */
import type { About, Answer, Question } from '../question.ts'
import type { Change, Subject, World } from './decision.ts'

/** The answer is recorded and the question closed whatever else the asker makes of it. */
export type OnAnswer = (subject: Subject, answer: Answer, world: World) => Partial<Change>

/** The work goes on, and the agent is told the answer. */
const goOn: OnAnswer = ({ task }) => ({
  next: task.state.kind === 'parked' ? { state: { kind: 'queued' } } : {},
})

const ON_ANSWER: Readonly<Record<About, OnAnswer>> = {
  work: goOn,
  revisions: goOn,
  checks: goOn,
}

/** Answers that are kept for later attempts; a task that asked more often has forgotten its first ones. A judgement. */
const KEPT = 20

export function answered(
  subject: Subject,
  { question, answer }: { readonly question: Question; readonly answer: Answer },
  world: World,
): Partial<Change> {
  const change = ON_ANSWER[question.about](subject, answer, world)
  const answers = [...subject.task.answers, answer].slice(-KEPT)
  return { ...change, next: { ...change.next, question: null, answers } }
}
