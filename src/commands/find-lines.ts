/** Lines that may be commands, found without reading Markdown; where they stand on the page is told elsewhere. */
import { stripInvisible } from '../domain/invisible.ts'
import { nearest } from '../domain/nearest.ts'
import { prefixes, SPELLINGS } from './spellings.ts'
import type { Speech } from './spellings.ts'
import type { CommandRow } from './table.ts'

export interface FoundLine {
  /** Counted from 0. */
  readonly at: number
  readonly line: string
  /** What names the command, as it stands at the beginning of the line. */
  readonly head: string
  /** What follows the head, trimmed. */
  readonly given: string
  readonly meaning:
    | { readonly kind: 'known'; readonly row: CommandRow }
    | { readonly kind: 'unknown'; readonly typed: string; readonly meant: string | null }
}

/** Commands of other bots (Prow, dependabot, pr-agent) that look like slips in ours. */
const FOREIGN: ReadonlySet<string> = new Set(['retest', 'rebase', 'review'])

const WORDS = [...SPELLINGS.keys()].filter((words) => !words.includes(' '))

/** `body` has `\n` for line ends. In order; nothing found means that the comment is no business of ours. */
export function findLines(body: string, speech: Speech): readonly FoundLine[] {
  const found: FoundLine[] = []
  for (const [at, line] of body.split('\n').entries()) {
    if (!/^[/@]/.test(line)) continue
    const one = readLine(line, speech)
    if (one !== null) found.push({ ...one, at, line })
  }
  return found
}

type Said = Pick<FoundLine, 'head' | 'given' | 'meaning'>

function readLine(line: string, { slug, commands }: Speech): Said | null {
  // Words with invisible letters in them are still meant for us; that they are refused is said later.
  const [first = '', ...others] = stripInvisible(line).split(/(\s+)/)
  if (prefixes(slug).includes(lower(first))) {
    const [space = '', second = '', ...rest] = others
    const word = second.startsWith('/') ? second.slice(1) : second
    return meaningOf(word, `${first}${space}${second}`, rest.join('')) ?? unknown(word, line)
  }
  if (commands === 'prefixed' || !first.startsWith('/')) return null
  const word = first.slice(1)
  const said = meaningOf(word, first, others.join(''))
  if (said !== null) return said
  // Other bots have commands, and paths begin with a slash, too: only a slip of the finger is worth a word.
  const slip = unknown(word, line)
  const foreign = word.includes('/') || FOREIGN.has(lower(word))
  return foreign || slip.meaning.meant === null ? null : slip
}

function meaningOf(word: string, head: string, rest: string): Said | null {
  const given = rest.trim()
  const both = SPELLINGS.get(`${lower(word)} ${lower(given)}`)
  if (both !== undefined)
    return { head: `${head}${rest.trimEnd()}`, given: '', meaning: { kind: 'known', row: both } }
  const row = SPELLINGS.get(lower(word))
  return row === undefined ? null : { head, given, meaning: { kind: 'known', row } }
}

const unknown = (word: string, line: string) => ({
  head: line,
  given: '',
  meaning: { kind: 'unknown' as const, typed: word, meant: nearest(lower(word), WORDS) },
})

/** Of plain letters only: `toLowerCase` would make a `k` of the sign for kelvin. */
const lower = (word: string): string => word.replace(/[A-Z]/g, (letter) => letter.toLowerCase())
