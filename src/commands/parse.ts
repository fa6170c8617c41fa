/**
 * A comment's text into commands. Nothing is a command that its reader does not see as a line of its own, letter by
 * letter; one bad line does not sink the others; raw HTML anywhere sinks them all.
 */
import type {
  CommandError,
  CommandPlace,
  CommandReading,
  ParsedCommand,
} from '../domain/command.ts'
import { stripInvisible } from '../domain/invisible.ts'
import { isProblem, located } from './arguments.ts'
import { findLines } from './find-lines.ts'
import type { FoundLine } from './find-lines.ts'
import { refusal, screen, withLineEnds } from './screen.ts'
import type { Speech } from './spellings.ts'
import type { CommandRow } from './table.ts'
import { readPage } from './where-shown.ts'
import type { Page } from './where-shown.ts'

/** In one comment. */
export const MOST = 5

export interface Listening extends Speech {
  /** A review stands on its pull request. */
  readonly place: CommandPlace
}

/** What a reader sees of a piece of Markdown; `visibleText` of `render`. */
export type Visible = (markdown: string) => string

/** Null: nothing in it is meant for Yardmaster. */
export function parse(body: string, listening: Listening, visible: Visible): CommandReading | null {
  const screened = screen(body, listening)
  if (screened.kind !== 'read') return screened.kind === 'refused' ? screened.reading : null
  const text = withLineEnds(body)
  const page = readPage(text)
  const lines = findLines(text, listening).filter((one) => concerns(page, one))
  const [first] = lines
  if (first === undefined) return null
  if (page.hasHtml) return refusal({ kind: 'html', line: first.at + 1 })

  const commands: ParsedCommand[] = []
  const refused: CommandError[] = []
  const rows = text.split('\n')
  for (const [index, one] of lines.entries()) {
    if (index === MOST) {
      refused.push({ kind: 'too-many', limit: MOST, line: one.at + 1 })
      break
    }
    const below = rows.slice(one.at + 1, lines[index + 1]?.at).join('\n')
    const read = readOne(one, { page, below, listening, visible })
    if ('command' in read) commands.push(read)
    else refused.push(read)
  }
  return { commands, refused }
}

/** Stands where a command may stand, or where HTML makes it doubtful. */
function concerns(page: Page, { at, meaning }: FoundLine): boolean {
  const { kind } = page.shown(at)
  return kind === 'plain' || (kind !== 'elsewhere' && meaning.kind === 'known')
}

interface Around {
  readonly page: Page
  /** The lines from here to the next command. */
  readonly below: string
  readonly listening: Listening
  readonly visible: Visible
}

function readOne(one: FoundLine, around: Around): ParsedCommand | CommandError {
  const line = one.at + 1
  if (one.meaning.kind === 'unknown') return { ...one.meaning, line }
  const { row } = one.meaning
  const { name, place, argument } = row
  if (stripInvisible(one.line) !== one.line) return { kind: 'invisible', name, line }
  if (!inLetters(one, row, around.page)) return { kind: 'markup', name, line }
  if (place !== 'either' && place !== around.listening.place)
    return { kind: 'wrong-place', name, belongs: place, line }
  const read = argument.read(given(one, row, around))
  if (isProblem(read)) return located(read, name, line)
  return { command: read, line, raw: one.line.trim() }
}

/** What is not free text must be seen letter by letter as it is written. */
function inLetters({ at, line, head }: FoundLine, { argument }: CommandRow, page: Page): boolean {
  const shown = page.shown(at)
  if (shown.kind !== 'plain') return false
  return argument.reach === 'word'
    ? shown.text.trimEnd() === line.trimEnd()
    : shown.text.startsWith(head)
}

function given(one: FoundLine, { argument }: CommandRow, { below, visible }: Around): string {
  if (argument.reach === 'word') return one.given
  // With its head, so that it means the same as where it stands.
  const seen = visible(argument.reach === 'line' ? one.line : `${one.line}\n${below}`)
  return seen.startsWith(one.head) ? seen.slice(one.head.length).trim() : ''
}
