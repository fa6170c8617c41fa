/**
 * Hidden signed markers, by which we find again what we wrote. A marker counts only in a comment by
 * our own App, and only for the issue it was made for: copied elsewhere it verifies no more (T11).
 */
import {
  createHmac,
  createPrivateKey,
  createSecretKey,
  hkdfSync,
  timingSafeEqual,
} from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import type { RepoId } from '../domain/ids.ts'

/** The issue that a marker belongs to. Its number, not its id: that is what requests address, and within a repository no number is ever used again. */
export interface MarkerPlace {
  readonly repo: RepoId
  readonly issue: number
}

/** Derives the marker key from the App's private key, so that a lost database does not lose our marks. The PEM's spelling (PKCS#1, PKCS#8, line ends) does not matter; rotating the key does. */
export function deriveMarkerKey(privateKey: string): KeyObject {
  const secret = createPrivateKey(privateKey).export({ format: 'der', type: 'pkcs8' })
  const key = hkdfSync('sha256', secret, 'yardmaster', 'comment marker 1', 32)
  return createSecretKey(Buffer.from(key))
}

/** An HTML comment that names the operation and proves that we wrote it. */
export function makeMarker(key: KeyObject, place: MarkerPlace, operation: string): string {
  const mac = createHmac('sha256', key)
    .update(JSON.stringify([place.repo, place.issue, operation]))
    .digest('hex')
  return `<!-- yardmaster:1 ${encode(operation)} ${mac} -->`
}

/** The operations whose genuine markers stand in the text. Ask this only of comments by our own App. */
export function readMarkers(key: KeyObject, place: MarkerPlace, text: string): readonly string[] {
  return [...text.matchAll(MARKER)].flatMap(([found, encoded]) => {
    const operation = decode(encoded ?? '')
    if (operation === null) return []
    // The whole marker is compared, not only its code: `%2d` and `%2D` must not both count.
    return equal(found, makeMarker(key, place, operation)) ? [operation] : []
  })
}

/** The last marker of ours in the text as it stands there, genuine or not; null when there is none. */
export const lastMarker = (text: string): string | null =>
  [...text.matchAll(MARKER)].at(-1)?.[0] ?? null

const MARKER = /<!-- yardmaster:1 (\S{1,900}) [0-9a-f]{64} -->/g

// A dash is escaped as well, because `--` may end an HTML comment early.
const encode = (operation: string): string => encodeURIComponent(operation).replaceAll('-', '%2D')

function decode(encoded: string): string | null {
  try {
    return decodeURIComponent(encoded)
  } catch {
    return null
  }
}

function equal(a: string, b: string): boolean {
  const left = Buffer.from(a)
  const right = Buffer.from(b)
  return left.length === right.length && timingSafeEqual(left, right)
}
