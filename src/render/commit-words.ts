/** Titles and commit messages: plain text in which a stranger's words mention nobody, command nobody and close nothing. */
import type { Actor } from '../domain/actor.ts'
import type { Task, Wish } from '../domain/task.ts'
import { withoutClosing } from './closing.ts'
import { code } from './inline.ts'
import { visibleTitle } from './visible.ts'
import { cut } from './plain.ts'

/** GitHub cuts commit subjects at 72 characters. */
const SUBJECT = 72

/** An issue's title as one line of plain text; GitHub shows backticks in titles as code, and reads no mention there. */
export function plainTitle(task: Pick<Task, 'title' | 'number'>, limit = 200): string {
  const line = cut(visibleTitle(task.title.normalize('NFC')), limit)
  const quiet = withoutClosing(line)
    .replace(/`[^`]*`|@[A-Za-z0-9][\w./-]*/g, (found) =>
      found.startsWith('@') ? code(found) : found,
    )
    .replace(/^\//, '-/')
  return quiet === '' ? `Issue ${task.number}` : quiet
}

/** The whole message: subject, issue, and the requester as co-author, so that required-approval rules count them (T35). */
export function commitMessage(task: Pick<Task, 'title' | 'number' | 'wish'>): string {
  const trailer = task.wish === null ? [] : ['', coAuthor(task.wish)]
  return [plainTitle(task, SUBJECT), '', `Refs #${task.number}`, ...trailer].join('\n')
}

const coAuthor = ({ by }: Wish): string => `Co-authored-by: ${by.login} <${noReply(by)}>`

/** The address under which GitHub knows a person without telling it. */
const noReply = ({ id, login }: Actor): string => `${id}+${login}@users.noreply.github.com`
