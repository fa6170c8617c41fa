/** Whether a comment need be read at all, told without reading Markdown: linear, and cheap enough for the thread that serves. */
import type { CommandError, CommandReading } from '../domain/command.ts'
import { prefixes, SPELLINGS } from './spellings.ts'
import type { Speech } from './spellings.ts'

/** In bytes. Written to be slow, 2 KiB take 0.2 s to read and 64 KiB up to 29 s (measured). */
export const LONGEST = 2_048

export type Screened =
  | { readonly kind: 'nothing' | 'read' }
  | { readonly kind: 'refused'; readonly reading: CommandReading }

/** `read`: `parse` must tell, which may take 0.2 s. */
export function screen(body: string, speech: Speech): Screened {
  const text = withLineEnds(body)
  const begins =
    speech.commands === 'bare' ? ['/', ...prefixes(speech.slug)] : prefixes(speech.slug)
  if (!lineThat(begins, '').test(text)) return { kind: 'nothing' }
  if (new TextEncoder().encode(body).length <= LONGEST) return { kind: 'read' }
  // In a long text a slip of the finger is more likely no command at all: only a name written right is one.
  const bare = speech.commands === 'bare' ? ['/'] : []
  const said = [
    lineThat(bare, NAMES),
    lineThat(prefixes(speech.slug), String.raw`[ \t]+/?${NAMES}`),
  ].flatMap((pattern) => pattern.exec(text)?.index ?? [])
  if (said.length === 0) return { kind: 'nothing' }
  const line = text.slice(0, Math.min(...said) + 1).split('\n').length
  return { kind: 'refused', reading: refusal({ kind: 'too-long', limit: LONGEST, line }) }
}

export const refusal = (error: CommandError): CommandReading => ({ commands: [], refused: [error] })

/** As Markdown understands line ends. */
export const withLineEnds = (body: string): string => body.replace(/\r\n?/g, '\n')

const NAMES = `(?:${[...SPELLINGS.keys()].join('|')})(?=[ \\t\\n]|$)`

/** Without the flag `m`, for which a line begins in places where Markdown sees none. */
const lineThat = (begins: readonly string[], then: string): RegExp =>
  new RegExp(
    `(?:^|\\n)(?:${begins.map((one) => one.replace(/[[\]]/g, String.raw`\$&`)).join('|')})${then}`,
    'i',
  )
