/**
 * The forms under which text may carry a secret, each as bytes with the place in the text where every byte came from.
 * Only visible ASCII is kept: no token holds anything else, so whatever was put between its characters falls out.
 */

/** Bytes 0x21 to 0x7e; byte `i` stands for the text's characters from `from[i]` to `to[i]`, both included. */
export interface View {
  readonly bytes: Uint8Array
  readonly from: Int32Array
  readonly to: Int32Array
  readonly length: number
}

class Room {
  bytes = new Uint8Array(1024)
  from = new Int32Array(1024)
  to = new Int32Array(1024)
  length = 0

  /** Empty, with room for so many. */
  fresh(room: number): this {
    this.length = 0
    if (this.bytes.length >= room && this.bytes.length <= KEPT) return this
    const size = Math.max(1024, Math.ceil(room * 1.25))
    this.bytes = new Uint8Array(size)
    this.from = new Int32Array(size)
    this.to = new Int32Array(size)
    return this
  }
}

/** Larger than this is not kept for the next text. Bytes. */
const KEPT = 4 * 1024 * 1024

/** Reused: a text is looked at within one turn, and views are read before the next one is made. */
const plainRoom = new Room()
const openRooms = [new Room(), new Room()] as const
const otherRoom = new Room()

const FULL_WIDTH = 0xfee0

/** What is left when everything is taken out that is not visible ASCII: spaces, line ends, what has no width. */
export function plainView(text: string): View {
  const room = plainRoom.fresh(text.length)
  const { bytes, from, to } = room
  let length = 0
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    // Full-width letters read like plain ones, and are pasted as such.
    const plain = code >= 0xff01 && code <= 0xff5e ? code - FULL_WIDTH : code
    if (plain < 0x21 || plain > 0x7e) continue
    bytes[length] = plain
    from[length] = at
    to[length] = at
    length += 1
  }
  room.length = length
  return room
}

const PERCENT = 0x25
const BACKSLASH = 0x5c
const AMPERSAND = 0x26
const SEMICOLON = 0x3b

const hexValue = (code: number): number => {
  if (code >= 0x30 && code <= 0x39) return code - 0x30
  const lower = code | 0x20
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1
}

/** Of so many hex digits; −1 when they are none. */
function hexAt({ bytes, length }: View, at: number, digits: number): number {
  if (at + digits > length) return -1
  let value = 0
  for (let more = 0; more < digits; more += 1) {
    const digit = hexValue(bytes[at + more] ?? 0)
    if (digit < 0) return -1
    value = value * 16 + digit
  }
  return value
}

/** `%41`, `\u0041`, `\x41`, `\n`, `\"`, `&#65;`, `&#x41;`: what stands there, and how many bytes say so; null: no escape. */
function escapeAt(view: View, at: number): { readonly code: number; readonly size: number } | null {
  const { bytes, length } = view
  switch (bytes[at] ?? 0) {
    case PERCENT: {
      const code = hexAt(view, at + 1, 2)
      return code < 0 ? null : { code, size: 3 }
    }
    case BACKSLASH: {
      const next = bytes[at + 1]
      if (next === undefined || at + 1 >= length) return null
      const kind = String.fromCharCode(next)
      if (kind === 'u' || kind === 'x') {
        const digits = kind === 'u' ? 4 : 2
        const code = hexAt(view, at + 2, digits)
        return code < 0 ? null : { code, size: 2 + digits }
      }
      return { code: 'nrtbfv0'.includes(kind) ? 0 : next, size: 2 }
    }
    case AMPERSAND:
      return entityAt(view, at)
    default:
      return null
  }
}

function entityAt(view: View, at: number): { readonly code: number; readonly size: number } | null {
  const { bytes, length } = view
  if (bytes[at + 1] !== 0x23) return null
  const hex = ((bytes[at + 2] ?? 0) | 0x20) === 0x78
  let code = 0
  for (let next = at + (hex ? 3 : 2); next < length && next < at + 10; next += 1) {
    const byte = bytes[next] ?? 0
    if (byte === SEMICOLON) return code === 0 ? null : { code, size: next + 1 - at }
    const digit = hexValue(byte)
    if (digit < 0 || (!hex && digit > 9)) return null
    code = code * (hex ? 16 : 10) + digit
  }
  return null
}

/** With every escape in place of which it stands; null when there is none. `turn` tells nested ones apart. */
function opened(view: View, turn: 0 | 1): View | null {
  const { bytes, from, to, length } = view
  let some = false
  for (let at = 0; at < length && !some; at += 1) {
    const byte = bytes[at]
    some = (byte === PERCENT || byte === BACKSLASH || byte === AMPERSAND) && isEscape(view, at)
  }
  if (!some) return null
  const room = openRooms[turn].fresh(length)
  let kept = 0
  for (let at = 0; at < length;) {
    const byte = bytes[at] ?? 0
    const special = byte === PERCENT || byte === BACKSLASH || byte === AMPERSAND
    const escape = special ? escapeAt(view, at) : null
    const code = escape === null ? byte : escape.code
    const size = escape === null ? 1 : escape.size
    if (code >= 0x21 && code <= 0x7e) {
      room.bytes[kept] = code
      room.from[kept] = from[at] ?? 0
      room.to[kept] = to[at + size - 1] ?? 0
      kept += 1
    }
    at += size
  }
  room.length = kept
  return room
}

const isEscape = (view: View, at: number): boolean => escapeAt(view, at) !== null

/** Text that was escaped for text that was escaped: three times deep is what a log line of a log line has. */
const DEPTH = 3

/** The innermost text under its escapes; each step on the way goes to `see`. */
export function unescaped(plain: View, see: (view: View) => void): View {
  let view = plain
  for (let depth = 0; depth < DEPTH; depth += 1) {
    const next = opened(view, depth % 2 === 0 ? 0 : 1)
    if (next === null) return view
    see(next)
    view = next
  }
  return view
}

/** Letters and digits only: what was cut into pieces by quotes, dashes or the marks of a quotation. */
export function lettersView(view: View): View {
  const room = otherRoom.fresh(view.length)
  let kept = 0
  for (let at = 0; at < view.length; at += 1) {
    const byte = view.bytes[at] ?? 0
    if (LETTER[byte] !== 1) continue
    room.bytes[kept] = byte
    room.from[kept] = view.from[at] ?? 0
    room.to[kept] = view.to[at] ?? 0
    kept += 1
  }
  room.length = kept
  return room
}

const LETTER = new Uint8Array(256)
for (const [first, last] of ['09', 'az', 'AZ'])
  for (let code = (first ?? '').charCodeAt(0); code <= (last ?? '').charCodeAt(0); code += 1)
    LETTER[code] = 1

const BASE64 = new Int8Array(256).fill(-1)
const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
for (let value = 0; value < DIGITS.length; value += 1) BASE64[DIGITS.charCodeAt(value)] = value
// As it is spelled in addresses.
BASE64['-'.charCodeAt(0)] = 62
BASE64['_'.charCodeAt(0)] = 63

/** Sixteen bytes take so many digits; fewer hold no window. */
const MIN_BASE64 = 22
const MIN_HEX = 32

/**
 * The whole as if it were base64, begun at each of the four digits of a group: whatever stands before a piece of it, one
 * of them is in step. Digits only, so that line ends and quotes in between do not matter.
 */
export function eachBase64(view: View, see: (view: View) => void): void {
  const { digits, values, count } = digitsOf(view, (at) => BASE64[view.bytes[at] ?? 0] ?? -1)
  if (count < MIN_BASE64) return
  for (let phase = 0; phase < 4; phase += 1)
    see(decoded(view, { digits, values, count, phase, bits: 6 }))
}

/** The whole as if it were hex, begun at either digit of a pair; `0x41, 0x42` and `41:42` read the same. */
export function eachHex(view: View, see: (view: View) => void): void {
  const { bytes, length } = view
  const { digits, values, count } = digitsOf(view, (at) =>
    bytes[at] === ZERO && at + 1 < length && bytes[at + 1] === X ? -1 : hexValue(bytes[at] ?? 0),
  )
  if (count < MIN_HEX) return
  for (let phase = 0; phase < 2; phase += 1)
    see(decoded(view, { digits, values, count, phase, bits: 4 }))
}

const ZERO = 0x30
const X = 0x78

interface Digits {
  /** Where in the view each stands. */
  readonly digits: Int32Array
  readonly values: Uint8Array
  readonly count: number
}

let digitRoom = new Int32Array(1024)
let valueRoom = new Uint8Array(1024)

function digitsOf({ length }: View, valueAt: (at: number) => number): Digits {
  if (digitRoom.length < length || digitRoom.length > KEPT) {
    digitRoom = new Int32Array(length)
    valueRoom = new Uint8Array(length)
  }
  let count = 0
  for (let at = 0; at < length; at += 1) {
    const value = valueAt(at)
    if (value < 0) continue
    digitRoom[count] = at
    valueRoom[count] = value
    count += 1
  }
  return { digits: digitRoom, values: valueRoom, count }
}

/** Every byte is made of two digits that follow each other. */
function decoded(
  view: View,
  { digits, values, count, phase, bits }: Digits & { readonly phase: number; readonly bits: 4 | 6 },
): View {
  const room = otherRoom.fresh(count)
  const { bytes, from, to } = room
  let kept = 0
  let held = 0
  let have = 0
  for (let at = phase; at < count; at += 1) {
    held = ((held << bits) | (values[at] ?? 0)) & 0xffff
    have += bits
    if (have < 8) continue
    have -= 8
    const code = (held >> have) & 0xff
    if (code < 0x21 || code > 0x7e) continue
    bytes[kept] = code
    from[kept] = view.from[digits[at - 1] ?? 0] ?? 0
    to[kept] = view.to[digits[at] ?? 0] ?? 0
    kept += 1
  }
  room.length = kept
  return room
}
