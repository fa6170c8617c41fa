/** The issue in which the review queue stands, and the comment that reminds of it. Markdown. */
import type { Owed } from '../domain/review-queue.ts'
import { inline } from './inline.ts'
import { plainLine } from './plain.ts'
import { sayOwed } from './review-words.ts'

export const DIGEST_TITLE = 'Pull requests that wait for review'

/** More than anybody reads. */
const SHOWN = 50

export function digestBody(queue: readonly Owed[]): string {
  const end =
    'Yardmaster keeps this list, easiest first within each day. A review, `/reviewed` or the button on the check takes a line off it; closing this issue ends the list, and `digest: false` in `.github/yardmaster.yml` does too.'
  if (queue.length === 0) return `Nothing waits for review.\n\n${end}`
  const lines = queue.slice(0, SHOWN).map(lineOf)
  const more = queue.length - lines.length
  return [lines.join('\n'), ...(more > 0 ? [`… and ${more} more.`] : []), end].join('\n\n')
}

/** `owed`: for more than a day. Null: nobody needs to be told. */
export function nudge(owed: readonly Owed[]): string | null {
  const byPerson = Map.groupBy(owed, ({ login }) => login)
  const lines = [...byPerson].flatMap(([login, own]) =>
    login === null ? [] : [`- @${login}: ${own.map(({ pull }) => `#${pull.number}`).join(', ')}`],
  )
  return lines.length === 0 ? null : `These wait for more than a day:\n\n${lines.join('\n')}`
}

const lineOf = (owed: Owed, at: number): string =>
  `${at + 1}. #${owed.pull.number} ${inline(plainLine(owed.title, 100))}: ${owed.login === null ? 'nobody yet' : `@${owed.login}`}, ${inline(sayOwed(owed))}`
