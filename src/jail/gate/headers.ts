/** Headers as they are handed on: without what belongs to one connection only. */
import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http'

/** RFC 9110, 7.6.1; `transfer-encoding` is seen to by Node on both sides. */
const HOP_BY_HOP = [
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'upgrade',
]

/** `without`: further names, in lower case. */
export function handedOn(
  headers: IncomingHttpHeaders,
  without: readonly string[] = [],
): OutgoingHttpHeaders {
  const named = (headers.connection ?? '').split(',').map((name) => name.trim().toLowerCase())
  const left = new Set([...HOP_BY_HOP, ...named, ...without])
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !left.has(name)))
}
