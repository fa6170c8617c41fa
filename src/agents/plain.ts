/** Makes an agent's text harmless for terminals, logs and comments: what it says is shown, what it does to a screen is not. */
import { stripVTControlCharacters } from 'node:util'

/** Everything of Unicode's category Cc but line feed and tab, and the characters that reorder or hide text. */
const UNSEEN =
  /[^\P{Cc}\n\t]|[\u061c\u200b\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]/gu

/** Strips escape sequences, control and reordering characters, and cuts at `limit` characters. */
export function plain(text: string, limit: number): string {
  // Four times the limit leaves room for escape sequences and spares a flood the full strip.
  const near = text.slice(0, limit * 4).replaceAll('\r\n', '\n')
  const clean = stripVTControlCharacters(near).replace(UNSEEN, '').toWellFormed().trim()
  return clean.length > limit ? `${clean.slice(0, limit - 2).toWellFormed()} …` : clean
}

/** The same on a single line. */
export const plainLine = (text: string, limit: number): string =>
  plain(text.replace(/\s*[\r\n]+\s*/g, ' '), limit)
