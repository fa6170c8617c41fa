/**
 * What the terminal shows: plain words, aligned columns, colour on a terminal only, nothing of a stranger's that could steer
 * it, and no secret.
 */
import { styleText } from 'node:util'
import { maskValues } from '../policy/secrets/mask-values.ts'
import { plain } from '../render/plain.ts'
import { secrets } from './known-secrets.ts'

export type Paint = 'plain' | 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan'

/** Colour only where the terminal has it; `NO_COLOR` and `FORCE_COLOR` are obeyed. */
export const paint = (text: string, how: Paint): string =>
  how === 'plain' ? text : styleText(how, text, { stream: process.stdout })

export interface Cell {
  readonly text: string
  readonly paint?: Paint
}

export const print = (line = ''): void => {
  process.stdout.write(`${secrets.mask(line)}\n`)
}

/** For what is not the answer: progress and complaints, so that stdout stays clean. */
export const complain = (line: string): void => {
  process.stderr.write(`${secrets.mask(line)}\n`)
}

export const printJson = (value: unknown): void => {
  print(JSON.stringify(maskValues(value, secrets), null, 2))
}

/** One line of text from anywhere: no control characters, no line breaks. */
export const oneLine = (text: string): string => plain(text).replaceAll(/\s+/g, ' ').trim()

/** Null: not a terminal, so nothing is cut. */
export const terminalWidth = (): number | null =>
  process.stdout.isTTY ? Math.max(process.stdout.columns, 40) : null

/** Columns padded to the widest cell; what does not fit the terminal is cut off the last column. */
export function table(rows: readonly (readonly Cell[])[], width = terminalWidth()): string[] {
  const clean = rows.map((row) => row.map((cell) => ({ ...cell, text: oneLine(cell.text) })))
  const widths: number[] = []
  for (const row of clean) {
    for (const [at, { text }] of row.entries()) {
      widths[at] = Math.max(widths[at] ?? 0, textWidth(text))
    }
  }
  return clean.map((row) => {
    const last = row.length - 1
    const before = widths.slice(0, last).reduce((sum, each) => sum + each + GAP, 0)
    return row
      .map((cell, at) => {
        const text = at < last || width === null ? cell.text : cut(cell.text, width - before)
        const pad = at < last ? ' '.repeat((widths[at] ?? 0) - textWidth(text) + GAP) : ''
        return paint(text, cell.paint ?? 'plain') + pad
      })
      .join('')
  })
}

const GAP = 2
const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' })
/** What terminals draw two columns wide. */
const WIDE =
  /^(?:\p{Script=Han}|\p{Script=Hiragana}|\p{Script=Katakana}|\p{Script=Hangul}|\p{Emoji_Presentation}|[\uFF01-\uFF60])/u

/** Columns on a terminal. */
export function textWidth(text: string): number {
  let width = 0
  for (const { segment } of graphemes.segment(text)) width += WIDE.test(segment) ? 2 : 1
  return width
}

/** At least ten columns are kept, however narrow the terminal. */
export function cut(text: string, width: number): string {
  const room = Math.max(width, 10)
  if (textWidth(text) <= room) return text
  let kept = ''
  let used = 1
  for (const { segment } of graphemes.segment(text)) {
    used += WIDE.test(segment) ? 2 : 1
    if (used > room) break
    kept += segment
  }
  return `${kept.trimEnd()}…`
}

/** `3 s`, `4 min`, `2 h`, `5 d`. */
export function duration(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1000))
  if (seconds < 60) return `${seconds} s`
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`
  if (seconds < 172_800) return `${Math.floor(seconds / 3600)} h`
  return `${Math.floor(seconds / 86_400)} d`
}
