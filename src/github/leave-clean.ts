/**
 * What every request to GitHub passes on its way out: words for people lose the secrets in them and go on; where anything
 * else holds one (an address, a name, a file's content), nothing is sent.
 */
import { WITHHELD } from '../policy/secrets/secrets.ts'
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
    const whole: unknown = JSON.parse(body)
    const cleaned = JSON.stringify(
      clean(whole, null, { secrets, word: (text) => secrets.mask(text) }),
    )
    const sent = secrets.find(cleaned).length === 0 ? cleaned : withoutWords(whole, secrets)
    log.warn(
      { secrets: [...new Set(found.map(({ name }) => name))], to: target.pathname },
      'words were sent to GitHub without the secret that stood in them',
    )
    return sent
  }
}

/** The words hold it together only: none of them goes. */
function withoutWords(whole: unknown, secrets: Secrets): string {
  const cleaned = JSON.stringify(clean(whole, null, { secrets, word: () => WITHHELD }))
  const [left] = secrets.find(cleaned)
  if (left !== undefined) throw new HeldBack('what it says', left.name)
  return cleaned
}

interface Cleaning {
  readonly secrets: Secrets
  readonly word: (text: string) => string
}

function clean(value: unknown, name: string | null, how: Cleaning): unknown {
  if (typeof value === 'string') {
    if (name !== null && WORDS.has(name)) return how.word(value)
    const [found] = how.secrets.find(value)
    if (found !== undefined) throw new HeldBack(`its field ${name ?? 'without a name'}`, found.name)
    return value
  }
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map((one: unknown) => clean(one, name, how))
  return Object.fromEntries(
    Object.entries(value).map(([key, field]) => [key, clean(field, key, how)]),
  )
}
