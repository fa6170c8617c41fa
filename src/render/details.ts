/** Long output of commands, folded away in a fence that its content cannot close. */
import { withoutClosing } from './closing.ts'
import { stripInvisible } from '../domain/invisible.ts'

/** `summary` is Markdown of ours on one line. At most `limit` characters of the output are shown, its end rather than its beginning. */
export function folded(summary: string, output: string, limit = 8_000): string {
  return `<details><summary>${summary}</summary>\n\n${fenced(output, limit)}\n\n</details>`
}

/** A block that shows text letter by letter, and from which no bot reads a command. */
export function fenced(output: string, limit = 8_000, language = ''): string {
  const text = withoutClosing(stripInvisible(output)).replace(/^\//gm, ' /').trimEnd()
  const shown =
    text.length > limit ? `…${text.slice(text.length - limit + 1).toWellFormed()}` : text
  const longest = Math.max(2, ...(shown.match(/`+/g) ?? []).map((run) => run.length))
  const fence = '`'.repeat(longest + 1)
  return `${fence}${language}\n${shown === '' ? '(no output)' : shown}\n${fence}`
}
