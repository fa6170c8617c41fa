/**
 * Text of ours that rides hidden in a comment of ours, compressed and signed for the issue it stands on. Like a marker
 * it counts only in a comment by our own App; copied to another issue, or changed in a letter, it counts no more (T11).
 */
import { createHmac, timingSafeEqual } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { deflateRawSync, inflateRawSync } from 'node:zlib'
import type { MarkerPlace } from './marker.ts'

/** An HTML comment. Plain base64, because a dash in it could end the HTML comment early. */
export function makeRecord(key: KeyObject, place: MarkerPlace, text: string): string {
  const packed = deflateRawSync(text).toString('base64')
  return `<!-- yardmaster-record:1 ${packed} ${sign(key, place, packed)} -->`
}

/** The text of the one genuine record in a comment's body; null when there is none, or several. */
export function readRecord(key: KeyObject, place: MarkerPlace, body: string): string | null {
  const genuine = [...body.matchAll(RECORD)].flatMap(([, packed = '', mac = '']) =>
    equal(mac, sign(key, place, packed)) ? [packed] : [],
  )
  const [packed] = genuine
  return packed === undefined || genuine.length > 1
    ? null
    : inflateRawSync(Buffer.from(packed, 'base64')).toString()
}

const RECORD = /<!-- yardmaster-record:1 ([A-Za-z0-9+/=]{1,40000}) ([0-9a-f]{64}) -->/g

const sign = (key: KeyObject, place: MarkerPlace, packed: string): string =>
  createHmac('sha256', key)
    .update(JSON.stringify(['record', place.repo, place.issue, packed]))
    .digest('hex')

function equal(a: string, b: string): boolean {
  const left = Buffer.from(a)
  const right = Buffer.from(b)
  return left.length === right.length && timingSafeEqual(left, right)
}
