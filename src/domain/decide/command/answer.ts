/**
 * `/answer`: the first one by somebody who may counts, and it is taken exactly once, because the task is committed only
 * as it was when the question was open. What it leads to is the asker's (`answered.ts`).
 */
import { isBefore, questionName } from '../../question.ts'
import type { Answer } from '../../question.ts'
import { answered } from '../answered.ts'
import type { Subject, World } from '../decision.ts'
import { refused, saying } from './outcome.ts'
import type { Order, Outcome } from './outcome.ts'

export function answer(subject: Subject, order: Order<'answer'>, world: World): Outcome {
  const { task } = subject
  const { command, by, word } = order
  if (task.wish === null) return refused({ kind: 'nothing-here' })
  const { question } = task
  const meant = command.question
  if (question === null || (meant !== null && meant !== question.n))
    return refused(closed(subject, meant))
  // A name is given once and can only be read, so that it says more than two clocks do, of which ours may be hours ahead.
  if (meant === null && isBefore(word.at, question))
    return refused({ kind: 'asked-later', question: question.n })
  const options = question.options.length
  const { option } = command
  // Words about money mean too little: a "no" must not be taken for a yes.
  if (question.about === 'budget' && (option === null || option < 1 || option > options))
    return refused({ kind: 'only-options', question: question.n, options })
  // Without options a number is an answer in words like any other.
  if (options > 0 && option !== null && (option < 1 || option > options))
    return refused({ kind: 'no-such-option', question: question.n, options })
  const choice = options === 0 ? null : option
  const given: Answer = {
    n: question.n,
    question: question.text,
    text: choice === null ? command.text : (question.options[choice - 1] ?? command.text),
    choice,
    by,
    at: word.at,
  }
  return {
    event: 'question.answered',
    why: `${saying(order)}: ${questionName(question)} is answered`,
    by: by.login,
    data: { question: question.n, choice, text: given.text },
    ...answered(subject, { question, answer: given }, world),
  }
}

function closed({ task }: Subject, meant: number | null) {
  const answers = task.answers
  const last = meant === null ? answers.at(-1) : answers.findLast(({ n }) => n === meant)
  const n = last?.n ?? meant
  if (task.question !== null && (meant ?? 0) > task.question.n)
    return { kind: 'no-such-question', open: task.question.n } as const
  if (n === null || n > task.asked) return { kind: 'nothing-asked' } as const
  return {
    kind: 'question-closed',
    question: n,
    by: last?.by.login ?? null,
    open: task.question?.n ?? null,
  } as const
}
