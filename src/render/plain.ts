/** Text of agents, commands and strangers for terminals and logs: nothing in it moves a cursor, hides, or starts a CI annotation. */
import { stripInvisible } from '../domain/invisible.ts'

/** `::error::` and `##[group]` at the start of a line are commands to a CI runner that shows our log. */
const ANNOTATION = /^([ \t]*)(?=::|##\[)/gm

/** Several lines; keeps newlines and tabs. `limit` in characters. */
export function plain(text: string, limit = 16_384): string {
  return cut(stripInvisible(text).replace(ANNOTATION, '$1| '), limit)
}

/** One line, however many the text had. */
export function plainLine(text: string, limit = 200): string {
  // A title or sentence is short; what lies beyond need not be looked at to be cut off.
  const near = text.slice(0, limit * 4)
  return cut(plain(near).replace(/\s+/g, ' ').trim(), limit)
}

/** Cuts between characters and says so. */
export function cut(text: string, limit: number): string {
  return text.length <= limit ? text : `${text.slice(0, Math.max(0, limit - 1)).toWellFormed()}…`
}
