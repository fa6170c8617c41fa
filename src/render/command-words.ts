/** What is said about commands that were not carried out: one comment at most for one comment, with what to write instead. */
import type {
  CommandError,
  CommandManual,
  CommandName,
  CommandReading,
  CommandRefusal,
} from '../domain/command.ts'
import { withoutClosing } from './closing.ts'
import { code } from './inline.ts'
import { cut, plainLine } from './plain.ts'

/** How commands are shown to the reader. */
export interface CommandBook {
  readonly manuals: readonly CommandManual[]
  /** `prefixed`: shown as `/yard retry`. */
  readonly commands: 'bare' | 'prefixed'
}

/** Markdown; null when nothing was refused. */
export function refusedCommands(reading: CommandReading, book: CommandBook): string | null {
  const { commands, refused } = reading
  const [only] = refused
  if (only === undefined) return null
  const more = `${say('help', book)} lists what I understand.`
  if (commands.length + refused.length === 1) return `${words(only, book)} ${more}`
  const lines = refused.map((one) => `- Line ${one.line}: ${words(one, book)}`)
  return ['Of your comment I left this undone:', lines.join('\n'), more].join('\n\n')
}

/** Markdown. */
export function forbiddenCommand(
  refusal: CommandRefusal,
  login: string,
  book: CommandBook,
): string {
  const command = say(refusal.name, book)
  switch (refusal.kind) {
    case 'no-permission':
      return `Thank you, ${code(login)}. I take ${command} only from people with ${refusal.needs} access to this repository, so nothing was done.`
    case 'own-request':
      return `Thank you, ${code(login)}. You asked for this work, and here somebody else with write access must say ${command}. Nothing was done.`
    default:
      return refusal satisfies never
  }
}

function words(error: CommandError, book: CommandBook): string {
  switch (error.kind) {
    case 'unknown':
      return unknown(error, book)
    case 'missing':
      return `${say(error.name, book)} needs ${code(error.argument)}: ${example(error.name, book)}.`
    case 'bad-sha':
      return `${quoted(error.given)} is no whole commit id. ${say(error.name, book)} wants all 40 digits, because two commits with the same first digits are easily made; the comment that asks has the line to copy.`
    case 'bad-choice':
      return `${say(error.name, book)} does not know ${quoted(error.given)}; after it comes ${choices(error.accepted)}.`
    case 'surplus':
      return `${say(error.name, book)} stands alone on its line, but ${quoted(error.given)} follows it.`
    case 'wrong-place':
      return `${say(error.name, book)} belongs on ${error.belongs === 'pull' ? 'a pull request' : 'the issue'}.`
    case 'too-many':
      return `A comment holds at most ${error.limit} commands; from this one on I read none.`
    case 'too-long':
      return `A comment with commands holds at most ${error.limit / 1024} KiB, and this one is longer, so nothing was done. Please put the command into a comment of its own.`
    case 'html':
      return 'There is raw HTML in this comment (a pasted picture may count), so what you see may not be what stands there, and nothing was done. Please write the command again without it.'
    case 'invisible':
      return `There are invisible characters around ${say(error.name, book)}. Please type the line anew.`
    case 'markup':
      return `I take ${say(error.name, book)} only as plain text, without emphasis, links or formulas.`
    case 'unreadable':
      return 'I could not read this comment in time, so nothing was done. Please put the command into a comment of its own.'
    default:
      return error satisfies never
  }
}

function unknown(error: Extract<CommandError, { kind: 'unknown' }>, book: CommandBook): string {
  const { typed, meant } = error
  if (typed === '') return `Please name a command, such as ${say('status', book)}.`
  const first = `I do not know ${quoted(typed)}.`
  return meant === null ? first : `${first} Did you mean ${code(`${prefix(book)}${meant}`)}?`
}

function example(name: CommandName, book: CommandBook): string {
  const [line] = book.manuals.find((one) => one.name === name)?.examples[0] ?? [name]
  return `for example ${code(`${prefix(book)}${line}`)}`
}

const choices = (accepted: readonly string[]): string =>
  accepted.length === 1
    ? `${accepted.map(code).join('')} or nothing`
    : `one of ${accepted.map(code).join(', ')}`

const prefix = ({ commands }: Pick<CommandBook, 'commands'>): string =>
  commands === 'bare' ? '/' : '/yard '

export const say = (words: string, book: Pick<CommandBook, 'commands'>): string =>
  code(`${prefix(book)}${words}`)

const quoted = (typed: string): string => code(withoutClosing(cut(plainLine(typed), 60)))
