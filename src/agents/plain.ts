/** An agent's text, made safe to show and cut to size: what it says stays, what it would do to a screen does not. */
import { plainText } from '../domain/plain-text.ts'

/** Cuts at `limit` characters, with an ellipsis as the last of them. */
export function plain(text: string, limit: number): string {
  // Four times the limit leaves room for terminal sequences and spares a flood the whole work.
  const clean = plainText(text.slice(0, limit * 4)).trim()
  return clean.length > limit ? `${clean.slice(0, limit - 2).toWellFormed()} …` : clean
}

/** The same on a single line. */
export const plainLine = (text: string, limit: number): string =>
  plain(plain(text, limit * 4).replace(/\s*\n\s*/g, ' '), limit)
