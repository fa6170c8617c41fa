/**
 * The secrets that live in this process, and the one look at text before it leaves (T30): pieces of them in any common
 * disguise, and tokens known by their shape. Values stay in here: what is told of a find is its name and its place.
 */
import type { Instant } from '../../domain/ids.ts'
import { SHAPES, isGenuine } from './patterns.ts'
import { eachBase64, eachHex, lettersView, plainView, unescaped } from './views.ts'
import type { View } from './views.ts'
import { windowsOf } from './windows.ts'
import type { Value, Windows } from './windows.ts'

export interface Found {
  /** What it is, in words that go on a "looks like" or stand for themselves. */
  readonly name: string
  /** A secret of this very process, rather than something that has the shape of one. */
  readonly live: boolean
  /** Characters of the text, `end` not included. */
  readonly start: number
  readonly end: number
}

export interface Secrets {
  /** `until`: forgotten after this moment. The same value again takes the later end. Too short a value is ignored: it would be found everywhere. */
  register(name: string, value: string, until?: Instant): void
  /** Forgets what has expired, once that is a quarter of all. */
  expire(now: Instant): void
  /** In the order of the text, none overlapping another. */
  find(text: string): readonly Found[]
  /** The text with what was found replaced by words; the same text when nothing was. */
  mask(text: string): string
}

interface Entry {
  readonly whole: Value
  readonly letters: Value
  readonly until: Instant | null
}

interface Tables {
  readonly whole: Windows
  readonly letters: Windows
  readonly any: boolean
}

export function createSecrets(): Secrets {
  const entries = new Map<string, Entry>()
  let tables: Tables | null = null

  function register(name: string, value: string, until: Instant | null): void {
    const known = entries.get(value)
    if (known !== undefined && (known.until === null || (until !== null && until <= known.until)))
      return
    const whole = valueOf(name, value)
    entries.set(value, { whole, letters: lettersOf(whole), until })
    tables = null
  }

  function expire(now: Instant): void {
    const over = [...entries].filter(([, { until }]) => until !== null && until < now)
    // Many at a time: one that is still known harms nobody, and each forgetting costs a new table.
    if (over.length === 0 || over.length * 4 < entries.size) return
    for (const [value] of over) entries.delete(value)
    tables = null
  }

  function tablesNow(): Tables {
    if (tables !== null) return tables
    const known = [...entries.values()]
    const letters = known.map((one) => one.letters)
    tables = {
      whole: windowsOf(known.map((one) => one.whole)),
      letters: windowsOf(letters.filter(({ bytes }) => bytes.length >= ENOUGH_LETTERS)),
      any: known.length > 0,
    }
    return tables
  }

  function find(text: string): readonly Found[] {
    const found: Found[] = shapesIn(text)
    const known = tablesNow()
    if (known.any) liveIn(text, known, found)
    return found.length < 2 ? found : merged(found)
  }

  function mask(text: string): string {
    let masked = text
    for (let round = 0; round < ROUNDS; round += 1) {
      const found = find(masked)
      if (found.length === 0) return masked
      masked = replaced(masked, found)
    }
    // What comes together anew each time something is taken out was made to.
    return find(masked).length === 0 ? masked : WITHHELD
  }

  return {
    register: (name, value, until) => register(name, value, until ?? null),
    expire,
    find,
    mask,
  }
}

const ROUNDS = 3
/** Stands for a whole text. */
export const WITHHELD = '[withheld: the text holds a secret in a form that cannot be taken out]'
/** Letters alone of a value with fewer would be too common; whole it is still looked for. */
const ENOUGH_LETTERS = 16

/**
 * A key's frame, the numbers that every key of its kind begins with, and the header of a signed token are no secret: public
 * keys and other people's tokens have them, too.
 */
function valueOf(name: string, value: string): Value {
  const bytes = bytesOf(value)
  const header = /^[^.]*eyJ[A-Za-z0-9_-]+\./.exec(value)
  if (header !== null) return { name, bytes, telling: { from: header[0].length, to: bytes.length } }
  const frame = /^([^]*?-----BEGIN [A-Z0-9 ]+-----)[^]*?(-----END [A-Z0-9 ]+-----\s*)?$/.exec(value)
  if (frame === null) return { name, bytes, telling: { from: 0, to: bytes.length } }
  const from = bytesOf(frame[1] ?? '').length + FIXED_HEAD
  const to = bytes.length - bytesOf(frame[2] ?? '').length
  return { name, bytes, telling: { from, to } }
}

/** base64 digits: the PKCS#8 wrapping of an RSA key takes 50, that of a key on a curve 48. */
const FIXED_HEAD = 52

/** As every view has it. */
function bytesOf(value: string): Uint8Array {
  const { bytes, length } = plainView(value)
  return bytes.slice(0, length)
}

function lettersOf({ name, bytes, telling }: Value): Value {
  const letters = bytes.subarray(telling.from, telling.to).filter(isLetter)
  return { name, bytes: letters, telling: { from: 0, to: letters.length } }
}

const isLetter = (byte: number): boolean => /[A-Za-z0-9]/.test(String.fromCharCode(byte))

function shapesIn(text: string): Found[] {
  const found: Found[] = []
  for (const { name, pattern, genuine = isGenuine } of SHAPES)
    for (const match of text.matchAll(pattern))
      if (genuine(match[0]))
        found.push({ name, live: false, start: match.index, end: match.index + match[0].length })
  return found
}

function liveIn(text: string, { whole, letters }: Tables, found: Found[]): void {
  const look = (windows: Windows, view: View): void =>
    windows(view, ({ name, first, last }) =>
      found.push({
        name,
        live: true,
        start: view.from[first] ?? 0,
        end: (view.to[last] ?? 0) + 1,
      }),
    )
  const both = (view: View): void => {
    look(whole, view)
    look(letters, lettersView(view))
  }
  const plain = plainView(text)
  both(plain)
  const inner = unescaped(plain, both)
  eachBase64(inner, (view) => look(whole, view))
  eachHex(inner, (view) => look(whole, view))
}

/** A live secret's name wins over the shape it has. */
function merged(found: readonly Found[]): readonly Found[] {
  const inOrder = found.toSorted((a, b) => a.start - b.start || b.end - a.end)
  const kept: Found[] = []
  for (const one of inOrder) {
    const last = kept.at(-1)
    if (last === undefined || one.start >= last.end) {
      kept.push(one)
      continue
    }
    const { name, live } = last.live || !one.live ? last : one
    kept[kept.length - 1] = {
      name,
      live,
      start: last.start,
      end: Math.max(last.end, one.end),
    }
  }
  return kept
}

function replaced(text: string, found: readonly Found[]): string {
  let made = ''
  let at = 0
  for (const { name, start, end } of found) {
    made += `${text.slice(at, start)}[withheld: ${name}]`
    at = end
  }
  return made + text.slice(at)
}
