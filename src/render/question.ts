/** A question as people read it: in a comment of its own, which calls the one who asked for the work, and in the status comment. */
import { questionName } from '../domain/question.ts'
import type { Answer, Question } from '../domain/question.ts'
import type { CommandBook } from './command-words.ts'
import { code } from './inline.ts'
import { sanitise, sanitiseLine } from './sanitise.ts'

const TEXT = 4_000
const OPTION = 300

export const questionComment = (
  login: string,
  question: Question,
  style: CommandBook['commands'],
): string =>
  [
    `@${login}, one decision is yours; other work goes on.`,
    `**${questionName(question)}**`,
    ...body(question),
    howToAnswer(question, style),
  ].join('\n\n')

/** `question.reminders` counts this one. */
export const reminderComment = (
  login: string,
  question: Question,
  style: CommandBook['commands'],
): string =>
  [
    `@${login}, ${questionName(question)} still waits for you; nothing happens here until somebody with write access answers it.`,
    quoted(question),
    howToAnswer(question, style),
  ].join('\n\n')

export const howToAnswerComment = (
  login: string,
  question: Question,
  style: CommandBook['commands'],
): string =>
  [
    `Thank you, ${code(login)}. I read only commands, so that nobody is obeyed by accident: ${questionName(question)} is still open.`,
    howToAnswer(question, style),
  ].join('\n\n')

/** For the status comment. */
export const openQuestion = (question: Question, style: CommandBook['commands']): string =>
  [`**${questionName(question)}**`, ...body(question), howToAnswer(question, style)].join('\n\n')

/** What was decided, one line each, for whoever reviews the work. */
export const answersGiven = (answers: readonly Answer[]): readonly string[] =>
  answers.map(
    (answer) =>
      `- ${questionName(answer)}: ${sanitiseLine(answer.question, 200)} ${code(answer.by.login)} answered: ${sanitiseLine(answer.text, OPTION)}`,
  )

function body({ text, options, recommended }: Question): readonly string[] {
  const list = options.map((option, at) => {
    const mark = at + 1 === recommended ? ' **(recommended)**' : ''
    return `${at + 1}. ${sanitiseLine(option, OPTION)}${mark}`
  })
  return [sanitise(text, TEXT), ...(list.length === 0 ? [] : [list.join('\n')])]
}

const quoted = ({ text }: Question): string =>
  sanitise(text, 600)
    .split('\n')
    .map((line) => `> ${line}`)
    .join('\n')

/** One command for each option, as somebody would type it. */
export function howToAnswer(
  { options, recommended, about }: Question,
  style: CommandBook['commands'],
): string {
  const slash = style === 'prefixed' ? '/yard answer' : '/answer'
  if (options.length === 0)
    return `Reply \`${slash}\` followed by your words; several lines are fine. The first answer by somebody with write access counts.`
  const each = options.map((_, at) => {
    const mark = at + 1 === recommended ? ' (recommended)' : ''
    return `\`${slash} ${at + 1}\`${mark}`
  })
  if (about === 'budget')
    return `Reply ${listed(each)}. The first answer by somebody with write access counts.`
  return `Reply ${listed(each)}, or \`${slash}\` followed by your own words. The first answer by somebody with write access counts.`
}

const listed = (parts: readonly string[]): string =>
  parts.length === 1
    ? (parts[0] ?? '')
    : `${parts.slice(0, -1).join(', ')} or ${parts.at(-1) ?? ''}`
