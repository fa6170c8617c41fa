/**
 * Finds every piece of registered values that is as long as a window, forwards or backwards, in one pass over the bytes.
 * Not each window is known, but a gram in every few: whatever window of a value stands there holds one of them whole, and
 * from there the text is compared with the value byte by byte. That takes a ninth of the memory, which counts because each
 * repository has tokens of its own.
 */
import type { View } from './views.ts'

/** Bytes of the product's own rule: a piece of a live secret as long as this may not leave (T30, I8). */
export const WINDOW = 16
/** Shorter values are looked for whole; below this length they are words like any other. */
export const SHORTEST = 8

export interface Value {
  readonly name: string
  /** Bytes 0x21 to 0x7e. */
  readonly bytes: Uint8Array
  /** What of them gives the value away: not the frame that every value of its kind has. */
  readonly telling: { readonly from: number; readonly to: number }
}

/** From byte to byte of the view, the last one included: as far as the text goes on like the value, with its frame. */
export interface Hit {
  readonly name: string
  readonly first: number
  readonly last: number
}

/** A piece may be told several times. */
export type Windows = (view: View, hit: (found: Hit) => void) => void

export function windowsOf(values: readonly Value[]): Windows {
  const lengths = new Map<number, Value[]>()
  for (const value of values) {
    const { from, to } = value.telling
    if (to - from < SHORTEST) continue
    const length = Math.min(WINDOW, to - from)
    const alike = lengths.get(length)
    if (alike === undefined) lengths.set(length, [value])
    else alike.push(value)
  }
  const tables = [...lengths].map(([length, some]) => tableOf(some, length))
  return (view, hit) => {
    for (const table of tables) table(view, hit)
  }
}

/** Where in a value a gram stands. */
interface Place {
  readonly value: Value
  readonly at: number
  /** Another one of the same hash. */
  readonly next: Place | null
}

const BASE = 0x01000193
const SPREAD = 0x9e3779b1

function tableOf(values: readonly Value[], window: number): Windows {
  const gram = window >> 1
  /** The largest by which no window can slip between two grams. */
  const stride = window - gram + 1
  const total = values.reduce((sum, { bytes }) => sum + (2 * bytes.length) / stride, 0)
  // Thirty-two bits for a gram: of other text one byte in thirty-two is looked at twice.
  const size = Math.max(12, Math.ceil(Math.log2(total * 32)))
  const shift = 32 - size
  const bits = new Uint8Array(2 ** (size - 3))
  const places = new Map<number, Place>()
  for (const forwards of values)
    for (const value of [forwards, turned(forwards)])
      for (let at = value.telling.from; at + gram <= value.telling.to; at += stride) {
        const hash = hashOf(value.bytes, at, gram)
        const slot = Math.imul(hash, SPREAD) >>> shift
        bits[slot >> 3] = (bits[slot >> 3] ?? 0) | (1 << (slot & 7))
        places.set(hash, { value, at, next: places.get(hash) ?? null })
      }
  let drop = 1
  for (let power = 1; power < gram; power += 1) drop = Math.imul(drop, BASE)

  return (view, hit) => {
    const { bytes, length: end } = view
    if (end < window) return
    let hash = hashOf(bytes, 0, gram)
    for (let at = 0; ; at += 1) {
      const slot = Math.imul(hash, SPREAD) >>> shift
      if (((bits[slot >> 3] ?? 0) & (1 << (slot & 7))) !== 0)
        for (let place = places.get(hash) ?? null; place !== null; place = place.next) {
          const found = around(place, view, { at, gram, window })
          if (found !== null) hit(found)
        }
      if (at + gram >= end) return
      const gone = Math.imul(bytes[at] ?? 0, drop)
      hash = (Math.imul((hash - gone) | 0, BASE) + (bytes[at + gram] ?? 0)) | 0
    }
  }
}

function turned({ name, bytes, telling }: Value): Value {
  const { length } = bytes
  const other = { from: length - telling.to, to: length - telling.from }
  return { name, bytes: bytes.toReversed(), telling: other }
}

function hashOf(bytes: Uint8Array, at: number, length: number): number {
  let hash = 0
  for (let next = at; next < at + length; next += 1)
    hash = (Math.imul(hash, BASE) + (bytes[next] ?? 0)) | 0
  return hash
}

/** The piece of the value in which that gram stands in the text; null: less than a window of what tells it. */
function around(
  { value: { name, bytes, telling }, at: place }: Place,
  view: View,
  { at, gram, window }: { readonly at: number; readonly gram: number; readonly window: number },
): Hit | null {
  let last = at - 1
  let next = place
  while (next < bytes.length && last + 1 < view.length && bytes[next] === view.bytes[last + 1]) {
    next += 1
    last += 1
  }
  if (last - at + 1 < gram) return null
  let first = at
  let before = place
  while (before > 0 && first > 0 && bytes[before - 1] === view.bytes[first - 1]) {
    before -= 1
    first -= 1
  }
  const told = Math.min(next, telling.to) - Math.max(before, telling.from)
  return told < window ? null : { name, first, last }
}
