// Pages by cursor, as the newer lists have them: `after` and `before` instead of a page number.
import { unprocessable } from '../world/refusal.ts'
import { ok, type Answer, type Call } from './operation.ts'

const DEFAULT_PER_PAGE = 30

/** One page of `items`, with the addresses of the pages beside it in the Link header. */
export function cursorPaged<T>(
  call: Call,
  items: readonly T[],
  present: (item: T) => unknown,
): Answer {
  const { query } = call
  const size = query.has('per_page') ? query.number('per_page') : DEFAULT_PER_PAGE
  const before = query.maybe('before')
  const end = before === null ? items.length : position(before)
  const start =
    before === null ? position(query.maybe('after') ?? cursor(0)) : Math.max(0, end - size)
  const shown = items.slice(start, Math.min(end, start + size))
  const links: string[] = []
  const link = (name: 'after' | 'before', at: number, rel: string): void => {
    const url = new URL(call.address)
    url.searchParams.delete('after')
    url.searchParams.delete('before')
    url.searchParams.set(name, cursor(at))
    links.push(`<${url.href}>; rel="${rel}"`)
  }
  if (start > 0) link('before', start, 'prev')
  if (start + shown.length < items.length) link('after', start + shown.length, 'next')
  return ok(shown.map(present), links.length === 0 ? {} : { link: links.join(', ') })
}

function cursor(at: number): string {
  return Buffer.from(`v1:${at}`).toString('base64url')
}

function position(text: string): number {
  const at = Number(/^v1:(\d+)$/.exec(Buffer.from(text, 'base64url').toString())?.[1] ?? 'none')
  if (Number.isSafeInteger(at)) return at
  throw unprocessable('Invalid cursor')
}
