/**
 * What every request to GitHub passes on its way out: words for people lose the secrets in them and go on; where anything
 * else holds one (an address, a name, a file's content), nothing is sent.
 */
import type { Secrets } from '../policy/secrets/secrets.ts'
import type { Log } from '../ports/log.ts'

/** Nothing was sent. The message names what was found, never the value. */
export class HeldBack extends Error {
  constructor(what: string, name: string) {
    super(`${what} holds ${name}, so nothing was sent`)
    this.name = 'HeldBack'
  }
}

/** Fields that people read, wherever in a request they stand. */
const WORDS: ReadonlySet<string> = new Set([
  'body',
  'title',
  'summary',
  'text',
  'description',
  'message',
])

/** Gives the body to send. Throws `HeldBack`. */
export type LeaveClean = (target: URL, body: RequestInit['body']) => RequestInit['body']

export function createLeaveClean(secrets: Secrets, log: Log): LeaveClean {
  return (target, body) => {
    const [inAddress] = secrets.find(`${target.pathname}${target.search}`)
    if (inAddress !== undefined) throw new HeldBack('its address', inAddress.name)
    if (typeof body !== 'string') return body
    const found = secrets.find(body)
    if (found.length === 0) return body
    const cleaned = JSON.stringify(clean(JSON.parse(body), null, secrets))
    const [left] = secrets.find(cleaned)
    if (left !== undefined) throw new HeldBack('what it says', left.name)
    log.warn(
      { secrets: [...new Set(found.map(({ name }) => name))], to: target.pathname },
      'words were sent to GitHub without the secret that stood in them',
    )
    return cleaned
  }
}

function clean(value: unknown, name: string | null, secrets: Secrets): unknown {
  if (typeof value === 'string') {
    if (name !== null && WORDS.has(name)) return secrets.mask(value)
    const [found] = secrets.find(value)
    if (found !== undefined) throw new HeldBack(`its field ${name ?? 'without a name'}`, found.name)
    return value
  }
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map((one: unknown) => clean(one, name, secrets))
  return Object.fromEntries(
    Object.entries(value).map(([key, field]) => [key, clean(field, key, secrets)]),
  )
}
