/** The answer to `/help`: what may be said here, and how. */
import type { CommandManual, CommandPlace } from '../domain/command.ts'
import { say } from './command-words.ts'
import type { CommandBook } from './command-words.ts'
import { code } from './inline.ts'

/** Markdown. `slug` is the App's name in mentions. */
export function commandHelp(
  book: CommandBook & { readonly place: CommandPlace; readonly slug: string },
): string {
  const here = book.manuals.filter(({ place }) => place === 'either' || place === book.place)
  const prefixes = [code('/yard …'), code(`@${book.slug} …`)].join(' or ')
  const bare =
    book.commands === 'bare'
      ? `Where another bot answers to the same words, write ${prefixes}.`
      : `Here commands begin with ${prefixes}, because another bot owns the bare form.`
  return [
    `What I understand in a new comment on ${book.place === 'pull' ? 'this pull request' : 'this issue'}:`,
    ['| Command | What it does |', '| --- | --- |', ...here.map((one) => row(one, book))].join(
      '\n',
    ),
    `Each command begins a line of its own, at most five in a comment; edited comments, quotes and code are not read. ${bare} ${who(here, book)}`,
  ].join('\n\n')
}

const row = ({ syntax, summary, also }: CommandManual, book: CommandBook): string =>
  `| ${say(syntax, book)} | ${summary}${also.length === 0 ? '' : ` Also ${also.map((one) => say(one, book)).join(', ')}.`} |`

function who(here: readonly CommandManual[], book: CommandBook): string {
  const light = here.filter(({ permission }) => permission === 'triage')
  return `Who may write to this repository may say all of them; with triage access, ${light.map(({ name }) => say(name, book)).join(' and ')}.`
}
