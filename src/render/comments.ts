/** The few comments that are worth a person's attention. Everything else is said in the status comment. */
import type { Notice, PlainNotice } from '../domain/notice.ts'
import type { CommandBook } from './command-words.ts'
import { code } from './inline.ts'
import { howToAnswerComment, questionComment, reminderComment } from './question.ts'
import { revisionFailed } from './revision.ts'
import { withheldComment } from './withheld.ts'
import { sanitise } from './sanitise.ts'

/** Markdown. A person is mentioned only where their next step is wanted. */
export function noticeComment(notice: PlainNotice, style: CommandBook['commands']): string {
  switch (notice.kind) {
    case 'refused':
      return refused(notice)
    case 'two-profiles':
      return [
        `This issue wears ${notice.labels.length} labels that start work: ${notice.labels.map(code).join(', ')}. Each of them names another way to do it, so nothing was started.`,
        'Keep one of them: take all of them off, then set the one that you want.',
      ].join('\n\n')
    case 'unknown-profile':
      return unknownProfile(notice)
    case 'question':
      return questionComment(notice.login, notice.question, style)
    case 'reminder':
      return reminderComment(notice.login, notice.question, style)
    case 'how-to-answer':
      return howToAnswerComment(notice.login, notice.question, style)
    case 'failed':
      return [
        `@${notice.login}, this task has failed, and I stop here.`,
        sanitise(notice.reason, 2_000),
        'The status comment above shows every attempt with its output. When the cause is gone, take the label off and set it again, and I start afresh.',
      ].join('\n\n')
    case 'breaker':
      return breaker(notice)
    case 'withheld':
      return withheldComment(notice)
    case 'failed-alike':
      return alike(notice)
    case 'revision-failed':
      return revisionFailed(notice)
    default:
      return notice satisfies never
  }
}

function breaker({ login, held }: Extract<Notice, { kind: 'breaker' }>): string {
  const many =
    'I have written more than five comments here within ten minutes; perhaps I am answering another program. I answer nothing more here for a while.'
  if (!held) return many
  return `${login === null ? 'Note' : `@${login}`}: ${many}\n\nUntil somebody says \`/unhold\`, nothing new starts on this issue.`
}

function refused({ login, why }: Extract<Notice, { kind: 'refused' }>): string {
  const rule = 'I start work only when a person with write access to this repository sets the label'
  const help = 'Anyone with write access can take the label off and set it again.'
  switch (why) {
    case 'reader':
      return `Thank you for the nudge, ${named(login)}. ${rule}, so nothing was started. ${help}`
    case 'bot':
      return `The label was set by the bot ${named(login)}. ${rule}, so nothing was started. ${help}`
    case 'unknown-actor':
      return `Nobody can tell me who set the label. ${rule}, so nothing was started. ${help}`
    default:
      return why satisfies never
  }
}

function unknownProfile({ name, known, trigger }: Extract<Notice, { kind: 'unknown-profile' }>) {
  const labels = known.map((profile) => code(`${trigger}:${profile}`)).join(', ')
  const wanted = name === '' ? 'The label names no profile' : `There is no profile ${code(name)}`
  return [
    `${wanted}, so nothing was started.`,
    `Labels that I know: ${code(trigger)} for the default${labels === '' ? '' : `, or ${labels}`}. Take this one off and set one of those.`,
  ].join('\n\n')
}

function alike({ login, issues, error, line }: Extract<Notice, { kind: 'failed-alike' }>): string {
  const numbers = issues.toSorted((a, b) => a - b).map((issue) => `#${issue}`)
  return [
    `${login === null ? '' : `@${login}, `}${issues.length} tasks failed alike (${numbers.join(', ')}), so I have paused this repository: what fails them is hardly theirs.`,
    sanitise(error, 500),
    ...(line === null ? [] : [code(line)]),
    'Nothing new starts here until somebody with write access says `/resume` in a comment. Mend the cause first: each status comment shows the whole output.',
  ].join('\n\n')
}

/** Without the @: nothing is wanted of them, so they are not called. */
const named = (login: string | null): string => (login === null ? 'you' : code(login))
