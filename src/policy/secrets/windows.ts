/**
 * Finds every piece of registered values that is as long as a window, forwards or backwards, in one pass over the bytes:
 * a rolling hash asks a table of bits, and only what that knows is compared byte by byte.
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
  /** What of them gives the value away: not the frame that every value of its kind has. By default all. */
  readonly telling?: { readonly from: number; readonly to: number }
}

/** From byte to byte of the view, the last one included. */
export interface Hit {
  readonly name: string
  readonly first: number
  readonly last: number
}

export interface Windows {
  /** Pieces that overlap or touch are told as one, with the frame that adjoins them. */
  find(view: View, hit: (found: Hit) => void): void
}

const BASE = 0x01000193
const SPREAD = 0x9e3779b1

export function windowsOf(values: readonly Value[]): Windows {
  const lengths = new Map<number, Value[]>()
  for (const value of values) {
    const { from, to } = tellingOf(value)
    if (to - from < SHORTEST) continue
    const length = Math.min(WINDOW, to - from)
    lengths.set(length, [...(lengths.get(length) ?? []), value])
  }
  const tables = [...lengths].map(([length, some]) => tableOf(some, length))
  return {
    find(view, hit) {
      for (const table of tables) table(view, hit)
    },
  }
}

const tellingOf = ({ bytes, telling }: Value): { readonly from: number; readonly to: number } =>
  telling ?? { from: 0, to: bytes.length }

type Table = (view: View, hit: (found: Hit) => void) => void

interface Place {
  readonly name: string
  readonly bytes: Uint8Array
  readonly at: number
}

function tableOf(values: readonly Value[], length: number): Table {
  const places = new Map<number, Place[]>()
  const total = values.reduce((sum, { bytes }) => sum + 2 * bytes.length, 0)
  // Thirty-two bits for a window: of other text one byte in thirty-two is looked at twice.
  const size = Math.max(12, Math.ceil(Math.log2(total * 32)))
  const shift = 32 - size
  const bits = new Uint8Array(2 ** (size - 3))
  for (const value of values) {
    const { name, bytes: forwards } = value
    const { from, to } = tellingOf(value)
    const whole = forwards.length
    for (const { bytes, first, end } of [
      { bytes: forwards, first: from, end: to },
      { bytes: forwards.toReversed(), first: whole - to, end: whole - from },
    ]) {
      for (let at = first; at + length <= end; at += 1) {
        const hash = hashOf(bytes, at, length)
        const slot = Math.imul(hash, SPREAD) >>> shift
        bits[slot >> 3] = (bits[slot >> 3] ?? 0) | (1 << (slot & 7))
        const known = places.get(hash)
        if (known === undefined) places.set(hash, [{ name, bytes, at }])
        else known.push({ name, bytes, at })
      }
    }
  }
  let drop = 1
  for (let power = 1; power < length; power += 1) drop = Math.imul(drop, BASE)

  return (view, hit) => {
    const { bytes, length: end } = view
    if (end < length) return
    let open: Open | null = null
    let hash = hashOf(bytes, 0, length)
    for (let at = 0; ; at += 1) {
      const slot = Math.imul(hash, SPREAD) >>> shift
      if (((bits[slot >> 3] ?? 0) & (1 << (slot & 7))) !== 0) {
        const place = places.get(hash)?.find((one) => isSame(one, view, { at, length }))
        if (place !== undefined) {
          const last = at + length - 1
          if (open !== null && open.place.name === place.name && at <= open.last + 1) {
            open.last = last
            open.place = place
          } else {
            if (open !== null) hit(closed(open, view, length))
            open = { place, first: begun(place, view, at), last }
          }
        }
      }
      if (at + length >= end) break
      const gone = Math.imul(bytes[at] ?? 0, drop)
      hash = (Math.imul((hash - gone) | 0, BASE) + (bytes[at + length] ?? 0)) | 0
    }
    if (open !== null) hit(closed(open, view, length))
  }
}

interface Open {
  /** Of the last window. */
  place: Place
  readonly first: number
  last: number
}

/** As far back as the text goes on like the value. */
function begun({ bytes, at }: Place, view: View, first: number): number {
  let more = 0
  while (more < at && more < first && bytes[at - more - 1] === view.bytes[first - more - 1])
    more += 1
  return first - more
}

function closed({ place, first, last }: Open, view: View, length: number): Hit {
  const { name, bytes, at } = place
  let end = last
  let next = at + length
  while (next < bytes.length && end + 1 < view.length && bytes[next] === view.bytes[end + 1]) {
    next += 1
    end += 1
  }
  return { name, first, last: end }
}

function hashOf(bytes: Uint8Array, at: number, length: number): number {
  let hash = 0
  for (let next = at; next < at + length; next += 1)
    hash = (Math.imul(hash, BASE) + (bytes[next] ?? 0)) | 0
  return hash
}

function isSame(
  place: Place,
  view: View,
  { at, length }: { readonly at: number; readonly length: number },
): boolean {
  for (let next = 0; next < length; next += 1)
    if (place.bytes[place.at + next] !== view.bytes[at + next]) return false
  return true
}
