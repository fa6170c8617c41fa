/** Words of others inside a prompt: counted, cut, and kept from ending or beginning a section of ours. */
import { plain } from './plain.ts'

export const quoted = (text: string): string =>
  text.replace(/<(\s*\/?\s*(?:issue|comment|previous|answer|asked|remark|log|notes)\b)/gi, '<\\$1')

/** The last words of a text with its line breaks; words that are none are cut at 20 characters on average. */
export function lastWords(text: string, words: number): string {
  if (words <= 0) return ''
  const near = plain(text.slice(-words * 40)).trimEnd()
  const from = [...near.matchAll(/\S+/g)].at(-words)?.index ?? 0
  return near.slice(Math.max(from, near.length - words * 20)).trim()
}

export const countWords = (text: string): number => text.match(/\S+/g)?.length ?? 0
