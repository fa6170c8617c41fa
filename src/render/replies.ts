/** What is said in return for a comment with commands: one comment, short, with what to do next. */
import type { CommandName } from '../domain/command.ts'
import type { Notice } from '../domain/notice.ts'
import type { Because, Reply } from '../domain/reply.ts'
import type { StateKind } from '../domain/task.ts'
import { commandHelp } from './command-help.ts'
import { forbiddenCommand, refusedCommands, say } from './command-words.ts'
import type { CommandBook } from './command-words.ts'
import { code } from './inline.ts'
import { sanitise } from './sanitise.ts'
import type { StateWords } from './state-words.ts'

export interface ReplyView {
  readonly book: CommandBook
  /** The App's. */
  readonly slug: string
  /** The label that starts work. */
  readonly trigger: string
  /** Where the task stands; null: nobody asked for work there. */
  readonly state: StateWords | null
  /** What it has spent, of which budget, in words; null: nothing of it was begun. */
  readonly spent: string | null
}

type ReplyNotice = Extract<Notice, { kind: 'reply' }>

/** Markdown. */
export function replyComment({ to, login, replies }: ReplyNotice, view: ReplyView): string {
  return replies.map((one) => words(one, { login, on: to.on }, view)).join('\n\n')
}

interface Spoke {
  readonly login: string
  readonly on: ReplyNotice['to']['on']
}

function words(reply: Reply, { login, on }: Spoke, view: ReplyView): string {
  switch (reply.kind) {
    case 'misread':
      return refusedCommands(reply.reading, view.book) ?? ''
    case 'help':
      return commandHelp({
        ...view.book,
        place: on === 'issue' ? 'issue' : 'pull',
        slug: view.slug,
      })
    case 'status':
      return status(view)
    case 'forbidden':
      return forbiddenCommand(reply.refusal, login, view.book)
    case 'edited':
      return 'That comment was edited before I came to it, so I did nothing of what it says. Please write a new comment.'
    case 'refused':
      return refusal(reply.name, reply.because, view)
    default:
      return reply satisfies never
  }
}

function status({ state, spent, book, trigger }: ReplyView): string {
  if (state === null)
    return `Nobody has asked for work here. Set the label ${code(trigger)}, or say ${say('run', book)}.`
  const why = state.why === null ? '' : `\n\n${sanitise(state.why, 3_000)}`
  const cost = spent === null ? '' : `\n\nIt has spent ${sanitise(spent, 300)}.`
  return `**${state.headline}**${why}${cost}\n\nThe status comment on the issue tells the rest.`
}

function refusal(name: CommandName, because: Because, view: ReplyView): string {
  const { book, trigger } = view
  const it = say(name, book)
  switch (because.kind) {
    case 'nothing-here':
      return `${it} finds nothing to act on: nobody has asked for work here. Set the label ${code(trigger)}, or say ${say('run', book)} on the issue.`
    case 'ended':
      return `${it} comes too late: this task ${ENDED[because.state] ?? 'is over'}. ${say('retry', book)} tries it once more.`
    case 'live':
      return `${it} changes nothing: work on this task is under way (${LIVE[because.state] ?? because.state}). ${say('cancel', book)} stops it.`
    case 'held':
      return `${it} waits for ${say('unhold', book)}: ${code(because.by)} holds this task.`
    case 'not-held':
      return `${it} changes nothing: this task is not held.`
    case 'issue-closed':
      return `The issue is closed, and a closed issue starts nothing. Reopen it, then say ${it} again.`
    case 'issue-gone':
      return `The issue of this task is not here any more, so ${it} starts nothing.`
    case 'text-edited':
      return `The issue was edited since it was approved, and nobody has approved what it says now. Please read it, then say ${say('run', book)}: that approves the text as it stands then.`
    case 'two-profiles':
      return `This issue wears ${because.labels.length} labels that start work: ${because.labels.map(code).join(', ')}. Each names another way to do it; keep one of them, then say ${it} again.`
    case 'unknown-profile':
      return `There is no profile ${code(because.name)}. I know ${because.known.map(code).join(', ')}; change the label, then say ${it} again.`
    case 'not-paused':
      return `${it} changes nothing: this repository is not paused.`
    case 'nothing-asked':
      return `${it} answers nothing: no question is open here.`
    case 'question-closed':
      return `${it} comes too late: Q${because.question} ${because.by === null ? 'is closed' : `was answered by ${code(because.by)}`}, and the first answer counts.${because.open === null ? '' : ` Open is Q${because.open}.`}`
    case 'no-such-question':
      return `${it} names a question that was never asked. Open is Q${because.open}.`
    case 'asked-later':
      return `${it} was written before Q${because.question} was asked, so it cannot mean that. Please answer it anew.`
    case 'no-such-option':
      return `${it} chooses an option that Q${because.question} does not have: ${because.options === 1 ? 'it has one' : `they go from 1 to ${because.options}`}. Words of your own are welcome too.`
    case 'only-options':
      return `${it} must choose one of the options of Q${because.question}, from 1 to ${because.options}: it is about money, and words could be read either way.`
    case 'nothing-to-approve':
      return `${it} finds nothing that waits for approval here.`
    case 'other-commit':
      return `${it} names ${code(because.named)}, and what waits is ${code(because.waits)}. Nothing was pushed. Please look at that commit first; the gate’s own comment shows it.`
    case 'seen-since':
      return `${it} was said before it was seen that something in this commit looks like ${because.name}, so it cannot mean that. Nothing was pushed. Please look at that, then say it again.`
    case 'holds-secret':
      return `${it} pushes nothing: what waits holds ${because.name}, and no word lets that out. ${say('revise', book)} sends the work back to be done without it, ${say('reject', book)} ends it.`
    case 'no-pull':
      return `${it} needs an open pull request of mine, and there is none.`
    case 'pushed-since':
      return `${it} does not count for ${code(because.head)}, which was pushed since. Please look at that, then say it again.`
    default:
      return because satisfies never
  }
}

const ENDED: Partial<Readonly<Record<StateKind, string>>> = {
  done: 'is done',
  failed: 'has failed',
  cancelled: 'was withdrawn',
}

const LIVE: Partial<Readonly<Record<StateKind, string>>> = {
  blocked: 'it waits for other work',
  queued: 'it waits for its turn',
  retrying: 'it is tried again soon',
  running: 'an agent works on it',
  publishing: 'it is being published',
  parked: 'a question is open',
  gated: 'it waits for approval',
  'in-review': 'its pull request waits for review',
}
