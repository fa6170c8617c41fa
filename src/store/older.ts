/** Documents of earlier releases, brought to today's form as they are read. Nothing is rewritten for it. */
import type { AttemptReport } from '../domain/attempt.ts'
import type { Fact } from '../domain/fact.ts'
import { askedInWords } from '../domain/question.ts'
import { UNSTEERED } from '../domain/task.ts'
import type { Task } from '../domain/task.ts'

/** Before 0.3 an agent's question was words alone, and its session was not kept. */
export function olderReport<Report extends AttemptReport | null>(read: Report): Report {
  if (read === null) return read
  const question: unknown = read.question
  return {
    ...read,
    session: read.session ?? null,
    question: typeof question === 'string' ? askedInWords(question) : read.question,
  }
}

export const olderTask = (read: Task): Task => ({
  ...UNSTEERED,
  ...read,
  report: olderReport(read.report),
})

export const olderFact = (read: Fact): Fact =>
  read.kind === 'attempt-ended' ? { ...read, report: olderReport(read.report) } : read
